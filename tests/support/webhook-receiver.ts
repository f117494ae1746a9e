// A real HTTP server in the place of somebody's webhook receiver: keeps what came, answers as the test says. It listens on this machine, so the
// runtime under test must name its host in WEBHOOK_HOSTS.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = { method: string; path: string; headers: IncomingHttpHeaders; body: string };
export type WebhookReceiver = {
  /** `localhost:12345` */
  host: string;
  /** What came, in its order. */
  received: Received[];
  /** How the next requests are answered; 204 without a body where nothing else is said. */
  answer: (request: Received, res: ServerResponse) => void;
  /** The next request, or the one that came already, of this number (from 1). */
  reach(number: number): Promise<Received>;
  close(): Promise<void>;
};

const noContent = (_: Received, res: ServerResponse): void => void res.writeHead(204).end();

async function readBody(req: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of req as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

/** Starts one on a free port. */
export async function openWebhookReceiver(): Promise<WebhookReceiver> {
  const waiting = new Set<() => void>();
  const server = createServer((req, res) => {
    void readBody(req).then((body) => {
      const received = { method: req.method ?? '', path: req.url ?? '', headers: req.headers, body };
      receiver.received.push(received);
      receiver.answer(received, res);
      for (const wake of waiting) wake();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const receiver: WebhookReceiver = {
    host: `localhost:${(server.address() as AddressInfo).port}`,
    received: [],
    answer: noContent,
    reach: (number) =>
      new Promise((reached) => {
        const look = (): void => {
          const found = receiver.received[number - 1];
          if (!found) return;
          waiting.delete(look);
          reached(found);
        };
        waiting.add(look);
        look();
      }),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  return receiver;
}
