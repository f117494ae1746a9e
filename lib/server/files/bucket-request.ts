// One signed request to an S3-compatible store (AWS Signature Version 4, by aws4fetch), tried again with longer and longer pauses where another try may
// help: a broken connection, silence, 408, 429 and 5xx. The digest of what is sent is signed with it, so that the store takes in those bytes or none.
// Trusts the settings; trusts nothing in an answer: its text is cut short, and only ever shown to whoever runs the instance.
import { once } from 'node:events';
import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { limits } from '#lib/server/limits.ts';
import { log } from '#lib/server/log.ts';
import type { BucketAddress, BucketKeys } from './bucket-address.ts';
import { cut } from './bucket-answers.ts';

export type Ask = {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Without the prefix; empty: the bucket itself. */
  key: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Uint8Array;
  /** Statuses that are answers and no faults, besides 2xx. */
  takes?: readonly number[];
};

/** Asks, and answers with what came; its body must be read or destroyed. @throws `storage.unreachable`, `storage.refused` */
export type Asking = (ask: Ask) => Promise<IncomingMessage>;

const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };

/** Asks the bucket at this address. */
export function askBucket(address: BucketAddress, keys: BucketKeys): Asking {
  const cache = new Map<string, ArrayBuffer>();
  const once = async (ask: Ask): Promise<IncomingMessage> => {
    const { method, body } = ask;
    const signer = new AwsV4Signer({
      ...{ method, url: urlOf(address, ask), service: 's3', region: address.region, cache, ...keys },
      headers: { ...ask.headers, 'x-amz-content-sha256': sha256Hex(body ?? new Uint8Array()) },
    });
    const { url, headers } = await signer.sign();
    return send(url, { method, headers: Object.fromEntries(headers), body });
  };
  return (ask) => withTries(() => once(ask), ask);
}

function urlOf({ base, prefix }: BucketAddress, { key, query }: Ask): string {
  const place = key === '' ? '' : `/${`${prefix}${key}`.split('/').map(encodeURIComponent).join('/')}`;
  const asked = new URLSearchParams(query).toString();
  return `${base}${place}${asked === '' ? '' : `?${asked}`}`;
}

/** Runs it until it gives an answer that is one; the last fault counts. */
async function withTries(run: () => Promise<IncomingMessage>, ask: Ask): Promise<IncomingMessage> {
  const isLast = countTries();
  for (let tried = 1; ; tried += 1) {
    const answer = await run().catch((fault: unknown) => {
      if (isLast(tried)) throw unreachable(fault);
      return null;
    });
    if (answer && isAnswer(answer, ask)) return answer;
    if (answer && (isLast(tried) || !isWorthAnotherTry(answer))) throw await refusedBy(answer, ask);
    answer?.resume();
    await pause(limits.storagePauseMs * 2 ** tried * (0.5 + Math.random() / 2));
  }
}

/** Is it the last try? A few, and none once all of them took as long as one silence may: somebody waits for the answer. */
function countTries(): (tried: number) => boolean {
  const began = performance.now();
  return (tried) => tried >= limits.storageTriesMax || performance.now() - began >= limits.storageSilenceMs;
}

function isAnswer({ statusCode = 0 }: IncomingMessage, { takes = [] }: Ask): boolean {
  return (statusCode >= 200 && statusCode < 300) || takes.includes(statusCode);
}

function isWorthAnotherTry({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode === 408 || statusCode === 429 || statusCode >= 500;
}

async function refusedBy(answer: IncomingMessage, { method, key }: Ask): Promise<Error> {
  const [status, fault] = [answer.statusCode ?? 0, cut(await textOf(answer))];
  log().error({ asked: `${method} ${key}`, status, fault }, 'The file store refused what it was asked.');
  return refuse('storage.refused', { status });
}

async function send(
  url: URL,
  { method, headers, body }: { method: string; headers: Record<string, string>; body: Uint8Array | undefined },
): Promise<IncomingMessage> {
  const isPlain = url.protocol === 'http:';
  const length = method === 'PUT' || method === 'POST' ? { 'content-length': String(body?.length ?? 0) } : {};
  const sent = (isPlain ? requestHttp : requestHttps)(url, {
    ...{ method, headers: { ...headers, ...length }, timeout: limits.storageSilenceMs },
    agent: isPlain ? agents.http : agents.https,
  });
  sent.on('timeout', () => sent.destroy(new Error('it says nothing')));
  sent.end(body);
  // Until the answer begins `once` hears of faults; after that they are those of whoever reads it.
  sent.on('error', () => undefined);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}

/** The text of an answer, as far as it is worth reading. @throws `storage.unreachable` where it breaks off */
export async function textOf(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > limits.storageTextBytesMax) throw new Error('its answer is too long');
      pieces.push(piece);
    }
  } catch (fault) {
    throw unreachable(fault);
  }
  return Buffer.concat(pieces).toString();
}

/** The bytes of an answer. @throws `storage.unreachable` where it breaks off: that is no upload that broke off */
export async function* bytesOf(answer: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    yield* answer as AsyncIterable<Uint8Array>;
  } catch (fault) {
    throw unreachable(fault);
  }
}

/** Does it again where an answer broke off in the middle; the last fault counts. */
export async function whileItBreaks<T>(work: () => Promise<T>): Promise<T> {
  const isLast = countTries();
  for (let tried = 1; ; tried += 1) {
    try {
      return await work();
    } catch (fault) {
      const isPassing = isRefusal(fault) && fault.code === 'storage.unreachable';
      if (!isPassing || isLast(tried)) throw fault;
    }
  }
}

/** What exactly happened is for whoever runs the instance, not for people. */
function unreachable(fault: unknown): Error {
  log().error(
    { fault: fault instanceof Error ? cut(fault.message) : 'it broke off' },
    'The file store does not answer.',
  );
  return refuse('storage.unreachable', {}, fault);
}
