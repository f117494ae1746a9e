// The root of the TUF repository (docs/formats/tuf.md): who may act for each role. Made by the countersigner, signed by its holders each on a machine
// of their own, accepted by the countersigner: all three read it here, in one spelling, so that what a holder sees is what is signed.
// A document is hostile until checkRoot has counted its signatures. Signing and checking Ed25519 come from outside.
import {
  readDocument,
  readExactly,
  readFields,
  readLine,
  readList,
  readWhole,
  renderDocument,
  type Fields,
} from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import { readIndexName, readInstant, type IndexName, type Instant } from '#lib/core/ids.ts';
import type { Hashing } from './custody.ts';

export const rootRoles = ['root', 'timestamp', 'snapshot', 'targets'] as const;
export type RootRole = (typeof rootRoles)[number];

/** Public keys as 64 hex digits, and how many of them must sign. */
export type RoleRule = { keys: readonly string[]; threshold: number };

/** `development`: made by the countersigner for itself; `offline`: held by people. */
export type RootStage = 'development' | 'offline';

export type RootFacts = {
  version: number;
  expires: Instant;
  index: IndexName;
  stage: RootStage;
  roles: Readonly<Record<RootRole, RoleRule>>;
};

/** `keyId`: of the key that claims to have signed, perhaps one that only the root before names; `signature`: 128 hex digits. */
export type RootSignature = { keyId: string; signature: string };
export type RootDocument = { facts: RootFacts; signatures: readonly RootSignature[] };

type Hash = Pick<Hashing, 'sha256'>;

/** Whether this key (64 hex digits) made this signature (128) over these bytes. */
export type VerifyHex = (key: string, bytes: Uint8Array, signature: string) => boolean;

export const tufSpecVersion = '1.0.31';
const holdersMax = 100;

/** Keys sorted, no space: what TUF signs (specification, 4.2; "OLPC Canonical JSON"). */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return `"${value.replace(/[\\"]/g, '\\$&')}"`;
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${canonicalJson(name)}:${canonicalJson(field)}`).join(',')}}`;
}

export const tufKey = (key: string) => ({ keytype: 'ed25519', scheme: 'ed25519', keyval: { public: key } });

/** The id of a key: SHA-256 of its canonical JSON. */
export const tufKeyId = (key: string, { sha256 }: Hash): string =>
  sha256(new TextEncoder().encode(canonicalJson(tufKey(key))));

function signedPart({ version, expires, index, stage, roles }: RootFacts, hash: Hash) {
  const keys = [...new Set(rootRoles.flatMap((role) => roles[role].keys))].map((key) => [tufKeyId(key, hash), key]);
  const rules = rootRoles.map((role) => {
    const { keys: named, threshold } = roles[role];
    return [role, { keyids: named.map((key) => tufKeyId(key, hash)), threshold }];
  });
  return {
    ...{ _type: 'root', spec_version: tufSpecVersion, version, expires, consistent_snapshot: true },
    keys: Object.fromEntries(keys.sort().map(([id = '', key = '']) => [id, tufKey(key)])),
    roles: Object.fromEntries(rules) as Record<RootRole, { keyids: string[]; threshold: number }>,
    'x-countersign': { index, stage },
  };
}

/** The bytes that are signed. */
export const signedRootBytes = (facts: RootFacts, hash: Hash): Uint8Array =>
  new TextEncoder().encode(canonicalJson(signedPart(facts, hash)));

/** The document's one spelling. */
export function renderRoot({ facts, signatures }: RootDocument, hash: Hash): string {
  const lines = signatures.map(({ keyId, signature }) => ({ keyid: keyId, sig: signature }));
  return renderDocument({ signatures: lines, signed: signedPart(facts, hash) });
}

const readHex = (claimed: unknown, what: string, digits: number): string => {
  const text = readLine(claimed, what, digits);
  if (text.length !== digits || !/^[0-9a-f]+$/.test(text)) throw refuse('input.not-a', { what, claimed: text });
  return text;
};

/** Reads a root from hostile bytes. Refuses (`input.…`) every second spelling, and a role that nobody could ever act for. */
export function readRoot(foreignBytes: Uint8Array, hash: Hash): RootDocument {
  const render = (document: RootDocument): string => renderRoot(document, hash);
  return readDocument(foreignBytes, 'a TUF root', (fields) => buildRoot(fields), render);
}

function buildRoot(fields: Fields): RootDocument {
  const signed = readFields(fields['signed'], 'the signed part');
  const own = readFields(signed['x-countersign'], 'x-countersign');
  const keys = new Map(
    Object.entries(readFields(signed['keys'], 'the keys')).map(([id, key]) => [
      id,
      readHex(readFields(readFields(key, 'a key')['keyval'], 'a key')['public'], 'a public key', 64),
    ]),
  );
  const keyOf = (claimedId: unknown): string => {
    const key = keys.get(readHex(claimedId, 'a key id', 64));
    if (key === undefined) throw refuse('input.missing', { field: 'the key of an id' });
    return key;
  };
  const roles = readFields(signed['roles'], 'the roles');
  const rules = rootRoles.map((role) => [role, readRule(readFields(roles[role], `the role ${role}`), keyOf)]);
  const signatures = readList(fields['signatures'], 'the signatures', holdersMax, (entry): RootSignature => {
    const line = readFields(entry, 'a signature');
    return { keyId: readHex(line['keyid'], 'a key id', 64), signature: readHex(line['sig'], 'a signature', 128) };
  });
  const facts: RootFacts = {
    version: readWhole(signed['version'], 'the version', 1, 1_000_000),
    expires: readInstant(signed['expires']),
    index: readIndexName(own['index']),
    stage: own['stage'] === 'development' ? 'development' : readExactly(own['stage'], 'offline', 'the stage'),
    roles: Object.fromEntries(rules) as Record<RootRole, RoleRule>,
  };
  return { facts, signatures };
}

function readRule(rule: Fields, keyOf: (claimedId: unknown) => string): RoleRule {
  const keys = readList(rule['keyids'], 'the key ids', holdersMax, keyOf);
  if (new Set(keys).size !== keys.length)
    throw refuse('input.not-a', { what: 'a list of different keys', claimed: '' });
  return { keys, threshold: readWhole(rule['threshold'], 'the threshold', 1, keys.length) };
}

/** Which of a role's keys signed the document; each counts once. */
export function signersOf(
  { facts, signatures }: RootDocument,
  rule: RoleRule,
  given: Hash & { verify: VerifyHex },
): string[] {
  const bytes = signedRootBytes(facts, given);
  return rule.keys.filter((key) => {
    const id = tufKeyId(key, given);
    return signatures.some(({ keyId, signature }) => keyId === id && given.verify(key, bytes, signature));
  });
}

/**
 * Demands that a root follows the one before it (TUF specification, 5.3): the next version, of the same index, signed by enough keys of the one
 * before and by enough of its own. `before` null: the first. Refuses `root.other-index`, `root.not-next`, `root.too-few`.
 */
export function checkRoot(next: RootDocument, before: RootFacts | null, given: Hash & { verify: VerifyHex }): void {
  const expected = (before?.version ?? 0) + 1;
  if (before && next.facts.index !== before.index)
    throw refuse('root.other-index', { expected: before.index, found: next.facts.index });
  if (next.facts.version !== expected) throw refuse('root.not-next', { expected, found: next.facts.version });
  const rules = [
    ...(before ? [{ whose: before.version, rule: before.roles.root }] : []),
    { whose: expected, rule: next.facts.roles.root },
  ];
  for (const { whose, rule } of rules) {
    const signed = signersOf(next, rule, given).length;
    if (signed < rule.threshold) throw refuse('root.too-few', { whose, signed, threshold: rule.threshold });
  }
}
