// The motif: a release needs k signatures, so its page shows k lines, as at the foot of a contract. A signed line carries name, key, time
// and way; an empty one says who could still sign; a struck one is struck through, with its reason. Shows what the verdict says, decides nothing.

import { Fingerprint } from '#components/ui/hex.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Shape } from '#components/ui/shape.tsx';

export type SignatureLine =
  | { state: 'signed'; name: string; fingerprint: string; at: Date | string; way: string; isFresh?: boolean }
  | { state: 'open'; couldSign: string[] }
  /** `reason` is a whole sentence. */
  | { state: 'struck'; name: string; fingerprint: string; at: Date | string; reason: string };

type SignatureLinesProps = {
  lines: SignatureLine[];
  /** Said to screen readers: "Signatures, 1 of 2". */
  label: string;
  /** `small` for lists: names only. */
  size?: 'full' | 'small';
};

export function SignatureLines({ lines, label, size = 'full' }: SignatureLinesProps) {
  if (lines.length === 0) return null;
  return (
    <ol className="signature-lines" data-size={size} aria-label={label}>
      {lines.map((line, at) => (
        <li
          key={at}
          className="signature"
          data-state={line.state}
          data-fresh={line.state === 'signed' && line.isFresh ? '' : undefined}
        >
          <span className="signature-line">
            {line.state === 'open' ? (
              <OpenPlace couldSign={size === 'small' ? line.couldSign : []} />
            ) : (
              <SignedName line={line} />
            )}
          </span>
          {size === 'small' ? null : <LineFacts line={line} />}
        </li>
      ))}
    </ol>
  );
}

/** "Ada", "Ada or Bo", "Ada, Bo or Chi" */
export function anyOf(names: string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

function SignedName({ line }: { line: Exclude<SignatureLine, { state: 'open' }> }) {
  if (line.state === 'signed') return <span className="signature-name">{line.name}</span>;
  return (
    <s className="signature-name">
      <span className="sr-only">Struck: </span>
      {line.name}
    </s>
  );
}

function OpenPlace({ couldSign }: { couldSign: string[] }) {
  return (
    <span className="signature-place">
      <Shape name="cross" />
      {couldSign.length > 0 ? anyOf(couldSign) : <span className="sr-only">Not signed yet</span>}
    </span>
  );
}

function LineFacts({ line }: { line: SignatureLine }) {
  if (line.state === 'open') {
    return (
      <span className="signature-facts">
        <span className="signature-state">Not signed yet</span>
        <span>
          {line.couldSign.length === 0
            ? 'Nobody can sign this line at the moment'
            : `${anyOf(line.couldSign)} can sign`}
        </span>
      </span>
    );
  }
  return (
    <div className="signature-facts">
      <span className="signature-state">
        {line.state === 'signed' ? 'Signed ' : `Does not count. ${line.reason} Signed `}
        <Moment at={line.at} />
      </span>
      {line.state === 'signed' ? <span>{line.way}</span> : null}
      <details>
        <summary>Key of {line.name}</summary>
        <Fingerprint value={line.fingerprint} />
      </details>
    </div>
  );
}
