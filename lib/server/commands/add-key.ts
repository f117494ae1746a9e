// Adds an OpenPGP certificate to the actor's account, or merges a newer copy, or a revocation alone, into it (revocations are
// sticky, nothing is replaced). Foreign bytes: private keys, several keys, weak or useless ones are refused by lib/pgp, and the refusal is kept in
// history without the bytes. Every signing-capable fingerprint belongs to one person; a key that nobody proved holds no place.
import { refuse } from '#lib/core/errors.ts';
import type { AccountName, Fingerprint } from '#lib/core/ids.ts';
import type { KeyFacts } from '#lib/core/key.ts';
import { changesOfKey, type KeyChange } from '#lib/core/key-end.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import { mergeCertificates } from '#lib/pgp/merge-certificates.ts';
import { readCertificate, requireRegistrable, type Certificate } from '#lib/pgp/read-certificate.ts';
import { readKeyFacts } from '#lib/pgp/read-key-facts.ts';
import { applyRevocation, readRevocation, type RevocationPacket } from '#lib/pgp/revocation.ts';
import { change, keepingRefusals, type Change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { claimSigningKeys, dropUnprovenOfOthers } from '#lib/server/judge/claim-keys.ts';
import { settleProjectsOfKey } from '#lib/server/judge/settle-draft.ts';
import { tellKeyEnded } from '#lib/server/judge/tell-key-ended.ts';
import { makeChallenge } from '#lib/server/judge/key-challenge.ts';
import { runtime } from '#lib/server/runtime.ts';

/** `certificate`: or a revocation certificate of a key that is here. `expected`: the key that it must be a newer copy of. */
export type AddKeyInput = { certificate: Uint8Array; expected?: string };
export type AddedKey = {
  fingerprint: Fingerprint;
  outcome: 'added' | 'updated' | 'unchanged';
  /** What a newer copy says differently. */
  changes: KeyChange[];
};

/**
 * Adds or updates a key of the actor. A new one starts unproven, with a phrase to sign at once.
 * @throws `person.sign-in-first`, `session.not-fresh`, the codes of lib/pgp for what is no usable certificate, `key.of-another`, `key.merge-other`,
 * `key.revocation-fits-none`, `key.revocation-of-another`
 */
export async function addKey(actor: Actor, input: AddKeyInput): Promise<AddedKey> {
  const name = requireFresh(actor, runtime().clock.now().getTime());
  return keepingRefusals(actor, 'web', { kind: 'key.refused', person: name }, async () => {
    const { facts, bytes } = await readHandedIn(name, input);
    const known = await runtime().db.key.findUnique({ where: { fingerprint: facts.primary } });
    if (
      known?.personName === name &&
      isSame((await mergeCertificates(known.certificate, bytes)).bytes, known.certificate)
    )
      return { fingerprint: facts.primary, outcome: 'unchanged', changes: [] };
    return change(actor, 'web', (work) => keep(work, name, facts, bytes));
  });
}

/** The certificate in the file; of a bare revocation, the actor's certificate with it. */
async function readHandedIn(name: AccountName, { certificate, expected }: AddKeyInput): Promise<Certificate> {
  const revocation = readRevocation(certificate);
  const read = revocation
    ? await revokedCopy(name, revocation)
    : await readCertificate(certificate, runtime().clock.now().getTime());
  const given = read.facts.primary;
  if (expected === undefined || given === expected) return read;
  if (revocation) throw refuse('key.revocation-of-another', { expected, made: given });
  throw refuse('key.merge-other', { known: expected, given });
}

/** Refuses `key.revocation-fits-none` unless one of the actor's own keys made it. */
async function revokedCopy(name: AccountName, revocation: RevocationPacket): Promise<Certificate> {
  const rows = await runtime().db.key.findMany({ where: { personName: name }, orderBy: { fingerprint: 'asc' } });
  for (const row of rows) {
    const revoked = await applyRevocation(row.certificate, revocation);
    if (revoked) return revoked;
  }
  throw refuse('key.revocation-fits-none', {});
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

async function keep(work: Change, name: AccountName, facts: KeyFacts, bytes: Uint8Array): Promise<AddedKey> {
  await lockRow(work.tx, 'Person', name);
  await lockRow(work.tx, 'Key', facts.primary);
  await dropUnprovenOfOthers(work, name, facts);
  const known = await work.tx.key.findUnique({ where: { fingerprint: facts.primary } });
  if (known && known.personName !== name) throw refuse('key.of-another', {});
  if (known) return update(work, name, known, bytes);
  requireRegistrable(facts, work.now.getTime());
  await work.tx.key.create({
    data: {
      fingerprint: facts.primary,
      personName: name,
      certificate: new Uint8Array(bytes),
      state: 'unproven',
      createdAt: work.now,
    },
  });
  await claimSigningKeys(work, facts);
  await work.record('key.added', { person: name, details: { key: facts.primary, algorithm: facts.algorithm } });
  await makeChallenge(work, name, facts.primary);
  return { fingerprint: facts.primary, outcome: 'added', changes: [] };
}

async function update(
  work: Change,
  name: AccountName,
  known: { fingerprint: string; certificate: Uint8Array },
  bytes: Uint8Array,
): Promise<AddedKey> {
  const { bytes: merged, facts } = await mergeCertificates(known.certificate, bytes);
  await work.tx.key.update({ where: { fingerprint: facts.primary }, data: { certificate: new Uint8Array(merged) } });
  await claimSigningKeys(work, facts);
  const before = await readKeyFacts(known.certificate);
  const changes = changesOfKey(before, facts);
  const revocation = before.revocation === null ? facts.revocation : null;
  await work.record(revocation ? 'key.revoked' : 'key.updated', {
    person: name,
    details: { key: facts.primary, revoked: facts.revocation?.kind ?? null },
  });
  if (revocation) await tellKeyEnded(work, name, facts.primary, revocation.kind);
  await settleProjectsOfKey(work, facts.primary);
  return { fingerprint: facts.primary, outcome: 'updated', changes };
}
