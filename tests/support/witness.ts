// A witness of the log as C2SP tlog-witness describes it, written for the tests from the specification: it answers add-checkpoint over real HTTP, and its key
// can sign by hand too. It shares nothing with our own witness but the arithmetic of proofs.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isConsistent } from '#lib/core/log.ts';
import { noteCheck, publicOctetsOf, sha256Octets as hash, signEd25519 } from '#lib/digest/ed25519.ts';
import { readNote, renderNote, renderNoteKey, renderSignature, type NoteKey } from '#lib/evidence/checkpoint.ts';
import { makeCosignature } from '#lib/evidence/cosignature.ts';

export type TestWitness = {
  key: NoteKey;
  vkey: string;
  /** The note with a line of this witness, at this many seconds since 1970. */
  cosign(note: Uint8Array, at: number): Uint8Array;
  line(note: Uint8Array, at: number): string;
};

export function makeWitness(name: string): TestWitness {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = { name, publicKey: publicOctetsOf(privateKey) };
  const sign = (message: Uint8Array) => signEd25519(privateKey, message);
  const lineOf = (bytes: Uint8Array, at: number) => makeCosignature(readNote(bytes), { key, at, hash, sign });
  return {
    ...{ key, vkey: renderNoteKey(key, hash, 'cosignature') },
    line: (bytes, at) => renderSignature(lineOf(bytes, at)),
    cosign: (bytes, at) => {
      const { text, signatures } = readNote(bytes);
      return Buffer.from(renderNote(text, [...signatures, lineOf(bytes, at)]));
    },
  };
}

export type WitnessServer = {
  url: string;
  /** Status of each answer, in order. */
  answered: number[];
  seen: { size: number; root: Uint8Array };
  stop(): Promise<void>;
};

/** Answers add-checkpoint with the statuses and bodies of the specification; `clock` in seconds. */
export async function serveWitness(witness: TestWitness, clock: () => number): Promise<WitnessServer> {
  const state: Pick<WitnessServer, 'answered' | 'seen'> = { answered: [], seen: { size: 0, root: new Uint8Array() } };
  const addCheckpoint = (body: string): [number, string] => {
    const end = body.indexOf('\n\n');
    const [old = '', ...lines] = body.slice(0, end).split('\n');
    const bytes = Buffer.from(body.slice(end + 2));
    const { size, root } = readNote(bytes).checkpoint;
    const from = Number(/^old (0|[1-9][0-9]*)$/.exec(old)?.[1]);
    if (!(from <= size)) return [400, ''];
    if (from !== state.seen.size) return [409, `${state.seen.size}\n`];
    const proof = lines.map((line) => new Uint8Array(Buffer.from(line, 'base64')));
    const fromRoot = state.seen.root;
    const follows =
      from === 0 ? proof.length === 0 : isConsistent(noteCheck.hash, { from, fromRoot, size, root, proof });
    if (!follows) return [422, ''];
    state.seen = { size, root };
    return [200, witness.line(bytes, clock())];
  };
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const [status, text] =
        req.method === 'POST' && req.url === '/witness/add-checkpoint'
          ? addCheckpoint(Buffer.concat(parts).toString('utf8'))
          : [404, ''];
      state.answered.push(status);
      res.writeHead(status, status === 409 ? { 'Content-Type': 'text/x.tlog.size' } : {}).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/witness/`;
  const stop = () => new Promise<void>((resolve) => (server.closeAllConnections(), server.close(() => resolve())));
  return Object.assign(state, { url, stop });
}
