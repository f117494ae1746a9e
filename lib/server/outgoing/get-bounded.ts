// One GET to a host that the operator named, bounded in time and size. The answer is hostile, and so is what the name resolves to: a name
// that leads into a private network is not asked (an operator who means such a host writes its address, or localhost, into the setting).
// The address that was looked at is the one that is connected to. Redirects are not followed: they would lead to a host nobody named.
import { lookup as resolveName, type LookupAddress } from 'node:dns';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isOwnWord, isPublicAddress } from './private-address.ts';

export type Bounds = {
  bytesMax: number;
  /** From the first lookup to the last byte. */
  ms: number;
  accept: string;
  /** Tests answer names themselves. */
  resolve?: (host: string) => Promise<LookupAddress[]>;
};

export type Got = { status: number; bytes: Uint8Array } | { status: null; why: string };

/** Fetches. Never throws for what happens outside: `why` says in a few words what went wrong. */
export async function getBounded(url: URL, bounds: Bounds): Promise<Got> {
  const signal = AbortSignal.timeout(bounds.ms);
  try {
    const response = await open(url, bounds, signal);
    return await readAnswer(response, bounds.bytesMax);
  } catch (fault) {
    if (signal.aborted) return { status: null, why: `no whole answer within ${bounds.ms / 1000} s` };
    return { status: null, why: fault instanceof Error ? fault.message : 'unknown reason' };
  }
}

function open(url: URL, { accept, resolve = resolveAll }: Bounds, signal: AbortSignal): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const headers = { Accept: accept, 'Accept-Encoding': 'identity', 'User-Agent': 'countersign' };
  const guard = isOwnWord(url.hostname) ? {} : { lookup: lookupPublic(resolve) };
  return new Promise((answered, failed) => {
    const request = send(url, { agent: false, headers, signal, ...guard }, answered);
    request.on('error', failed);
    request.end();
  });
}

async function readAnswer(response: IncomingMessage, bytesMax: number): Promise<Got> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > bytesMax) {
      response.destroy();
      return { status: null, why: `an answer of more than ${bytesMax} bytes` };
    }
    parts.push(part);
  }
  return { status: response.statusCode ?? 0, bytes: new Uint8Array(Buffer.concat(parts)) };
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
