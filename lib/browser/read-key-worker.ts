// The worker that reads one public key for the preview: foreign bytes in, facts or a refusal out. No network (its own policy), no state.
import { isRefusal } from '#lib/core/errors.ts';
import { readCertificate, requireRegistrable } from '#lib/pgp/read-certificate.ts';
import { plain, type KeyAnswer, type KeyQuestion } from './read-key.ts';

async function answer({ bytes, now }: KeyQuestion): Promise<KeyAnswer> {
  try {
    const { facts } = await readCertificate(bytes, now);
    requireRegistrable(facts, now);
    return { facts };
  } catch (fault) {
    if (isRefusal(fault)) return { refusal: plain(fault) };
    throw fault;
  }
}

addEventListener('message', (event: MessageEvent<KeyQuestion>) => {
  void answer(event.data).then((facts) => postMessage(facts));
});
