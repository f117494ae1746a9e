// Takes signatures for a draft: each packet ends as counted or with its sentence. They are checked before the change, since
// hashing files takes time, and judged inside it, under the lock of the draft's row, by rows as they are then. Whoever completes
// the threshold approves the draft in the same change, exactly once. A signature counts for the owner of its key by the policy.
// By a personal link anybody can send anything: what cannot be verified leaves no trace there but a count.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readSha256, type AccountName, type DraftId } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { stepFrom, type DraftState } from '#lib/core/release.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { change, keepingRefusals, viaOf, type Change } from '#lib/server/change.ts';
import { inTurn } from '#lib/server/in-turn.ts';
import {
  checkPackets,
  fileTarget,
  statementTarget,
  type CheckedPacket,
  type Target,
} from '#lib/server/judge/check-packets.ts';
import { enterPackets, explainUnverified } from '#lib/server/judge/enter-packets.ts';
import { findDraft, lockDraft } from '#lib/server/judge/find-draft.ts';
import { loadKeyRing, loadKeysOfPeople } from '#lib/server/judge/key-ring.ts';
import { loadCase, type LoadedCase } from '#lib/server/judge/load-case.ts';
import type { PacketOutcome } from '#lib/server/judge/packet-outcome.ts';
import { countUnverified, type LinkActor } from '#lib/server/judge/personal-link.ts';
import { sayStanding } from '#lib/server/judge/say-standing.ts';
import { settleDraft } from '#lib/server/judge/settle-draft.ts';
import type { SignatureWay } from '#lib/server/judge/signature-way.ts';
import { countSignatures, timingVerification } from '#lib/server/metrics.ts';
import { runtime } from '#lib/server/runtime.ts';

export type AddSignatureInput = {
  draft: string;
  signature: Uint8Array;
  way: SignatureWay;
  /** The revision that was looked at; another one is refused `draft.moved-on`. */
  expectedRevision?: number;
};

export type AddedSignature = {
  draft: DraftId;
  revision: number;
  outcomes: PacketOutcome[];
  state: DraftState;
  signed: number;
  required: number;
  couldStillSign: AccountName[];
  /** "2 of 2, publishing" */
  standing: string;
};

/** @throws `person.…`, `link.…`, `token.…`, `draft.not-found`, `draft.moved-on`, `draft.not-now`, `signature.…` for what is no signature */
export async function addSignature(actor: Actor, input: AddSignatureInput): Promise<AddedSignature> {
  const added = await take(actor, input);
  countSignatures(added.outcomes);
  return added;
}

async function take(actor: Actor, input: AddSignatureInput): Promise<AddedSignature> {
  const { db, clock } = runtime();
  const { row, name } = await findDraft(db, actor, 'signature.add', input.draft);
  const loaded = await loadCase(db, row, clock.now());
  const { id, project } = loaded.draft;
  if (actor.kind === 'link') return takeByLink(actor, loaded, input);
  return keepingRefusals(
    actor,
    viaOf(actor),
    { kind: 'signature.refused', project, draft: id, person: name },
    async () => {
      const checked = await check(loaded, input, name);
      return enterInTurn(actor, id, input, checked);
    },
  );
}

/** What came, tried over everything that the draft has or had. */
async function check(loaded: LoadedCase, input: AddSignatureInput, name: AccountName): Promise<CheckedPacket[]> {
  requireRevision(loaded, input);
  const packets = await readSignatures(input.signature);
  const certificates = await loadCertificates(loaded, name);
  const targets = await loadTargets(loaded);
  const checked = await timingVerification(() => checkPackets(packets, certificates, targets));
  await runtime().hold?.('add-signature.checked');
  return checked;
}

async function takeByLink(link: LinkActor, loaded: LoadedCase, input: AddSignatureInput): Promise<AddedSignature> {
  const checked = await check(loaded, input, link.name).catch(async (fault: unknown) => {
    if (isRefusal(fault)) await countUnverified(link);
    throw fault;
  });
  const known = checked.filter(({ subject }) => subject !== null);
  const unknown = checked.filter(({ subject }) => subject === null);
  if (unknown.length > 0) await countUnverified(link);
  const entered = known.length === 0 ? asAdded(loaded, []) : await enterInTurn(link, loaded.draft.id, input, known);
  const outcomes = [...entered.outcomes, ...unknown.map((packet) => explainUnverified(loaded, packet))];
  return { ...entered, outcomes };
}

function requireRevision({ draft }: LoadedCase, { expectedRevision }: AddSignatureInput): void {
  if (expectedRevision !== undefined && expectedRevision !== draft.revision)
    throw refuse('draft.moved-on', { revision: draft.revision });
}

/** Of the policy, of its people (for "registered, but not in the policy") and of whoever hands the signature in. */
async function loadCertificates({ signers, ring }: LoadedCase, name: AccountName): Promise<Uint8Array[]> {
  const { db } = runtime();
  const owned = await loadKeysOfPeople(db, [...signers.map((person) => person.name), name]);
  const more = await loadKeyRing(
    db,
    owned.filter((key) => !ring.facts.has(key)),
  );
  return [...ring.certificates, ...more.certificates];
}

/** What is asked for first; then what the draft had before, so that a mistake gets its own sentence. */
async function loadTargets({ draft, files }: LoadedCase): Promise<Target[]> {
  const { db } = runtime();
  const revisions = await db.revision.findMany({ where: { draftId: draft.id }, orderBy: { number: 'desc' } });
  const statements = revisions.map((revision) => statementTarget(revision.number, revision.statement));
  const earlier = await db.draftFile.findMany({
    where: { draftId: draft.id, until: { not: null } },
    select: { sha256: true },
  });
  const digests = new Set([...files.map((file) => file.sha256), ...earlier.map((row) => readSha256(row.sha256))]);
  return [...statements, ...[...digests].map(fileTarget)];
}

const enterInTurn = (actor: Actor, draft: DraftId, input: AddSignatureInput, checked: CheckedPacket[]) =>
  inTurn(draft, () => change(actor, viaOf(actor), (work) => enter(work, input, checked)));

async function enter(work: Change, input: AddSignatureInput, checked: CheckedPacket[]): Promise<AddedSignature> {
  const { row } = await lockDraft(work.tx, work.actor, 'signature.add', input.draft);
  await work.hold('add-signature.locked');
  const signers = checked.flatMap(({ facts }) => facts.key ?? []);
  const loaded = await loadCase(work.tx, row, work.now, signers);
  requireRevision(loaded, input);
  const { state } = loaded.draft;
  if (await hasNews(work, loaded, checked)) stepFrom(state, state === 'quarantined' ? 'sign-again' : 'sign');
  const outcomes = await enterPackets(work, loaded, checked, input.way);
  return asAdded(await settleDraft(work, loaded.draft.id), outcomes);
}

function asAdded(loaded: LoadedCase, outcomes: PacketOutcome[]): AddedSignature {
  const { counted, required, couldStillSign } = loaded.verdict;
  const { id, revision, state } = loaded.draft;
  const standing = sayStanding(loaded);
  return { draft: id, revision, outcomes, state, signed: counted.length, required, couldStillSign, standing };
}

/** A retry after a time-out brings only what stands already: that is answered calmly even when the draft has moved on. */
async function hasNews({ tx }: Change, { draft }: LoadedCase, checked: CheckedPacket[]): Promise<boolean> {
  const packetSha256 = { in: checked.map(({ packet }) => packet.sha256) };
  const standing = await tx.signature.count({ where: { draftId: draft.id, packetSha256, takenBackAt: null } });
  return standing < checked.length;
}
