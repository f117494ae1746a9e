// Digests and fingerprints: always complete, in groups of four that wrap. The gaps are drawn, so a selection has no spaces in it;
// screen readers get the groups as words. Two names for two things that must not be mixed: `Digest` of bytes, `Fingerprint` of a key.

import { Fragment } from 'react';
import { CopyButton } from './copy-button.client.tsx';

type HexProps = { value: string; copy?: boolean };

function groupsOf(value: string): string[] {
  return value.match(/.{1,4}/g) ?? [];
}

function Hex({ value, copy = false, what }: HexProps & { what: string }) {
  const groups = groupsOf(value);
  const text = (
    <span className="hex">
      <span className="sr-only select-none">{groups.join(' ')}</span>
      <code className="text-[1em]" aria-hidden="true">
        {groups.map((group, at) => (
          <Fragment key={at}>
            <span className="hex-group">{group}</span>
            <wbr />
          </Fragment>
        ))}
      </code>
    </span>
  );
  if (!copy) return text;
  return (
    <span className="hex-row">
      {text}
      <CopyButton text={value} what={what} />
    </span>
  );
}

/** The SHA-256 (or other digest) of some bytes, in lower-case hex. */
export function Digest({ value, copy }: HexProps) {
  return <Hex value={value.toLowerCase()} copy={copy} what="the digest" />;
}

/** The fingerprint of an OpenPGP key, in upper-case hex. */
export function Fingerprint({ value, copy }: HexProps) {
  return <Hex value={value.toUpperCase()} copy={copy} what="the fingerprint" />;
}
