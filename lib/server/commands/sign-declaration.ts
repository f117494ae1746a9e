// Takes an owner's signature over a prepared declaration. One is enough; it is decided by the very check that the countersigner makes, by the
// policy in force, and stored for the hand-over. Nothing of the index changes here.
import { nameDeclaration } from '#lib/core/declaration.ts';
import { refuse } from '#lib/core/errors.ts';
import type { AccountName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { checkDeclaration, type CheckedDeclaration } from '#lib/evidence/check-declaration.ts';
import { change, keepingRefusals, requireHit, viaOf, type Change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { findDeclaration, type FoundDeclaration } from '#lib/server/judge/find-declaration.ts';
import { loadKeyRing, loadKeysOfPeople } from '#lib/server/judge/key-ring.ts';
import { requirePolicyInForce } from '#lib/server/judge/load-policy.ts';
import type { SignatureWay } from '#lib/server/judge/signature-way.ts';
import { runtime } from '#lib/server/runtime.ts';

export type SignDeclarationInput = {
  project: string;
  /** SHA-256 of the bytes that were looked at. */
  declaration: string;
  signature: Uint8Array;
  way: SignatureWay;
};

export type SignedDeclaration = { result: 'counted' | 'already-there'; by: AccountName; says: string };

/** @throws `person.…`, `project.not-found`, `declaration.…` (`not-signed` with the reason), codes of lib/pgp */
export async function signDeclaration(actor: Actor, input: SignDeclarationInput): Promise<SignedDeclaration> {
  const { project, name, draft } = await findDeclaration(runtime().db, actor, input, 'declaration.sign');
  const about = { project: project.name, person: name, ...(draft && { draft }) };
  return keepingRefusals(actor, viaOf(actor), { kind: 'declaration.signature-refused', ...about }, () =>
    change(actor, viaOf(actor), (work) => enter(work, input)),
  );
}

async function enter(work: Change, input: SignDeclarationInput): Promise<SignedDeclaration> {
  const { tx } = work;
  await lockRow(tx, 'Project', (await findDeclaration(tx, work.actor, input, 'declaration.sign')).project.name);
  const found = await findDeclaration(tx, work.actor, input, 'declaration.sign');
  const { row, declaration } = found;
  const named = nameDeclaration(declaration);
  const checked = await check(work, found, input.signature);
  const isSame = row.packet !== null && Buffer.compare(row.packet, checked.packet) === 0;
  const about = { project: found.project.name, person: checked.by, ...(found.draft && { draft: found.draft }) };
  if (isSame) {
    await work.record('signature.repeated', { ...about, details: { declaration: named } });
    return { result: 'already-there', by: checked.by, says: `Signed by ${checked.by} already; nothing to do.` };
  }
  if (row.state !== 'open') throw refuse('declaration.not-open', { name: named, state: row.state });
  await store(work, row.id, checked);
  const details = { declaration: named, key: checked.key, way: input.way, sha256: found.sha256 };
  await work.record('declaration.signed', { ...about, details });
  const says = `Signed by ${checked.by}. It takes effect when the countersigner has checked it.`;
  return { result: 'counted', by: checked.by, says };
}

async function check(
  { tx, now }: Change,
  { project, name, row, declaration }: FoundDeclaration,
  signature: Uint8Array,
): Promise<CheckedDeclaration> {
  const { policy } = await requirePolicyInForce(tx, project.name);
  const people = policy.people.flatMap((person) => person.keys);
  const ring = await loadKeyRing(tx, [...people, ...(await loadKeysOfPeople(tx, [name]))]);
  return checkDeclaration({
    ...{ policy, hashing, document: { bytes: row.bytes, signature } },
    expected: { index: runtime().indexName, project: declaration.project },
    ...{ certificates: ring.certificates, keys: ring.facts },
    custodyOf: () => ({ received: now.getTime(), firstSeenHere: true, takenBack: false }),
  });
}

async function store({ tx, now }: Change, id: string, { by, key, packet }: CheckedDeclaration): Promise<void> {
  const written = await tx.declaration.updateMany({
    where: { id, state: 'open' },
    data: { state: 'signed', packet: new Uint8Array(packet), key, signedBy: by, signedAt: now },
  });
  requireHit(written, () => refuse('declaration.not-open', { name: 'declaration', state: 'no longer open' }));
}
