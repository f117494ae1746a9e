// A key server of a test: a real HTTP server on the loopback interface that answers by path, and keeps what it was asked.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type TestKeyServer = {
  /** host:port */
  host: string;
  asked: string[];
  /** What the next questions are answered with. */
  answer: (res: ServerResponse, path: string) => void;
  close: () => Promise<void>;
};

export async function openKeyServer(): Promise<TestKeyServer> {
  const server = createServer((req, res) => {
    opened.asked.push(req.url ?? '');
    opened.answer(res, req.url ?? '');
  });
  const opened: TestKeyServer = {
    ...{ host: '', asked: [], answer: (res) => res.writeHead(404).end() },
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return opened;
}

/** An answer of 200 with these bytes. */
export const answering =
  (body: Uint8Array | string): TestKeyServer['answer'] =>
  (res) =>
    res.writeHead(200, { 'Content-Type': 'application/pgp-keys' }).end(body);
