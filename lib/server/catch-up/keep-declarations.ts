// What owners declared of a project and its releases, as rows: so that the next declaration gets the next number, and pages say what the index says. One that was open or signed when the backup was made comes into force; another of the
// same subject ends. Called inside a change, after the releases, with documents whose signatures were checked.
import { randomUUID } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import { instantMs } from '#lib/core/ids.ts';
import { versionKey } from '#lib/python/versions.ts';
import type { Change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { PublishedDeclaration, PublishedProject } from './published-project.ts';

/** Those that the rows do not have in force. */
export async function missingDeclarations({ declarations }: PublishedProject): Promise<PublishedDeclaration[]> {
  const sha256 = { in: declarations.map((one) => one.sha256) };
  const rows = await runtime().db.declaration.findMany({
    where: { sha256, state: 'in-force' },
    select: { sha256: true },
  });
  const known = new Set(rows.map((row) => row.sha256));
  return declarations.filter((one) => !known.has(one.sha256));
}

/** Writes them, in the order of their numbers, and the status of the project. Refuses `catch-up.disagrees`. */
export async function keepDeclarations(
  work: Change,
  { list }: PublishedProject,
  missing: readonly PublishedDeclaration[],
): Promise<void> {
  const { project: name, status } = list;
  await lockRow(work.tx, 'Project', name);
  for (const one of missing) await keepOne(work, one);
  await work.tx.project.update({
    where: { name },
    data: { status: status?.status ?? 'active', statusReason: status?.reason ?? null },
  });
}

async function keepOne({ tx, now }: Change, { declaration, bytes, sha256, by }: PublishedDeclaration): Promise<void> {
  const { project, number } = declaration;
  const kind = declaration.type === 'countersign/yank' ? 'yank' : 'status';
  const versionSlot = declaration.type === 'countersign/yank' ? `${project}@${versionKey(declaration.version)}` : null;
  const draft =
    versionSlot === null ? null : await tx.draft.findUniqueOrThrow({ where: { versionSlot }, select: { id: true } });
  const subject = `${kind}:${draft?.id ?? project}`;
  const chainSlot = `${subject}#${number}`;
  if ((await tx.declaration.count({ where: { chainSlot, sha256: { not: sha256 } } })) > 0)
    throw refuse('catch-up.disagrees', { what: `declaration ${number} of ${project} is another one here` });
  await tx.declaration.updateMany({
    where: { openSlot: subject, sha256: { not: sha256 } },
    data: { state: 'withdrawn', openSlot: null },
  });
  const signedAt = new Date(by.facts.made ?? instantMs(declaration.date));
  const signed = { packet: new Uint8Array(by.packet.bytes), key: by.key, signedBy: by.person, signedAt };
  const inForce = { state: 'in-force', inForceAt: now, openSlot: null, chainSlot, ...signed };
  const document = {
    id: randomUUID(),
    projectName: project,
    kind,
    draftId: draft?.id ?? null,
    number,
    bytes: new Uint8Array(bytes),
    sha256,
  };
  const proposed = { proposedBy: by.person, proposedAt: new Date(instantMs(declaration.date)) };
  await tx.declaration.upsert({ where: { sha256 }, create: { ...document, ...proposed, ...inForce }, update: inForce });
}
