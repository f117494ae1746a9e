// An index that lies. It serves a tree of bytes that a test may exchange at will, and answers single paths in any way that HTTP allows: cut off, endless,
// drop by drop, packed, from elsewhere. It notes what it was asked for.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a path is answered instead of honestly; `honest` is what the tree has there. */
export type Answer = (res: ServerResponse, honest: Uint8Array | null, req: IncomingMessage) => void;

export type HostileIndex = {
  base: string;
  /** Path → bytes; tests put theirs over it. */
  tree: Map<string, Uint8Array>;
  /** Answers these paths in this way from now on; the newest way that fits holds. */
  answer(paths: RegExp, how: Answer): void;
  /** Honest again, with this tree. */
  restore(tree: ReadonlyMap<string, Uint8Array>): void;
  /** Every path that was asked for. */
  asked: string[];
  stop(): Promise<void>;
};

/** Starts on a free port of the loopback interface. */
export async function openHostileIndex(honestTree: ReadonlyMap<string, Uint8Array>): Promise<HostileIndex> {
  const ways: { paths: RegExp; how: Answer }[] = [];
  const server = createServer((req, res) => {
    const path = decodeURIComponent((req.url ?? '/').slice(1));
    index.asked.push(path);
    res.on('error', () => undefined);
    const honest = index.tree.get(path) ?? null;
    const way = ways.findLast(({ paths }) => paths.test(path));
    if (way) way.how(res, honest, req);
    else if (honest === null) res.writeHead(404).end();
    else res.writeHead(200, { 'Content-Length': honest.length }).end(honest);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const index: HostileIndex = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    tree: new Map(honestTree),
    answer: (paths, how) => void ways.push({ paths, how }),
    restore: (tree) => {
      ways.length = 0;
      index.asked.length = 0;
      index.tree = new Map(tree);
    },
    asked: [],
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return index;
}

/** Never ends: zeros as fast as they are taken. */
export const endless: Answer = (res) => {
  res.writeHead(200);
  const zeros = Buffer.alloc(256 * 1024);
  const more = (): void => {
    while (!res.destroyed && res.write(zeros));
  };
  res.on('drain', more);
  more();
};

/** Begins, and then sends one byte now and then. */
export const dripping =
  (everyMs: number): Answer =>
  (res) => {
    res.writeHead(200);
    const timer = setInterval(() => res.write('x'), everyMs);
    res.on('close', () => clearInterval(timer));
  };

/** Takes the question and never answers. */
export const silent: Answer = () => undefined;

/** Says the headers and no body. */
export const stuck: Answer = (res) => void res.writeHead(200).flushHeaders();

/** Says a length and sends half of it. */
export const cutOff: Answer = (res, honest) => {
  const bytes = honest ?? Buffer.alloc(100);
  res.writeHead(200, { 'Content-Length': bytes.length });
  res.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => res.destroy());
};

export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (res) =>
    void res.writeHead(code, headers).end('x');

/** The honest bytes, packed, under a name of packing. */
export const packed =
  (encoding: string, pack: (bytes: Uint8Array) => Uint8Array): Answer =>
  (res, honest) =>
    void res.writeHead(200, { 'Content-Encoding': encoding }).end(pack(honest ?? Buffer.alloc(0)));
