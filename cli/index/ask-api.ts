// Questions to the addresses for programs of an index (docs/formats/api.md), with a token in a header. The server is hostile: answers are bounded in
// size and time, read field by field by whoever asks, and redirects are refused, since they would carry the token off. A refusal of the server is
// told in its words as ours, with our own code and exit code for its kind.
import { refuse, type Refusal } from '#lib/core/errors.ts';
import { readFields, type Fields } from '#lib/core/document.ts';
import { partsOf, type Patience } from './answers.ts';

export type ApiAnswer = { status: number; fields: Fields };
export type ApiBody = { type: string; body: Uint8Array | AsyncIterable<Uint8Array> };

export type ApiSent = { headers: Readonly<Record<string, string>>; body?: AsyncIterable<Uint8Array> };

export type Api = {
  /** Address of the index, ending with a slash. */
  base: string;
  get(path: string): Promise<Fields>;
  /** Bytes of at most this many. */
  bytes(path: string, bytesMax: number): Promise<Uint8Array>;
  /** The body of a large file, part by part. */
  parts(path: string, bytesMax: number): Promise<AsyncGenerator<Uint8Array>>;
  /** Answers with 2xx, or with a status that `expects` names; refuses every other. */
  post(path: string, sent: ApiBody, expects?: readonly number[]): Promise<ApiAnswer>;
  /** Asks with headers, and answers with those that came back; refuses every status but 2xx. */
  send(method: 'HEAD' | 'POST' | 'PATCH', path: string, sent: ApiSent): Promise<Headers>;
};

const mebibyte = 1024 ** 2;
const answerBytesMax = 4 * mebibyte;
const pace = { bytesPerWindow: 10 * 1024, windowMs: 20_000 };
const document: Patience = { ...pace, ms: 60_000 };
const file: Patience = { ...pace, ms: 30 * 60_000 };

/** `base`: as `openIndex` read it. */
export function openApi(base: string, token: string): Api {
  const ask = async (path: string, init: RequestInit, ms: number): Promise<Response> => {
    const url = `${base}api/v1/${path}`;
    const headers = { authorization: `Bearer ${token}`, 'accept-encoding': 'identity', ...init.headers };
    const signal = AbortSignal.timeout(ms);
    return fetch(url, { ...init, headers, signal, redirect: 'error' }).catch((cause: unknown) => {
      throw refuse('verify.unreachable', { url, why: 'no answer' }, cause);
    });
  };
  const sound = async (path: string, patience: Patience): Promise<Response> => {
    const response = await ask(path, {}, patience.ms);
    if (response.status !== 200) throw await asRefusal(response);
    return response;
  };
  const parts = (response: Response, bytesMax: number, patience: Patience) =>
    partsOf(response, { bytesMax, patience, tooLarge: (url) => refuse('index.too-large', { url, bytesMax }) });
  return {
    base,
    get: async (path) => readAnswer(await sound(path, document)),
    bytes: async (path, bytesMax) => collect(parts(await sound(path, document), bytesMax, document)),
    parts: async (path, bytesMax) => parts(await sound(path, file), bytesMax, file),
    post: async (path, { type, body }, expects = []) => {
      // `duplex`: the body is sent as it is made.
      const init = { method: 'POST', body, headers: { 'content-type': type }, duplex: 'half' } as RequestInit;
      const response = await ask(path, init, file.ms);
      if (!response.ok && !expects.includes(response.status)) throw await asRefusal(response);
      return { status: response.status, fields: await readAnswer(response) };
    },
    send: async (method, path, { headers, body }) => {
      const init = { method, headers, ...(body && { body, duplex: 'half' }) } as RequestInit;
      const response = await ask(path, init, file.ms);
      if (!response.ok) throw await asRefusal(response);
      await response.body?.cancel();
      return response.headers;
    },
  };
}

async function readAnswer(response: Response): Promise<Fields> {
  const { url } = response;
  const text = new TextDecoder().decode(await collect(boundedParts(response)));
  try {
    return readFields(JSON.parse(text), 'an answer');
  } catch (cause) {
    throw refuse('verify.unreachable', { url, why: 'the answer is not what it should be' }, cause);
  }
}

const boundedParts = (response: Response): AsyncGenerator<Uint8Array> =>
  partsOf(response, {
    ...{ bytesMax: answerBytesMax, patience: document },
    tooLarge: (url) => refuse('index.too-large', { url, bytesMax: answerBytesMax }),
  });

async function collect(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}

/** What the server says, in its own words: hostile text, cut. */
async function asRefusal(response: Response): Promise<Refusal> {
  const { status, url } = response;
  const fields = await readAnswer(response).catch((): Fields => ({}));
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name].slice(0, 1000) : '');
  const told = { status, says: text('detail') || `status ${status}`, reason: text('code') || String(status) };
  if (status === 401) return refuse('api.unknown-token', told);
  if (status === 403) return refuse('api.forbidden', told);
  if (status === 404) return refuse('api.not-found', told);
  if (status === 422) return refuse('api.refused', told);
  if (status === 429 || status >= 500) return refuse('api.unavailable', told);
  if (status >= 400) return refuse('api.unusable', told);
  return refuse('verify.unreachable', { url, why: `status ${status}` });
}
