// Checked strings. Everything that names something (a person, a project, a key, a digest, a moment) is read here once,
// in exactly one spelling, and carries its own type from then on. Input is hostile: a foreign spelling is refused, never
// mended (mending lives in lib/python and lib/pgp, which know the foreign rules).
import { refuse } from './errors.ts';

declare const brand: unique symbol;
type Checked<Kind extends string> = string & { readonly [brand]: Kind };

/** SHA-256 as 64 lower-case hex digits. */
export type Sha256 = Checked<'Sha256'>;
/** A primary or subkey fingerprint: 40 (v4) or 64 (v6) upper-case hex digits. */
export type Fingerprint = Checked<'Fingerprint'>;
/** A project name in its PEP 503 normalised form. */
export type ProjectName = Checked<'ProjectName'>;
/** A canonical PEP 440 public version (no local part). */
export type Version = Checked<'Version'>;
/** An account name; never changes, never given to anybody else. */
export type AccountName = Checked<'AccountName'>;
/** The random id of a draft: 12 lower-case hex digits. */
export type DraftId = Checked<'DraftId'>;
/** The name of this instance, fixed at its first start: a lower-case host name, perhaps with a port. */
export type IndexName = Checked<'IndexName'>;
/** The name of a wheel or sdist: one path part, ASCII, no control characters. */
export type FileName = Checked<'FileName'>;
/** A moment in UTC to the second: `2026-11-22T09:00:00Z`. */
export type Instant = Checked<'Instant'>;

const patterns = {
  Sha256: /^[0-9a-f]{64}$/,
  Fingerprint: /^(?:[0-9A-F]{40}|[0-9A-F]{64})$/,
  ProjectName: /^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){0,99}$/,
  // The canonical form of PEP 440, appendix B, less the local part.
  Version:
    /^(?:[1-9][0-9]*!)?(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*(?:(?:a|b|rc)(?:0|[1-9][0-9]*))?(?:\.post(?:0|[1-9][0-9]*))?(?:\.dev(?:0|[1-9][0-9]*))?$/,
  AccountName: /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,38}$/,
  DraftId: /^[0-9a-f]{12}$/,
  IndexName: /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[1-9][0-9]{0,4})?$/,
  FileName: /^[A-Za-z0-9_][A-Za-z0-9._+!-]{0,199}$/,
} as const;

type Kind = keyof typeof patterns;

const what: Record<Kind, string> = {
  Sha256: 'a SHA-256 digest (64 lower-case hex digits)',
  Fingerprint: 'a full key fingerprint (40 or 64 hex digits)',
  ProjectName: 'a normalised project name',
  Version: 'a canonical version',
  AccountName: 'an account name (2 to 39 of a-z, 0-9 and single hyphens, starting with a letter)',
  DraftId: 'the id of a draft',
  IndexName: 'the name of an index',
  FileName: 'the name of a distribution file',
};

function readChecked<K extends Kind>(kind: K, claimed: unknown): Checked<K> {
  if (typeof claimed === 'string' && claimed.length <= 300 && patterns[kind].test(claimed))
    return claimed as Checked<K>;
  throw refuse('input.not-a', {
    what: what[kind],
    claimed: typeof claimed === 'string' ? claimed.slice(0, 80) : typeof claimed,
  });
}

export const readSha256 = (claimed: unknown): Sha256 => readChecked('Sha256', claimed);
export const readFingerprint = (claimed: unknown): Fingerprint => readChecked('Fingerprint', claimed);
export const readProjectName = (claimed: unknown): ProjectName => readChecked('ProjectName', claimed);
export const readVersion = (claimed: unknown): Version => readChecked('Version', claimed);
export const readAccountName = (claimed: unknown): AccountName => readChecked('AccountName', claimed);
export const readDraftId = (claimed: unknown): DraftId => readChecked('DraftId', claimed);
export const readIndexName = (claimed: unknown): IndexName => readChecked('IndexName', claimed);
export const readFileName = (claimed: unknown): FileName => readChecked('FileName', claimed);

/** Refuses any spelling but `YYYY-MM-DDTHH:MM:SSZ`, and days that do not exist (re-printing must give the same text). */
export function readInstant(claimed: unknown): Instant {
  if (typeof claimed === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(claimed)) {
    const ms = Date.parse(claimed);
    if (!Number.isNaN(ms) && renderInstant(ms) === claimed) return claimed as Instant;
  }
  throw refuse('input.not-a', { what: 'a moment (2026-11-22T09:00:00Z)', claimed: String(claimed).slice(0, 80) });
}

/** Milliseconds since 1970 → the moment, cut to the second. */
export const renderInstant = (ms: number): Instant => `${new Date(ms).toISOString().slice(0, 19)}Z` as Instant;

/** The moment → milliseconds since 1970. */
export const instantMs = (instant: Instant): number => Date.parse(instant);
