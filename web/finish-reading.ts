// After a refusal that came before the end of a body: who sends it sees the answer only once it could send the rest, so that is read on for a
// while, thrown away, and then cut.
import type { IncomingMessage } from 'node:http';

const drain = { bytesMax: 64 * 1024 ** 2, milliseconds: 10_000 };

/** Reads what is left of a request whose answer is out. */
export function finishReading(req: IncomingMessage): void {
  if (req.complete) return;
  let read = 0;
  const cut = setTimeout(() => req.destroy(), drain.milliseconds);
  cut.unref();
  req.on('data', (piece: Buffer) => {
    read += piece.length;
    if (read > drain.bytesMax) req.destroy();
  });
  req.on('close', () => clearTimeout(cut));
  req.resume();
}
