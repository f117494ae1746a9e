// One large file on its way to the server, by tus: hashed here first, so that it is bound to its digest before its first byte goes and an earlier try of the
// very same file is found and gone on with. At the end the server says which digest it computed; another one than ours is a hard error. Trusts
// nothing in an answer but its shape.
import { Upload, DetailedError } from 'tus-js-client';
import { isRefusal } from '#lib/core/errors.ts';
import { hashFile } from './hash-file.ts';
import { openPace } from './speed.ts';

export type LargeState = {
  name: string;
  phase: 'waiting' | 'hashing' | 'sending' | 'paused' | 'failed' | 'done';
  /** Of the phase: hashed or sent. */
  bytes: number;
  of: number;
  perSecond: number | null;
  /** As we computed it; the server's is the same once it is done. */
  sha256: string | null;
  why: string | null;
};

/** An upload that the server knows, and no draft has yet. */
export type KnownUpload = {
  id: string;
  name: string;
  size: number;
  sha256: string;
  offset: number;
  isComplete: boolean;
  keptUntil: string;
};

export type LargeFile = {
  /** The id under which the server has it; null: it was removed. Never rejects: what failed waits for `goOn` or `remove`. */
  send(): Promise<string | null>;
  pause(): void;
  goOn(): void;
  remove(): void;
};

const chunkBytes = 64 * 1024 * 1024;
const retryDelays = [0, 1_000, 3_000, 5_000, 10_000, 20_000];

/** `place`: where uploads are begun and listed. `tell`: called with each new state. */
export function openLargeFile(file: File, place: string, tell: (state: LargeState) => void): LargeFile {
  const stop = new AbortController();
  const { say, ...told } = openTold(file, tell);
  let upload: Upload | null = null;
  let end: (id: string | null) => void = () => undefined;
  const fail = (why: string): void => {
    if (!stop.signal.aborted) say({ phase: 'failed', why, perSecond: null });
  };
  async function prepare(): Promise<void> {
    say({ phase: 'hashing', bytes: 0, why: null });
    const { sha256 } = await hashFile(
      { name: file.name, from: file },
      { signal: stop.signal, onProgress: told.hashed },
    );
    const known = await findKnown(place, file.name, sha256);
    say({ phase: 'sending', bytes: known?.offset ?? 0, sha256 });
    const done = (id: string): void => {
      say({ phase: 'done', bytes: file.size, perSecond: null });
      end(id);
    };
    upload = openUpload(file, { place, sha256, known }, { fail, sent: told.sent, done });
    upload.start();
  }
  const run = (): void => void prepare().catch((fault: unknown) => fail(isRefusal(fault) ? fault.message : lost));
  return {
    send: () =>
      new Promise((resolve) => {
        end = resolve;
        if (stop.signal.aborted) resolve(null);
        else run();
      }),
    pause: () => {
      told.paused();
      void upload?.abort();
    },
    goOn: () => {
      if (upload === null) return run();
      say({ phase: 'sending', why: null });
      upload.start();
    },
    remove: () => {
      stop.abort();
      // Told to the server where that works; else its time is over by itself.
      upload?.abort(true).catch(() => undefined);
      end(null);
    },
  };
}

/** The state of one file, and how it changes by what is heard of it. */
function openTold(file: File, tell: (state: LargeState) => void) {
  const pace = openPace();
  let state: LargeState = waitingFile(file);
  const say = (change: Partial<LargeState>): void => tell((state = { ...state, ...change }));
  return {
    say,
    hashed: (more: number) => say({ bytes: Math.min(state.of, state.bytes + more) }),
    sent: (bytes: number) => {
      pace.note(bytes, performance.now());
      if (state.phase === 'sending') say({ bytes, perSecond: pace.perSecond() });
    },
    paused: () => {
      pace.forget();
      say({ phase: 'paused', perSecond: null });
    },
  };
}

type Bound = { place: string; sha256: string; known: KnownUpload | undefined };
type Heard = { sent: (bytes: number) => void; done: (id: string) => void; fail: (why: string) => void };

function openUpload(file: File, { place, sha256, known }: Bound, { sent, done, fail }: Heard): Upload {
  const absolute = (address: string): string => new URL(address, window.location.origin).href;
  const upload: Upload = new Upload(file, {
    ...{ endpoint: absolute(place), chunkSize: chunkBytes, retryDelays, storeFingerprintForResuming: false },
    ...(known && { uploadUrl: absolute(`/uploads/${known.id}`) }),
    metadata: { filename: file.name, sha256 },
    onProgress: sent,
    onError: (fault) => fail(wordsOf(fault)),
    onSuccess: ({ lastResponse }) => {
      const id = upload.url?.split('/').at(-1);
      if (id !== undefined && lastResponse.getHeader('Repr-Digest') === digestHeader(sha256)) done(id);
      else
        fail('The server has other bytes than this browser read. Nothing of it is used; remove it, and send it again.');
    },
  });
  return upload;
}

/** Before anything was done with it. */
export const waitingFile = ({ name, size }: Pick<File, 'name' | 'size'>): LargeState => ({
  ...{ name, phase: 'waiting', bytes: 0, of: size, perSecond: null, sha256: null, why: null },
});

/** The uploads of this person that the server knows; none where it cannot be asked. */
export async function knownUploads(place: string): Promise<KnownUpload[]> {
  const answer = await fetch(place, { cache: 'no-store', redirect: 'error' }).catch(() => null);
  if (answer?.ok !== true) return [];
  const { uploads } = (await answer.json()) as { uploads?: KnownUpload[] };
  return Array.isArray(uploads) ? uploads : [];
}

const findKnown = async (place: string, name: string, sha256: string): Promise<KnownUpload | undefined> =>
  (await knownUploads(place)).find((one) => one.name === name && one.sha256 === sha256);

const lost = 'The connection was lost. What was sent is kept: go on when it is back.';

/** What the server says, in its words. */
function wordsOf(fault: Error): string {
  const body = fault instanceof DetailedError ? (fault.originalResponse?.getBody() ?? '') : '';
  try {
    const { detail } = JSON.parse(body) as { detail?: unknown };
    return typeof detail === 'string' ? detail : lost;
  } catch {
    return lost;
  }
}

/** As `Repr-Digest` spells it (RFC 9530). */
function digestHeader(sha256: string): string {
  const bytes = sha256.match(/../g) ?? [];
  return `sha-256=:${btoa(bytes.map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join(''))}:`;
}
