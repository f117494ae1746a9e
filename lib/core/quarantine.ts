// The words of a quarantine, the same in the record, on the pages, in mail and in the client: why a published release fell, and what brings
// it back. They are made from a verdict; nothing is counted here. A record is public: no text of anybody's stands in it but names.
import type { Reason } from './reason.ts';
import type { Finding, Verdict } from './verdict.ts';

const namedMost = 3;

/** Why it no longer has enough: one line for the record. `1 of 2 signatures count: bo was struck by the owners.` */
export function sayFall({ required, missing, findings }: Verdict): string {
  const fallen = new Set(findings.flatMap((finding) => (finding.counts ? [] : [sayFallen(finding)])));
  const named = [...fallen].slice(0, namedMost);
  const more = fallen.size - named.length;
  const causes = [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  return `${required - missing} of ${required} signatures count${causes === '' ? '' : `: ${causes}`}.`;
}

function sayFallen({ person, reason }: Finding): string {
  const name = person ?? 'somebody';
  return (reason && causes[reason.code]?.(name)) ?? `the signature of ${name} no longer counts`;
}

const causes: Partial<Record<Reason['code'], (name: string) => string>> = {
  struck: (name) => `${name} was struck by the owners`,
  'key-revoked-hard': (name) => `the key of ${name} was revoked as compromised`,
};

/** What a quarantine does, whoever asks. */
export const sayKept = 'Its files are kept, but the index offers them to no installer.';

/** What brings it back: `1 more person must sign it: ada or chi.` */
export function sayWayBack({
  met,
  missing,
  couldStillSign,
}: Pick<Verdict, 'met' | 'missing' | 'couldStillSign'>): string {
  if (met) return 'Enough people have signed it again; it comes back when the countersigner has checked that.';
  const who = couldStillSign.length === 0 ? 'nobody can at the moment' : listed(couldStillSign);
  const many = missing === 1 ? '1 more person' : `${missing} more people`;
  const tooFew = couldStillSign.length < missing ? ' The rules must name more people first.' : '';
  return `To bring it back, ${many} must sign its statement: ${who}.${tooFew}`;
}

const listed = (names: readonly string[]): string =>
  names.length === 1 ? `${names[0]}` : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
