// One published release as rows: its draft with the statement that was signed, its files, the signatures that its records name, its state by the newest record. A draft of it that was open when the backup was made becomes it;
// another open draft of the version ends. Where the rows say something else of what is published, they are refused, never written over. Called inside a change, with a release that core has decided.
import { randomUUID } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import { instantMs, readDraftId } from '#lib/core/ids.ts';
import type { RecordSignature, ReleaseRecord } from '#lib/core/release.ts';
import { versionKey } from '#lib/python/versions.ts';
import { requireHit, type Change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { keepNames } from '#lib/server/handoff/mark-published.ts';
import { runtime } from '#lib/server/runtime.ts';
import { recordedAt, type PublishedRelease } from './published-project.ts';

const newestOf = ({ records }: PublishedRelease): ReleaseRecord => records.at(-1) ?? records[0];
const disagrees = (what: string) => refuse('catch-up.disagrees', { what });

/** Whether the rows know its newest record already. */
export async function isKept(release: PublishedRelease): Promise<boolean> {
  const { draft } = release.statement;
  const row = await runtime().db.draft.findUnique({ where: { id: draft }, select: { recordSerial: true } });
  return (row?.recordSerial ?? 0) >= newestOf(release).serial;
}

/** Writes it. Refuses `catch-up.disagrees`. */
export async function keepRelease(work: Change, release: PublishedRelease): Promise<void> {
  const { tx } = work;
  const { draft, project, version } = release.statement;
  await lockRow(tx, 'Draft', draft);
  const slot = `${project}@${versionKey(version)}`;
  await freeSlot(work, release, slot);
  await requireSameNames(work, newestOf(release));
  await keepNames(work, newestOf(release));
  await tx.draft.upsert({
    where: { id: draft },
    create: { ...headOf(release), ...stateOf(release, slot) },
    update: { revision: release.statement.revision, ...stateOf(release, slot) },
  });
  await keepRevision(work, release);
  await keepFiles(work, release);
  for (const record of release.records) await keepSignatures(work, release, record);
  await work.record('release.put-back', { project, draft, details: { version, record: newestOf(release).serial } });
}

const headOf = ({ statement, records }: PublishedRelease) => {
  const { draft: id, project: projectName, version, openedBy, revision } = statement;
  const at = recordedAt(records[0]);
  return { id, projectName, version, versionKey: versionKey(version), revision, openedBy, openedAt: at, deadline: at };
};

function stateOf(release: PublishedRelease, versionSlot: string) {
  const [first, newest] = [release.records[0], newestOf(release)];
  const { state, serial: recordSerial, policy: recordPolicy, yanked } = newest;
  const isQuarantined = state === 'quarantined';
  return {
    ...{
      state,
      versionSlot,
      publishedAt: recordedAt(first),
      approvedAt: recordedAt(first),
      recordSerial,
      recordPolicy,
    },
    ...{ yankedReason: yanked?.reason ?? null, withdrawnBy: null, withdrawReason: null, belowSince: null },
    quarantinedAt: isQuarantined ? recordedAt(newest) : null,
    quarantineReason: isQuarantined ? (newest.reason ?? 'no reason given') : null,
    ...{ countersignerCode: null, countersignerSays: null },
  };
}

async function freeSlot(
  work: Change,
  { statement: { draft, project, version } }: PublishedRelease,
  versionSlot: string,
): Promise<void> {
  const { tx } = work;
  const own = await tx.draft.findUnique({ where: { id: draft }, select: { projectName: true, versionKey: true } });
  if (own && (own.projectName !== project || own.versionKey !== versionKey(version)))
    throw disagrees(`draft ${draft} is another release here than ${project} ${version}`);
  const other = await tx.draft.findFirst({ where: { versionSlot, id: { not: draft } } });
  if (!other) return;
  if (other.publishedAt !== null)
    throw disagrees(`${project} ${version} was published from draft ${other.id} here, and from ${draft} there`);
  const written = await tx.draft.updateMany({
    where: { id: other.id, publishedAt: null },
    data: { state: 'withdrawn', versionSlot: null },
  });
  requireHit(written, () => disagrees(`draft ${other.id} moved on meanwhile`));
  await work.record('draft.withdrawn', {
    project,
    draft: readDraftId(other.id),
    details: { why: `${version} is published` },
  });
}

async function requireSameNames({ tx }: Change, { files }: ReleaseRecord): Promise<void> {
  const digests = new Map<string, string>(files.map(({ name, sha256 }) => [name, sha256]));
  const rows = await tx.publishedFile.findMany({ where: { name: { in: [...digests.keys()] } } });
  const other = rows.find(({ name, sha256 }) => digests.get(name) !== sha256);
  if (other) throw disagrees(`${other.name} was published with other bytes here`);
}

async function keepRevision({ tx }: Change, release: PublishedRelease): Promise<void> {
  const { draft: draftId, revision: number, openedBy: createdBy } = release.statement;
  const sha256 = release.records[0].statementSha256;
  const row = await tx.revision.findUnique({ where: { draftId_number: { draftId, number } } });
  if (row && row.sha256 !== sha256)
    throw disagrees(`revision ${number} of draft ${draftId} has another statement here`);
  if (row) return;
  const statement = new Uint8Array(release.statementBytes);
  await tx.revision.create({
    data: { draftId, number, statement, sha256, createdAt: recordedAt(release.records[0]), createdBy },
  });
}

async function keepFiles({ tx }: Change, release: PublishedRelease): Promise<void> {
  const { draft, revision, openedBy } = release.statement;
  const [first] = release.records;
  const current = await tx.draftFile.findMany({ where: { draftId: draft, until: null } });
  const isIn = (name: string, sha256: string): boolean =>
    first.files.some((file) => file.name === name && file.sha256 === sha256);
  for (const { id, name, sha256, since } of current)
    if (!isIn(name, sha256))
      await tx.draftFile.update({ where: { id }, data: { until: Math.max(since, revision), nameSlot: null } });
  const there = new Set(current.map(({ name, sha256 }) => `${sha256} ${name}`));
  const missing = first.files.filter(({ name, sha256 }) => !there.has(`${sha256} ${name}`));
  await tx.draftFile.createMany({
    data: missing.map(({ name, sha256, size, blake2b256, metadataSha256, requiresPython }) => ({
      ...{
        id: randomUUID(),
        draftId: draft,
        name,
        sha256,
        size: BigInt(size),
        blake2b256,
        metadataSha256,
        requiresPython,
      },
      ...{
        kind: name.endsWith('.whl') ? 'wheel' : 'sdist',
        addedBy: openedBy,
        addedAt: recordedAt(first),
        since: revision,
      },
      nameSlot: `${draft}:${name}`,
    })),
  });
}

async function keepSignatures({ tx }: Change, release: PublishedRelease, record: ReleaseRecord): Promise<void> {
  const { draft: draftId } = release.statement;
  const { serial: recordSerial } = record;
  for (const signature of record.signatures) {
    const where = { draftId, packetSha256: signature.sha256 };
    const { count } = await tx.signature.updateMany({ where, data: { recordSerial } });
    // One that fell since is served no more: only its digest is in the records.
    const packet = release.packets.get(signature.sha256);
    if (count > 0 || !packet) continue;
    const row = signatureRow(release, record, signature);
    const isFree = (await tx.signature.count({ where: { countedSlot: row.countedSlot } })) === 0;
    await tx.signature.create({
      data: { ...row, packet: new Uint8Array(packet.bytes), countedSlot: isFree ? row.countedSlot : null },
    });
  }
}

function signatureRow({ statement }: PublishedRelease, { serial, files }: ReleaseRecord, signature: RecordSignature) {
  const { draft: draftId, revision } = statement;
  const { person, key, issuer, over, made, received, sha256: packetSha256 } = signature;
  const file = over === 'statement' ? null : files.find(({ name }) => name === over);
  const subject = file ? `file:${file.sha256}` : `statement:${revision}`;
  return {
    ...{ id: randomUUID(), draftId, revision, subject: file ? 'file' : 'statement' },
    ...{
      fileSha256: file?.sha256 ?? null,
      fileName: file?.name ?? null,
      packetSha256,
      personName: person,
      key,
      issuer,
    },
    ...{ made: new Date(instantMs(made)), received: new Date(instantMs(received)), via: 'index', recordSerial: serial },
    countedSlot: `${draftId}:${subject}:${person}`,
  };
}
