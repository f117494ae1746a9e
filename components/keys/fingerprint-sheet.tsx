// A fingerprint in every form in which people compare it: pasted and compared by the machine, read aloud as words, taken by a camera.
// Always the whole of it. Hex is what counts; words and squares are the same digits in another dress.

import { renderGrouped } from '#lib/core/fingerprint.ts';
import type { Fingerprint as FullFingerprint } from '#lib/core/ids.ts';
import { fingerprintWords } from '#lib/words/fingerprint-words.ts';
import { CopyButton } from '#components/ui/copy-button.client.tsx';
import { Facts } from '#components/ui/facts.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import { CompareFingerprint } from './compare-fingerprint.tsx';
import { QrCode } from './qr-code.tsx';

type SheetProps = { fingerprint: FullFingerprint; whose: string; path: string; pasted: string | undefined };

export function FingerprintSheet({ fingerprint, whose, path, pasted }: SheetProps) {
  const words = fingerprintWords(fingerprint);
  return (
    <>
      <CompareFingerprint expected={fingerprint} whose={whose} path={path} pasted={pasted} />
      <Facts
        facts={[
          {
            term: 'Fingerprint',
            value: (
              <span className="hex-row">
                <Fingerprint value={fingerprint} />
                <CopyButton text={fingerprint} what="the fingerprint" />
                <CopyButton text={renderGrouped(fingerprint)} what="the fingerprint in groups" label="Copy in groups" />
              </span>
            ),
          },
          { term: 'To read aloud', value: <Words words={words} /> },
          {
            term: 'For a phone',
            value: (
              <>
                <QrCode text={`OPENPGP4FPR:${fingerprint}`} label={`QR code of the fingerprint of ${whose}`} />
                <span className="text-soft">Key managers on phones read it as OPENPGP4FPR and the fingerprint.</span>
              </>
            ),
          },
        ]}
      />
    </>
  );
}

function Words({ words }: { words: string[] }) {
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
