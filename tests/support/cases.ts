// Words for verdict and policy tables: people, keys, files and signatures as short calls, so that a row of a table reads as one
// sentence. Facts are made here by hand: what real packets show is the business of tests/pgp.
import type {
  AccountName,
  DraftId,
  Fingerprint,
  Instant,
  ProjectName,
  Sha256,
  Version,
  FileName,
  IndexName,
} from '#lib/core/ids.ts';
import type { KeyFacts, Revocation } from '#lib/core/key.ts';
import type { Policy, PolicyPerson, Struck } from '#lib/core/policy.ts';
import type { Case, HandedSignature, SignatureFacts, Subject } from '#lib/core/verdict.ts';
import type { Defect } from '#lib/core/reason.ts';

export const day = 86_400_000;
/** Noon of the day on which every case plays. */
export const noon = Date.parse('2026-11-22T12:00:00Z');

export const name = (text: string) => text as AccountName;
export const instant = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z` as Instant;
export const digest = (letter: string) => letter.repeat(64) as Sha256;
export const project = 'sunrise' as ProjectName;
export const version = '1.2.0' as Version;
export const draftId = '6f2c9d1e4b7a' as DraftId;
export const index = 'sign.example.org' as IndexName;
export const fileName = (text: string) => text as FileName;

/** `key('a', 1)` is the first key of the person whose letter is a; a signing subkey is `key('a', 1, 5)`. */
export const key = (letter: string, number = 1, subkey = 0) =>
  `${letter.toUpperCase()}${number}${subkey}`.padEnd(40, '0').replace(/[^0-9A-F]/g, 'F') as Fingerprint;

export function keyFacts(primary: Fingerprint, change: Partial<KeyFacts> = {}, subkeys: Fingerprint[] = []): KeyFacts {
  const life = { created: noon - 100 * day, expires: null, revocation: null };
  const signing = [primary, ...subkeys].map((fingerprint) => ({ fingerprint, algorithm: 'Ed25519', ...life }));
  return { primary, algorithm: 'Ed25519', ...life, userIds: ['x'], signing, canEncrypt: false, ...change };
}

export const revoked = (kind: 'hard' | 'soft', date: number): Revocation => ({
  kind,
  date,
  reason: kind === 'hard' ? 'compromised' : 'superseded',
});

export const owner = (letter: string, ...keys: Fingerprint[]): PolicyPerson => ({
  name: name(personOf(letter)),
  role: 'owner',
  keys: keys.length > 0 ? keys : [key(letter)],
});
export const maintainer = (letter: string, ...keys: Fingerprint[]): PolicyPerson => ({
  ...owner(letter, ...keys),
  role: 'maintainer',
});

const people: Record<string, string> = { a: 'ada', b: 'bo', c: 'chi', d: 'dee', e: 'eve' };
export const personOf = (letter: string) => people[letter] ?? letter;

export function policy(change: Partial<Policy> = {}): Policy {
  return {
    type: 'countersign/policy',
    format: 1,
    project,
    version: 1,
    previous: change.version && change.version > 1 ? digest('0') : null,
    threshold: 2,
    ownerThreshold: 1,
    openerCounts: true,
    waitHours: 0,
    fileSignatures: true,
    people: [owner('a'), maintainer('b'), maintainer('c')],
    retired: [],
    struck: [],
    date: instant(noon),
    ...change,
  };
}

export const wheel = { name: 'sunrise-1.2.0-py3-none-any.whl', sha256: digest('1') };
export const sdist = { name: 'sunrise-1.2.0.tar.gz', sha256: digest('2') };
export const statement = (revision = 1): Subject => ({ over: 'statement', revision });
export const over = (file: { sha256: Sha256 }): Subject => ({ over: 'file', sha256: file.sha256 });

let packets = 0;
export type SignatureChange = {
  issuer?: Fingerprint;
  made?: number;
  expires?: number;
  received?: number;
  defect?: Defect;
  takenBack?: boolean;
  firstSeenHere?: boolean;
};

export function factsBy(primary: Fingerprint, change: SignatureChange = {}): SignatureFacts {
  packets += 1;
  return {
    packetSha256: packets.toString(16).padStart(64, '0') as Sha256,
    key: primary,
    issuer: change.issuer ?? primary,
    made: change.made ?? noon - 60_000,
    expires: change.expires ?? null,
    hash: 'SHA-512',
    defect: change.defect ?? null,
  };
}

/** A signature by that key over that subject, received just now unless said otherwise. */
export function signed(
  primary: Fingerprint,
  subject: Subject = statement(),
  change: SignatureChange = {},
): HandedSignature {
  const { received = noon - 30_000, takenBack = false, firstSeenHere = true } = change;
  return { facts: factsBy(primary, change), subject, received, takenBack, firstSeenHere };
}

export const keyring = (...facts: KeyFacts[]): ReadonlyMap<Fingerprint, KeyFacts> =>
  new Map(facts.map((fact) => [fact.primary, fact]));

/** Everybody's plain keys. */
export const allKeys = keyring(
  ...['a', 'b', 'c', 'd', 'e'].flatMap((letter) => [
    keyFacts(key(letter), {}, [key(letter, 1, 5)]),
    keyFacts(key(letter, 2)),
  ]),
);

export function caseOf(change: Partial<Case> & { strikes?: readonly Struck[] } = {}): Case {
  return {
    policy: policy(),
    strikes: [],
    released: null,
    openedBy: name('ada'),
    openedAt: noon - day,
    revision: 1,
    files: [wheel, sdist],
    signatures: [],
    keys: allKeys,
    now: noon,
    ...change,
  };
}
