// The doors of the page for files that come in several requests (tus, lib/server/http/tus.ts): begin one for a project, ask how far it is, go on, end it.
// The session cookie says who asks, at every request; a browser must say that the request is ours. Programs have the same below
// /api/v1/. Refusals are JSON with code and sentence.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse } from '#lib/core/errors.ts';
import type { Actor } from '#lib/core/people.ts';
import { answerRefusal, asRefusal } from '#lib/server/http/refusal.ts';
import { readActor } from '#lib/server/http/session.ts';
import {
  tusAbilities,
  tusBegin,
  tusContinue,
  tusEnd,
  tusState,
  tusVersion,
  type TusAnswer,
} from '#lib/server/http/tus.ts';
import { keepingRefusedChange } from '#lib/server/history/refused-change.ts';
import { waitingUploads } from '#lib/server/queries/uploads.ts';
import { runtime } from '#lib/server/runtime.ts';
import { finishReading } from './finish-reading.ts';
import { transportHeaders } from './headers.ts';
import type { OwnRoute } from './tree.ts';
import { requireOwnForm } from './upload.ts';

type Answer = (asked: { req: IncomingMessage; actor: Actor; name: string }) => Promise<TusAnswer | { json: object }>;
type Door = { address: RegExp; methods: Readonly<Record<string, Answer>> };

const doors: readonly Door[] = [
  {
    address: /^\/projects\/([^/]+)\/uploads$/,
    methods: {
      GET: async ({ actor, name }) => ({ json: { uploads: await waitingUploads(actor, name) } }),
      POST: ({ req, actor, name }) => tusBegin(actor, name, req, (id) => `/uploads/${id}`),
    },
  },
  {
    address: /^\/uploads\/([A-Za-z0-9_-]{1,64})$/,
    methods: {
      HEAD: ({ req, actor, name }) => tusState(actor, name, req),
      PATCH: ({ req, actor, name }) => tusContinue(actor, name, req),
      DELETE: ({ req, actor, name }) => tusEnd(actor, name, req),
    },
  },
];
const ofPrograms = new RegExp('^/api/v1/(?:projects/[^/]+/)?uploads(?:/|$)');

/** Answers `/projects/NAME/uploads` and `/uploads/ID`, and says in front of the doors of programs which protocol they speak. */
export const resumableRoute: OwnRoute = async (req, res) => {
  const [address = ''] = (req.url ?? '/').split('?');
  const door = doors.find((one) => one.address.test(address));
  if (door === undefined && !ofPrograms.test(address)) return false;
  if (req.method === 'OPTIONS') return answerEmpty(res, 204, tusAbilities());
  res.setHeader('Tus-Resumable', tusVersion);
  if (door === undefined) return false;
  try {
    await keepingRefusedChange(() => answer(req, res, door, door.address.exec(address)?.[1] ?? ''));
  } catch (fault) {
    answerRefused(res, fault);
  } finally {
    finishReading(req);
  }
  return true;
};

async function answer(req: IncomingMessage, res: ServerResponse, { methods }: Door, name: string): Promise<void> {
  requireOwnForm(req);
  const method = req.method ?? '';
  const work = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (work === undefined) throw refuse('api.no-such', { method, allowed: Object.keys(methods).join(', ') });
  const answered = await work({ req, actor: await readActor(req.headers.cookie), name });
  if ('json' in answered) answerJson(res, answered.json);
  else answerEmpty(res, answered.status, answered.headers);
}

const always = (): Record<string, string> => ({
  ...transportHeaders(runtime().config.publicUrl.startsWith('https:')),
  'Cache-Control': 'private, no-store',
});

function answerEmpty(res: ServerResponse, status: number, headers: Record<string, string>): true {
  res.writeHead(status, { ...always(), ...headers, ...(status !== 204 && { 'Content-Length': '0' }) }).end();
  return true;
}

function answerJson(res: ServerResponse, told: object): void {
  res.writeHead(200, { ...always(), 'Content-Type': 'application/json' }).end(JSON.stringify(told));
}

function answerRefused(res: ServerResponse, fault: unknown): void {
  if (res.headersSent) return void res.destroy();
  const { status, headers, body } = answerRefusal(asRefusal(fault));
  res.writeHead(status, { ...always(), ...headers }).end(JSON.stringify(body));
}
