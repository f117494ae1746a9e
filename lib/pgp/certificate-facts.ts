// From the parts of a certificate to its facts: who it is, what may sign, until when, what is revoked. Believes only signatures that
// verify (self-signatures.ts). What nobody vouches for, what is weak and what was put in by others does not come out. Judging
// the facts at a moment is core's (key.ts).
import { readFingerprint, type Fingerprint } from '#lib/core/ids.ts';
import type { KeyFacts, Revocation, SigningKeyFacts } from '#lib/core/key.ts';
import { refuse } from '#lib/core/errors.ts';
import { algorithmName, isSigningAlgorithm, weaknessOf, type KeyPacket } from './algorithms.ts';
import type { Part, Parts } from './certificate-parts.ts';
import {
  copiesOf,
  genuineBackSignature,
  genuineRevocations,
  newestGenuine,
  readKeyPacket,
  readUserId,
  types,
  verificationsMax,
  type Budget,
  type Genuine,
  type Over,
} from './self-signatures.ts';
import { endsKey, keyFlags, withoutExtras, type ReadSignature } from './signature-packet.ts';

/** A key packet that the certificate holds with its primary's word for it. `weakness`: why nothing by it is believed. */
export type BoundKey = { fingerprint: Fingerprint; packet: KeyPacket; weakness: string | null };

/** What was found: the facts, what is worth keeping of the certificate, and the keys that can be tried on a signature. */
export type Examined = {
  facts: KeyFacts;
  kept: Parts;
  keys: BoundKey[];
  /** Why the certificate as a whole cannot be believed; null: it can. */
  weakness: string | null;
  /** The key vouches for itself by at least one good self-signature. */
  selfSigned: boolean;
};

const signData = 0x02;
const encrypts = 0x0c;
const clockTolerance = 5 * 60_000;

/**
 * Establishes the facts of one certificate; hostile parts. `at` leaves out self-signatures made later than that and
 * tells live encryption keys. Refuses `key.unreadable`, `key.weak` (unknown version) and `key.too-complex`.
 */
export async function examine(parts: Parts, at: number = Number.POSITIVE_INFINITY): Promise<Examined> {
  const version = parts.primary.body[0] ?? 0;
  if (version === 2 || version === 3 || version === 5) throw refuse('key.weak', { why: `a key of version ${version}` });
  const packet = await readKeyPacket(parts.primary);
  if (!packet) throw refuse('key.unreadable', {});
  const budget: Budget = { left: verificationsMax, weakHash: null, at: at + clockTolerance };
  const primary = await examinePrimary(parts, packet, budget);
  const subkeys: Subkey[] = [];
  for (const part of parts.subkeys) {
    const subkey = await examineSubkey(part, packet, budget);
    if (subkey) subkeys.push(subkey);
  }
  const facts = gatherFacts(packet, primary, subkeys, at);
  return {
    facts,
    kept: {
      primary: primary.kept,
      userIds: primary.userIds.map(({ kept }) => kept),
      subkeys: subkeys.map(({ kept }) => kept),
    },
    keys: [boundKey(packet), ...subkeys.map((subkey) => boundKey(subkey.packet))],
    weakness: weaknessOfWhole(packet, primary, subkeys, budget),
    selfSigned: primary.governing !== null,
  };
}

type UserId = { text: string; certification: ReadSignature; live: boolean; kept: Part };
type Primary = {
  governing: ReadSignature | null;
  flags: number;
  expires: number | null;
  revocation: Revocation | null;
  userIds: UserId[];
  kept: Part;
};
type Subkey = {
  packet: KeyPacket;
  flags: number;
  signing: SigningKeyFacts | null;
  expires: number | null;
  revocation: Revocation | null;
  kept: Part;
};

const fingerprintOf = (packet: KeyPacket): Fingerprint => readFingerprint(packet.getFingerprint().toUpperCase());

const boundKey = (packet: KeyPacket): BoundKey => ({
  fingerprint: fingerprintOf(packet),
  packet,
  weakness: isSigningAlgorithm(packet) ? weaknessOf(packet) : null,
});

const createdMs = (packet: KeyPacket): number => packet.getCreationTime().getTime();

async function examinePrimary(parts: Parts, key: KeyPacket, budget: Budget): Promise<Primary> {
  const { primary } = parts;
  // A budget of their own: a certificate stuffed to its limits must still take its revocation.
  const revocations = await genuineRevocations(primary, types.keyRevocation, { key }, { ...budget });
  const direct = await newestGenuine(primary, types.directKey, { key }, budget);
  const userIds: UserId[] = [];
  for (const part of parts.userIds) {
    const userId = await examineUserId(part, key, budget);
    if (userId) userIds.push(userId);
  }
  const governing = governs(key, direct, userIds);
  // What the governing one leaves open, the direct-key signature may say.
  const saying = [governing, direct?.read ?? null].filter((read) => read !== null);
  return {
    governing,
    flags: saying.map(keyFlags).find((flags) => flags !== null) ?? 0,
    expires: saying.map((read) => endsKey(read, createdMs(key))).find((end) => end !== null) ?? null,
    revocation: worstRevocation(revocations),
    userIds,
    kept: keep(primary, [...worstOf(revocations), ...(direct ? [direct] : [])]),
  };
}

/** RFC 9580, 10.1: version 6 keys speak through their direct-key signature, version 4 keys through their newest user id. */
function governs(key: KeyPacket, direct: Genuine | null, userIds: readonly UserId[]): ReadSignature | null {
  if (key.version === 6) return direct?.read ?? null;
  const newestFirst = [...userIds].sort((one, other) => other.certification.made - one.certification.made);
  const live = newestFirst.filter((userId) => userId.live).map((userId) => userId.certification);
  const gone = newestFirst.map((userId) => userId.certification);
  return [...live, ...(direct ? [direct.read] : []), ...gone][0] ?? null;
}

async function examineUserId(part: Part, key: KeyPacket, budget: Budget): Promise<UserId | null> {
  const userID = readUserId(part);
  if (!userID) return null;
  const over = { key, userID };
  const found = await newestGenuine(part, types.certifications, over, budget);
  if (!found) return null;
  const revocations = await genuineRevocations(part, types.userIdRevocation, over, budget);
  const live = !revocations.some(({ read }) => read.made >= found.read.made);
  return { text: userID.userID, certification: found.read, live, kept: keep(part, [...revocations, found]) };
}

async function examineSubkey(part: Part, key: KeyPacket, budget: Budget): Promise<Subkey | null> {
  const packet = await readKeyPacket(part);
  if (!packet || packet.version !== key.version) return null;
  const over = { key, bind: packet };
  const revocations = await genuineRevocations(part, types.subkeyRevocation, over, budget);
  const found = await newestBinding(part, over, budget);
  if (!found) return null;
  const { binding, back } = found;
  const flags = keyFlags(binding.read) ?? 0;
  const base = {
    ...{ packet, flags, kept: keep(part, [...worstOf(revocations), binding]) },
    ...{ expires: endsKey(binding.read, createdMs(packet)), revocation: worstRevocation(revocations) },
  };
  if ((flags & signData) === 0 || !isSigningAlgorithm(packet) || weaknessOf(packet)) return { ...base, signing: null };
  return { ...base, signing: back && signingFacts(base, back.expires) };
}

/**
 * The newest binding with its back-signature. A copy of it may have lost that one, since it lies where the binding does not hold it: of
 * copies the one that still has it is taken, so that a stripped copy seen first does not take the subkey away for good.
 */
async function newestBinding(
  part: Part,
  over: Required<Pick<Over, 'key' | 'bind'>>,
  budget: Budget,
): Promise<{ binding: Genuine; back: ReadSignature | null } | null> {
  const binding = await newestGenuine(part, types.subkeyBinding, over, budget);
  if (!binding) return null;
  for (const copy of copiesOf(part, binding)) {
    const back = await genuineBackSignature(copy.read, over, budget);
    if (back) return { binding: copy, back };
  }
  return { binding, back: null };
}

function signingFacts(
  { packet, expires, revocation }: Omit<Subkey, 'signing'>,
  backEnds: number | null,
): SigningKeyFacts {
  const ends = [expires, backEnds].filter((end) => end !== null);
  return {
    fingerprint: fingerprintOf(packet),
    algorithm: algorithmName(packet),
    created: createdMs(packet),
    expires: ends.length === 0 ? null : Math.min(...ends),
    revocation,
  };
}

function gatherFacts(packet: KeyPacket, primary: Primary, subkeys: readonly Subkey[], at: number): KeyFacts {
  const { expires, revocation, flags, governing } = primary;
  const own = {
    fingerprint: fingerprintOf(packet),
    algorithm: algorithmName(packet),
    created: createdMs(packet),
    expires,
    revocation,
  };
  const primarySigns = (flags & signData) !== 0 && weaknessOf(packet) === null;
  const signing = [...(primarySigns ? [own] : []), ...subkeys.flatMap((subkey) => subkey.signing ?? [])];
  const isLive = (end: number | null) => end === null || at === Number.POSITIVE_INFINITY || end > at;
  return {
    primary: own.fingerprint,
    ...{ algorithm: own.algorithm, created: own.created, expires, revocation },
    userIds: primary.userIds.filter((userId) => userId.live).map((userId) => userId.text),
    // A weak primary vouches for nothing, neither does one that says nothing of itself.
    signing: governing && isTrustworthy(packet) ? uniqueKeys(signing) : [],
    canEncrypt: subkeys.some(
      (subkey) => (subkey.flags & encrypts) !== 0 && !subkey.revocation && isLive(subkey.expires),
    ),
  };
}

const isTrustworthy = (primary: KeyPacket): boolean => isSigningAlgorithm(primary) && weaknessOf(primary) === null;

const uniqueKeys = (keys: readonly SigningKeyFacts[]): SigningKeyFacts[] =>
  keys.filter((key, index) => keys.findIndex((other) => other.fingerprint === key.fingerprint) === index);

function weaknessOfWhole(
  key: KeyPacket,
  { governing }: Primary,
  subkeys: readonly Subkey[],
  budget: Budget,
): string | null {
  const own = weaknessOf(key);
  if (own) return own;
  const weakSubkey = subkeys.find(({ packet, flags }) => (flags & signData) !== 0 && weaknessOf(packet));
  if (governing === null) return budget.weakHash && `its self-signatures use ${budget.weakHash}`;
  const signs = subkeys.some((subkey) => subkey.signing);
  return !signs && ((keyFlags(governing) ?? 0) & signData) === 0 && weakSubkey ? weaknessOf(weakSubkey.packet) : null;
}

const softReasons: Readonly<Record<number, string>> = { 1: 'superseded', 3: 'retired', 32: 'user id no longer valid' };

/** RFC 9580, 5.2.3.31. Everything but "superseded", "retired" and "user id gone" is hard, above all no reason at all. */
function revocationOf({ packet, made }: ReadSignature): Revocation {
  const code = packet.reasonForRevocationFlag ?? 0;
  const soft = softReasons[code];
  if (soft !== undefined) return { kind: 'soft', date: made, reason: soft };
  return { kind: 'hard', date: made, reason: code === 2 ? 'compromised' : 'no reason given' };
}

/** Of several: a hard one before all, else the earliest. The others say nothing more and are not kept. */
function worstOf(found: readonly Genuine[]): Genuine[] {
  const all = [...found].sort((one, other) => one.read.made - other.read.made);
  const worst = all.find(({ read }) => revocationOf(read).kind === 'hard') ?? all[0];
  return worst ? [worst] : [];
}

function worstRevocation(found: readonly Genuine[]): Revocation | null {
  const [worst] = worstOf(found);
  return worst ? revocationOf(worst.read) : null;
}

const keep = ({ tag, body }: Part, genuine: readonly Genuine[]): Part => ({
  tag,
  body,
  signatures: genuine.map((signature) => withoutExtras(signature.body)),
});
