// Raw routes of the web program behind a real HTTP server: what `web/server.ts` does with them, without the rest of the program. What no
// route takes is answered 299, which no route gives; a refusal is answered as the program answers it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerRefusal, asRefusal } from '#lib/server/http/refusal.ts';
import { runtime } from '#lib/server/runtime.ts';
import { hashToken } from '#lib/server/secrets.ts';

export type Route = (req: IncomingMessage, res: ServerResponse) => boolean | Promise<boolean>;

export type RouteServer = { base: string; stop(): Promise<void> };

/** The address that no route took. */
export const noRoute = 299;

/** Starts a server with these routes; the first that takes a request has it. */
export async function serveRoutes(...routes: readonly Route[]): Promise<RouteServer> {
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    for (const route of routes) if (await route(req, res)) return;
    res.writeHead(noRoute).end();
  };
  const server = createServer((req, res) => {
    answer(req, res).catch((fault: unknown) => {
      const { status, body } = answerRefusal(asRefusal(fault));
      res
        .writeHead(status, { 'Content-Type': 'application/json', ...(req.complete ? {} : { Connection: 'close' }) })
        .end(JSON.stringify(body));
    });
  });
  // On a busy machine a test pauses longer than the five seconds after which Node would close the connection that its next request is about to use.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

/** A session of the person that this token opens. */
export async function openSession(personName: string, token: string): Promise<void> {
  const { clock, db } = runtime();
  const [createdAt, expiresAt] = [clock.now(), new Date('2029-01-01')];
  await db.session.create({ data: { tokenHash: hashToken(token), personName, createdAt, expiresAt } });
}
