// The opening worker: one question, one answer, then its page ends it. Built apart from the pages and served with the policy of the signing
// worker (no network, no other script, Trusted Types): what it opened has no way out but as the token of a challenge of ours.
import { openOnce, type OpeningRequest } from './open-once.ts';

addEventListener(
  'message',
  (event: MessageEvent<OpeningRequest>) => {
    void openOnce(event.data).then((answer) => postMessage(answer));
  },
  { once: true },
);
