// Requests that hang until there is something to say: `?wait=SECONDS&since=MARK`. The query is hostile; the wait is bounded by the caller of this.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse } from '#lib/core/errors.ts';

/** How long somebody would wait (0: not at all), and which mark they know (null: none). */
export type Wish = { seconds: number; since: string | null };

/** Refuses (`input.not-a`) what is no number of seconds; a longer wait than the limit is cut. */
export function readWish({ url }: IncomingMessage, secondsMax: number): Wish {
  const query = new URLSearchParams((url ?? '').split('?')[1] ?? '');
  const claimed = query.get('wait') ?? '0';
  if (!/^[0-9]{1,5}$/.test(claimed)) throw refuse('input.not-a', { what: 'a number of seconds', claimed });
  return { seconds: Math.min(Number(claimed), secondsMax), since: query.get('since') };
}

/** Aborted when whoever asked went away. */
export function goneSignal(res: ServerResponse): AbortSignal {
  const gone = new AbortController();
  res.on('close', () => gone.abort());
  return gone.signal;
}
