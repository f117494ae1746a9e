// One question to one worker: start, ask, take the answer, end. A worker never lives longer than its answer, so whatever it held
// (a private key, a passphrase, a foreign file) is gone with it.
import { refuse } from '#lib/core/errors.ts';

/** Asks the worker whose script is at `address`; rejects with `signing.failed` if it cannot start, breaks or takes longer than `timeMax` ms. */
export function askWorker<Question, Answer>(address: string, question: Question, timeMax: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(address);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      worker.terminate();
      settle();
    };
    const fail = (why: string) => end(() => reject(refuse('signing.failed', { why })));
    const timer = setTimeout(() => fail('it took too long'), timeMax);
    worker.onmessage = (event: MessageEvent<Answer>) => end(() => resolve(event.data));
    worker.onerror = () => fail('its script could not be loaded or run');
    worker.onmessageerror = () => fail('its answer could not be read');
    worker.postMessage(question);
  });
}
