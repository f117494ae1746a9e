// A fingerprint as numbered words, to be read aloud over a telephone or from a sheet of paper. Always the whole of it.

import type { Fingerprint } from '#lib/core/ids.ts';
import { fingerprintWords } from '#lib/words/fingerprint-words.ts';

export function SpokenWords({ fingerprint }: { fingerprint: Fingerprint }) {
  const words = fingerprintWords(fingerprint);
  return (
    <>
      <ol className="spoken-words" aria-label="The fingerprint in words">
        {words.map((word, at) => (
          <li key={at}>{word}</li>
        ))}
      </ol>
      <span className="text-soft">
        The whole fingerprint in {words.length} words; the last one tells whether a word was misheard. They are as
        public as the digits: no secret, no wallet.
      </span>
    </>
  );
}
