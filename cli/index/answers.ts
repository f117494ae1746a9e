// One answer of an index, as it arrives. The server is hostile and may never end, send drop by drop, say another length, pack a bomb or send
// elsewhere: each is a refusal of its own, and none costs more than the limits that the caller gives.
import { isRefusal, refuse } from '#lib/core/errors.ts';

export type Patience = {
  /** For one answer, from the question to its last byte. */
  ms: number;
  /** A body has to bring this much in each `windowMs`, or it counts as held up. */
  bytesPerWindow: number;
  windowMs: number;
};

/**
 * Asks once. null: there is nothing at this address (404).
 * Refuses `verify.unreachable`, `index.redirects`, `index.encoded`.
 */
export async function askIndex(url: string, accept: string, patience: Patience): Promise<Response | null> {
  // Unpacked bytes only: what unpacks answers takes a torn gzip for a whole one.
  const headers = { accept, 'accept-encoding': 'identity' };
  // `manual` and not `error`: where it sends us belongs into the sentence.
  const init: RequestInit = { headers, redirect: 'manual', signal: AbortSignal.timeout(patience.ms) };
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw faultOf(url, cause);
  });
  if (response.status >= 300 && response.status < 400)
    throw refuse('index.redirects', { url, to: (response.headers.get('location') ?? '').slice(0, 200) });
  if (response.status === 404) return null;
  if (response.status !== 200) throw refuse('verify.unreachable', { url, why: `status ${response.status}` });
  const encoding = response.headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') throw refuse('index.encoded', { url, encoding: encoding.slice(0, 40) });
  return response;
}

export type BodyLimits = {
  /** Counted unpacked. */
  bytesMax: number;
  /** The refusal of one byte more. */
  tooLarge: (url: string) => Error;
  patience: Patience;
};

/**
 * The body in parts. Refuses what is too large, `index.too-slow` and `index.broken-off`; lets the connection go in any case.
 */
export async function* partsOf(response: Response, limits: BodyLimits): AsyncGenerator<Uint8Array> {
  const { url } = response;
  const { windowMs, bytesPerWindow } = limits.patience;
  const reader = response.body?.getReader();
  if (!reader) return;
  let [size, windowSize, windowEnd] = [0, 0, performance.now() + windowMs];
  try {
    for (;;) {
      const part = await within(url, windowMs, reader.read());
      if (part.done) return;
      size += part.value.length;
      if (size > limits.bytesMax) throw limits.tooLarge(url);
      windowSize += part.value.length;
      if (performance.now() > windowEnd) {
        if (windowSize < bytesPerWindow) throw refuse('index.too-slow', { url });
        [windowSize, windowEnd] = [0, performance.now() + windowMs];
      }
      yield part.value;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // whatever is still to come is not wanted
  }
}

async function within<T>(url: string, ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(refuse('index.too-slow', { url })), ms);
  });
  try {
    return await Promise.race([work, late]);
  } catch (cause) {
    throw faultOf(url, cause);
  } finally {
    clearTimeout(timer);
  }
}

/** What the network layer says, in words of ours; a length that was said and did not come is a body that broke off. */
function faultOf(url: string, cause: unknown): Error {
  if (isRefusal(cause)) return cause;
  const name = cause instanceof Error ? cause.name : '';
  if (name === 'TimeoutError' || name === 'AbortError') return refuse('index.too-slow', { url }, cause);
  const isBroken = cause instanceof TypeError && cause.message === 'terminated';
  if (isBroken) return refuse('index.broken-off', { url }, cause);
  return refuse('verify.unreachable', { url, why: 'no answer' }, cause);
}
