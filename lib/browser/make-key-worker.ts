// The worker that makes a key: one wish in, one locked key out, then its page ends it. Built apart and served with a policy of its own
// (no network, no other script, Trusted Types), as the signing worker is.
import { isRefusal } from '#lib/core/errors.ts';
import { makeKey, type WantedKey } from '#lib/pgp/make-key.ts';
import type { MakingAnswer } from './make-key.ts';
import { plain } from './read-key.ts';

async function answer(wanted: WantedKey): Promise<MakingAnswer> {
  try {
    return { made: await makeKey(wanted) };
  } catch (fault) {
    if (isRefusal(fault)) return { refusal: plain(fault) };
    throw fault;
  }
}

addEventListener(
  'message',
  (event: MessageEvent<WantedKey>) => {
    void answer(event.data).then((made) => postMessage(made));
  },
  { once: true },
);
