// One request to a host of somebody else, bounded in time and size; what asks for keys and what tells webhooks both go this way. The answer is
// hostile, and so is what the name resolves to: an address that is not of the public internet is not asked, unless the caller trusts the host
// by name. The address that was looked at is the one that is connected to (no rebinding). Redirects are not followed: they would lead to a
// host nobody named. No proxy of the environment is used.
import { lookup as resolveName, type LookupAddress } from 'node:dns';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { isPublicAddress } from './private-address.ts';

export type Question = {
  url: URL;
  method: 'GET' | 'POST';
  headers: Readonly<Record<string, string>>;
  /** Text, or bytes that are streamed: their number is known before. */
  body?: string | { length: number; stream: () => AsyncIterable<Uint8Array> };
  bytesMax: number;
  /** An answer that is longer: is no answer, or is cut there. */
  longer: 'refused' | 'cut';
  /** From the first lookup to the last byte. */
  ms: number;
  /** The host may lead into a private network: whoever runs this instance wrote it. */
  trusted: boolean;
  /** Tests answer names themselves. */
  resolve?: (host: string) => Promise<LookupAddress[]>;
};

/** `reason`: the phrase beside the status; hostile, as everything. */
export type Answered = { status: number; reason: string; bytes: Uint8Array } | { status: null; why: string };

/** Asks. Never throws for what happens outside: `why` says in a few words what went wrong. */
export async function ask(question: Question): Promise<Answered> {
  const signal = AbortSignal.timeout(question.ms);
  try {
    return await readAnswer(await open(question, signal), question);
  } catch (fault) {
    if (signal.aborted) return { status: null, why: `no whole answer within ${question.ms / 1000} s` };
    return { status: null, why: fault instanceof Error ? fault.message || fault.name : 'unknown reason' };
  }
}

function open(question: Question, signal: AbortSignal): Promise<IncomingMessage> {
  const { url, method, headers, body, trusted, resolve = resolveAll } = question;
  // A socket looks up no name where the host is an address already.
  const address = url.hostname.replace(/^\[|\]$/g, '');
  if (!trusted && isIP(address) !== 0 && !isPublicAddress(address)) throw new Error(`${address} is not public`);
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const guard = trusted ? {} : { lookup: lookupPublic(resolve) };
  const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body?.length;
  const length = bytes === undefined ? {} : { 'Content-Length': String(bytes) };
  const sent = { 'Accept-Encoding': 'identity', 'User-Agent': 'countersign', ...headers, ...length };
  return new Promise((answered, failed) => {
    const request = send(url, { agent: false, method, headers: sent, signal, ...guard }, answered);
    request.on('error', failed);
    if (typeof body === 'object') pipeline(body.stream, request).catch(failed);
    else request.end(body);
  });
}

async function readAnswer(response: IncomingMessage, { bytesMax, longer }: Question): Promise<Answered> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    parts.push(part);
    if (size <= bytesMax) continue;
    response.destroy();
    if (longer === 'refused') return { status: null, why: `an answer of more than ${bytesMax} bytes` };
    break;
  }
  const bytes = new Uint8Array(Buffer.concat(parts).subarray(0, bytesMax));
  return { status: response.statusCode ?? 0, reason: response.statusMessage ?? '', bytes };
}

const resolveAll = (host: string): Promise<LookupAddress[]> =>
  new Promise((resolved, failed) => {
    resolveName(host, { all: true }, (fault, addresses) => (fault ? failed(fault) : resolved(addresses)));
  });

/** A lookup for the socket itself, so that no second answer of the resolver can come between looking and connecting. */
function lookupPublic(resolve: (host: string) => Promise<LookupAddress[]>): LookupFunction {
  return (host, options, done) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        const inside = addresses.find(({ address }) => !isPublicAddress(address));
        if (!first) return done(new Error(`${host} has no address`), '', 4);
        if (inside) return done(new Error(`${host} leads to ${inside.address}, which is not public`), '', 4);
        return options.all === true ? done(null, addresses) : done(null, first.address, first.family);
      },
      (fault: unknown) => done(fault instanceof Error ? fault : new Error(String(fault)), '', 4),
    );
  };
}
