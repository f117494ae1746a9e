// The one HTTP server of the web program: our own branches first (index tree, browser scripts, then the routes it is given), all else to Next.
// Trusts its configuration; trusts nothing in a request. A request that would change something through a page must come from our own pages.
// Refuses by status and sentence, never by a stack trace; a fault in one answer never ends the program.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import next from 'next';
import { refuse } from '#lib/core/errors.ts';
import { answerRefusal, asRefusal } from '#lib/server/http/refusal.ts';
import { logsRequests } from '#lib/server/log.ts';
import { replaceEmptyShells } from './empty-shells.ts';
import { mayChange, preparePage, transportHeaders } from './headers.ts';
import { countIndexAnswer, observed, tellAtEnd } from './observe.ts';
import { serveAssets } from './serve-assets.ts';
import { serveIndex } from './serve-index.ts';
import type { OwnRoute } from './tree.ts';

export type WebSettings = {
  publicUrl: string;
  host: string;
  port: number;
  dev: boolean;
  /** The folder of this program: where `app/` and `.next/` are. */
  programFolder: string;
  /** The tree that the jobs program puts in place (docs/formats, section 4). */
  indexFolder: string;
  /** Our separately built browser scripts. */
  assetsFolder: string;
  /** Own handlers, asked in this order before Next: upload doors, hand-over, signatures by `curl -T`. */
  routes: OwnRoute[];
};

export type RunningWeb = {
  port: number;
  /** Stops listening and lets running answers finish for so long; resolves when the last connection has ended. */
  close: (milliseconds: number) => Promise<void>;
};

const uploadTimeMax = 60 * 60 * 1000;
const idlePauseMs = 100;
/** A look at the file for every request costs a tenth of the throughput (docs/decisions/010). */
const indexFreshMs = 1_000;

/** Starts the web program and resolves once it answers. The runtime (database, files) must be open before. */
export async function startWeb(settings: WebSettings): Promise<RunningWeb> {
  const { dev, host, port } = settings;
  const pages = next({ dev, dir: settings.programFolder, hostname: host, port, quiet: true });
  await pages.prepare();
  const toNext = pages.getRequestHandler();
  const server = createServer(
    { requestTimeout: uploadTimeMax, keepAliveTimeout: 65_000 },
    answerWith(settings, toNext),
  );
  if (dev) server.on('upgrade', pages.getUpgradeHandler());
  await listen(server, port, host);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: async (milliseconds) => {
      await closeServer(server, milliseconds);
      await pages.close();
    },
  };
}

type NextHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/** The whole order of answering. Synchronous for index pages, which is what makes them fast. */
export function answerWith(
  settings: WebSettings,
  toNext: NextHandler,
): (req: IncomingMessage, res: ServerResponse) => void {
  const https = settings.publicUrl.startsWith('https:');
  const answerIndex = serveIndex(settings.indexFolder, { https, freshMs: indexFreshMs });
  const others = [serveAssets(settings.assetsFolder, { https }), ...settings.routes];
  const page = { publicUrl: new URL(settings.publicUrl), dev: settings.dev };
  const other = observed((req, res) => {
    answerOthers(req, res).catch((fault: unknown) => answerFault(res, fault, https));
  });

  async function answerOthers(req: IncomingMessage, res: ServerResponse): Promise<void> {
    for (const route of others) if (await route(req, res)) return;
    if (!mayChange(req, page.publicUrl)) throw refuse('request.foreign-origin', { publicUrl: page.publicUrl.origin });
    preparePage(req, res, page);
    if (!settings.dev) replaceEmptyShells(req, res);
    await toNext(req, res);
  }

  return (req, res) => {
    try {
      const answered = answerIndex(req, res);
      if (answered === false) return other(req, res);
      if (logsRequests()) tellAtEnd(req, res, null);
      if (answered === true) return countIndexAnswer(res);
      answered.catch((fault: unknown) => answerFault(res, fault, https)).finally(() => countIndexAnswer(res));
    } catch (fault) {
      answerFault(res, fault, https);
    }
  };
}

/** A fault that reached the server: its status and sentence, or, once the answer has begun, a connection cut so that nobody takes it for whole. */
function answerFault(res: ServerResponse, fault: unknown, https: boolean): void {
  const { status, headers, body } = answerRefusal(asRefusal(fault));
  if (res.headersSent) {
    res.destroy();
    return;
  }
  // What is left of the request body is not worth reading.
  res.writeHead(status, { ...transportHeaders(https), ...headers, Connection: 'close' });
  res.end(JSON.stringify(body));
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Stops listening, lets running answers finish, and cuts what is left after a while. */
function closeServer(server: Server, milliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const cut = setTimeout(() => server.closeAllConnections(), milliseconds);
    // A connection that a browser keeps open becomes idle when its answer is out, and would otherwise be waited for.
    const sweep = setInterval(() => server.closeIdleConnections(), idlePauseMs);
    server.close((fault) => {
      clearTimeout(cut);
      clearInterval(sweep);
      if (fault === undefined) resolve();
      else reject(fault);
    });
    server.closeIdleConnections();
  });
}
