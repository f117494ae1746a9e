// A fingerprint in every form in which people compare it: pasted and compared by the machine, read aloud as words, taken by a camera.
// Always the whole of it. Hex is what counts; words and squares are the same digits in another dress.

import { renderGrouped } from '#lib/core/fingerprint.ts';
import type { Fingerprint as FullFingerprint } from '#lib/core/ids.ts';
import { CopyButton } from '#components/ui/copy-button.client.tsx';
import { Facts } from '#components/ui/facts.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import { CompareFingerprint } from './compare-fingerprint.tsx';
import { QrCode } from './qr-code.tsx';
import { SpokenWords } from './spoken-words.tsx';

type FormsProps = { fingerprint: FullFingerprint; whose: string };
type SheetProps = FormsProps & { path: string; pasted: string | undefined };

export function FingerprintSheet({ fingerprint, whose, path, pasted }: SheetProps) {
  return (
    <>
      <CompareFingerprint expected={fingerprint} whose={whose} path={path} pasted={pasted} />
      <FingerprintForms fingerprint={fingerprint} whose={whose} />
    </>
  );
}

/** The forms alone, where the comparing stands elsewhere on the page. */
export function FingerprintForms({ fingerprint, whose }: FormsProps) {
  return (
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
        { term: 'To read aloud', value: <SpokenWords fingerprint={fingerprint} /> },
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
  );
}
