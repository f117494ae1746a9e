// The signing worker: one question, one answer, then its page ends it. It is built apart from the pages and served with a policy of its own
// (no network, no other script, Trusted Types), so that a key that came in has no way out but as a signature.
import { signOnce, signTogether, type SigningRequest, type TogetherRequest } from './sign-once.ts';

addEventListener(
  'message',
  ({ data }: MessageEvent<SigningRequest | TogetherRequest>) => {
    void ('documents' in data ? signTogether(data) : signOnce(data)).then((answer) => postMessage(answer));
  },
  { once: true },
);
