// Lets checked packets into a draft, or says of each why not. Called inside a change, with the draft's row locked: judged
// again here, by rows as they are now. Only what counts becomes a row (one a person, revision and subject: the unique slot);
// what is refused is a line of history. A packet enters once, in the draft in which it was first seen (formats.md, 1).
import { randomUUID } from 'node:crypto';
import type { AccountName } from '#lib/core/ids.ts';
import { personOf } from '#lib/core/people.ts';
import { sayReason } from '#lib/core/reason.ts';
import { judgeSignature, type Finding, type HandedSignature, type Subject } from '#lib/core/verdict.ts';
import type { Change } from '#lib/server/change.ts';
import type { Signature as SignatureRow } from '#lib/server/db/generated/client.ts';
import type { CheckedPacket } from './check-packets.ts';
import type { LoadedCase } from './load-case.ts';
import type { PacketOutcome } from './packet-outcome.ts';
import type { SignatureWay } from './signature-way.ts';

/** What a change knows and stores of signatures, read once for all who sign in it and written once. */
export type Ledger = {
  /** Rows of the packets that came, of whichever draft. */
  seen: SignatureRow[];
  /** What is to be stored. */
  fresh: SignatureRow[];
};

/** Opens the book for these packets. */
export async function openLedger({ tx }: Pick<Change, 'tx'>, checked: readonly CheckedPacket[]): Promise<Ledger> {
  const packetSha256 = { in: [...new Set(checked.map(({ packet }) => packet.sha256))] };
  return { seen: await tx.signature.findMany({ where: { packetSha256 } }), fresh: [] };
}

/** Writes what is to be stored. */
export async function closeLedger({ tx }: Pick<Change, 'tx'>, { fresh }: Ledger): Promise<void> {
  const data = fresh.map((row) => ({ ...row, packet: new Uint8Array(row.packet) }));
  if (data.length > 0) await tx.signature.createMany({ data });
}

type Seen = { takenBack: boolean; elsewhere: boolean; standing: { received: Date } | null };

function wasSeen({ seen, fresh }: Ledger, draft: string, packetSha256: string): Seen {
  const rows = [...seen, ...fresh].filter((row) => row.packetSha256 === packetSha256);
  const here = rows.find((row) => row.draftId === draft) ?? null;
  return {
    takenBack: rows.some((row) => row.takenBackAt !== null),
    elsewhere: rows.some((row) => row.draftId !== draft),
    standing: here && here.takenBackAt === null ? { received: here.received } : null,
  };
}

/** The place that one person's signature over one subject takes. */
function slotOf(draft: string, subject: Subject, person: AccountName): string {
  const over = subject.over === 'statement' ? `statement:${subject.revision}` : `file:${subject.sha256}`;
  return `${draft}:${over}:${person}`;
}

const utc = (date: Date): string => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** One packet. `loaded` is the case before it. */
async function enterPacket(
  change: Change,
  loaded: LoadedCase,
  ledger: Ledger,
  { checked, way }: { checked: CheckedPacket; way: SignatureWay },
): Promise<PacketOutcome> {
  const { draft, judged } = loaded;
  const seen = wasSeen(ledger, draft.id, checked.packet.sha256);
  const handed: HandedSignature = {
    facts: checked.facts,
    subject: checked.subject ?? { over: 'statement', revision: draft.revision },
    received: change.now.getTime(),
    takenBack: seen.takenBack,
    firstSeenHere: !seen.elsewhere,
  };
  const finding = judgeSignature(handed, judged);
  const over = nameOf(loaded, checked.subject);
  if (!finding.counts || !finding.person) return refused(change, loaded, finding, over);
  const slot = slotOf(draft.id, handed.subject, finding.person);
  const earlier = seen.standing ?? (await findStanding(change, loaded, ledger, slot));
  const outcome = {
    packetSha256: checked.packet.sha256,
    person: finding.person,
    key: finding.facts.key,
    over,
    reason: null,
  };
  if (earlier) {
    await change.record('signature.repeated', {
      project: draft.project,
      draft: draft.id,
      person: finding.person,
      details: { over },
    });
    const who = finding.person === personOf(change.actor) ? 'You' : finding.person;
    return {
      ...outcome,
      result: 'already-there',
      says: `${who} signed ${saySubject(handed.subject, over)} on ${utc(earlier.received)}; nothing to do.`,
    };
  }
  await store(change, loaded, ledger, { checked, finding, slot, way, over });
  return {
    ...outcome,
    result: 'counted',
    says: `Signed by ${finding.person}, over ${saySubject(handed.subject, over)}.`,
  };
}

/** What takes the place already. A signature that stopped counting (its key ended, its person was struck) makes room for a new one. */
async function findStanding(
  { tx }: Change,
  { signatures, verdict }: LoadedCase,
  { fresh }: Ledger,
  slot: string,
): Promise<SignatureRow | null> {
  const isThere = (row: SignatureRow): boolean => row.countedSlot === slot;
  const at = signatures.findIndex(isThere);
  const row = fresh.find(isThere) ?? signatures[at];
  if (!row || fresh.includes(row) || verdict.findings[at]?.counts) return row ?? null;
  await tx.signature.update({ where: { id: row.id }, data: { countedSlot: null } });
  return null;
}

const saySubject = (subject: Subject, over: string | null): string =>
  subject.over === 'statement' ? `revision ${subject.revision}` : (over ?? 'a file');

function nameOf(loaded: LoadedCase, subject: Subject | null): string | null {
  if (!subject) return null;
  if (subject.over === 'statement') return 'statement';
  return loaded.files.find((file) => file.sha256 === subject.sha256)?.name ?? 'a file that is not in this release';
}

async function refused(
  change: Change,
  { draft }: LoadedCase,
  finding: Finding,
  over: string | null,
): Promise<PacketOutcome> {
  const outcome = explain(finding, over);
  const { says, reason, person, packetSha256 } = outcome;
  await change.record('signature.refused', {
    project: draft.project,
    draft: draft.id,
    ...(person && { person }),
    details: { code: reason, says, packet: packetSha256, revision: draft.revision },
  });
  return outcome;
}

/** Why a packet does not count. */
function explain({ reason, facts, person }: Finding, over: string | null): PacketOutcome {
  const why = reason ?? { code: 'unknown-key' as const, claimed: facts.issuer ?? 'unknown' };
  const { packetSha256, key } = facts;
  const says = sayReason(why).slice(0, 500);
  return { packetSha256, result: 'refused', person, key, over, says, reason: why.code };
}

/** The same for one that is over nothing here or by nobody who is known here, without an entry in history. */
export function explainUnverified({ draft, judged }: LoadedCase, { facts }: CheckedPacket): PacketOutcome {
  const subject: Subject = { over: 'statement', revision: draft.revision };
  const handed = { facts, subject, received: judged.now, takenBack: false, firstSeenHere: true };
  return explain(judgeSignature(handed, judged), null);
}

type Entry = { checked: CheckedPacket; finding: Finding; slot: string; way: SignatureWay; over: string | null };

async function store(
  change: Change,
  { draft }: LoadedCase,
  { fresh }: Ledger,
  { checked, finding, slot, way, over }: Entry,
): Promise<void> {
  const { facts, subject, person } = finding;
  if (!person || !facts.key || !facts.issuer || facts.made === null)
    throw new Error('A signature that counts has key, time and person.');
  fresh.push({
    id: randomUUID(),
    draftId: draft.id,
    revision: draft.revision,
    subject: subject.over,
    fileSha256: subject.over === 'file' ? subject.sha256 : null,
    fileName: subject.over === 'file' ? over : null,
    packet: new Uint8Array(checked.packet.bytes),
    packetSha256: facts.packetSha256,
    personName: person,
    ...{ key: facts.key, issuer: facts.issuer, made: new Date(facts.made), received: change.now },
    ...{ via: way, takenBackAt: null, recordSerial: null, countedSlot: slot },
  });
  const details = { key: facts.key, over, revision: draft.revision, way, packet: facts.packetSha256 };
  await change.record('signature.added', { project: draft.project, draft: draft.id, person, details });
}

/** All packets of an upload, one after the other, so that two of one person in it count once. None is lost silently. */
export async function enterPackets(
  change: Change,
  loaded: LoadedCase,
  checked: readonly CheckedPacket[],
  way: SignatureWay,
): Promise<PacketOutcome[]> {
  const ledger = await openLedger(change, checked);
  const outcomes = await enterInto(change, loaded, ledger, { checked, way });
  await closeLedger(change, ledger);
  return outcomes;
}

/** The same where several sign in one change: it is stored when the ledger is closed. */
export async function enterInto(
  change: Change,
  loaded: LoadedCase,
  ledger: Ledger,
  { checked, way }: { checked: readonly CheckedPacket[]; way: SignatureWay },
): Promise<PacketOutcome[]> {
  const outcomes: PacketOutcome[] = [];
  for (const entry of checked) outcomes.push(await enterPacket(change, loaded, ledger, { checked: entry, way }));
  return outcomes;
}
