// What machines ask that look after this program: /healthz (the process answers), /readyz (it can serve people: database, migrations, storage; 503 while
// it ends), /version. Open to everybody, so nothing stands there but words of ours. /metrics is there with METRICS_TOKEN alone, for whoever shows it. GET and HEAD only.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { allMetrics, requireMetricsToken } from '#lib/server/health/metrics-text.ts';
import { readiness } from '#lib/server/health/readiness.ts';
import { metricsContentType } from '#lib/server/metrics.ts';
import { programVersion } from '#lib/server/program-version.ts';
import { runtime } from '#lib/server/runtime.ts';
import { transportHeaders } from './headers.ts';
import type { OwnRoute } from './tree.ts';

type Answer = { status: number; body: object | string };

let isEnding = false;

/** From now on this program is not ready: whoever distributes requests sends them elsewhere. */
export function endReadiness(): void {
  isEnding = true;
}

type Door = (req: IncomingMessage) => Answer | Promise<Answer> | null;

const doors: readonly [address: RegExp, answer: Door][] = [
  [/^\/healthz$/, () => ({ status: 200, body: { alive: true } })],
  [/^\/readyz$/, sayReady],
  [/^\/version$/, () => ({ status: 200, body: { version: programVersion(), index: runtime().indexName } })],
  [/^\/metrics$/, sayMetrics],
];

/** Answers the three addresses, and leaves everything else alone. */
export const healthRoute: OwnRoute = async (req, res) => {
  if (req.method !== 'GET' && req.method !== 'HEAD') return false;
  const [address = ''] = (req.url ?? '/').split('?');
  const door = doors.find(([pattern]) => pattern.test(address));
  const answer = await door?.[1](req);
  if (!answer) return false;
  send(req, res, answer);
  return true;
};

/** Without a token in the settings there is no such page. */
function sayMetrics(req: IncomingMessage): Promise<Answer> | null {
  const { metricsToken } = runtime().config;
  if (metricsToken === null) return null;
  requireMetricsToken(metricsToken, req.headers.authorization);
  return allMetrics().then((body) => ({ status: 200, body }));
}

async function sayReady(): Promise<Answer> {
  if (isEnding) return { status: 503, body: { ready: false, ending: true } };
  const found = await readiness();
  return { status: found.ready ? 200 : 503, body: found };
}

function send(req: IncomingMessage, res: ServerResponse, { status, body }: Answer): void {
  const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  res.writeHead(status, {
    ...transportHeaders(runtime().config.publicUrl.startsWith('https:')),
    'Content-Type': typeof body === 'string' ? metricsContentType : 'application/json',
    'Cache-Control': 'no-store',
    'Content-Length': String(Buffer.byteLength(text)),
  });
  res.end(req.method === 'HEAD' ? undefined : text);
}
