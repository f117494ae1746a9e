// The revoking worker: one question, one answer, then its page ends it. Built apart from the pages and served with the policy of the signing
// worker (no network, no other script, Trusted Types): a key that came in has no way out but as its revocation.
import { revokeOnce, type RevokingRequest } from './revoke-once.ts';

addEventListener(
  'message',
  (event: MessageEvent<RevokingRequest>) => {
    void revokeOnce(event.data).then((answer) => postMessage(answer));
  },
  { once: true },
);
