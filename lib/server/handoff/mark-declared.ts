// A countersigned declaration in rows: the release is yanked or not any more, the project has its status, everybody concerned is mailed. Called
// in the change that marks the hand-back as placed, so that it happens once. What is countersigned is in force: dropping it came too late.
import { readDeclaration, type Declaration } from '#lib/core/declaration.ts';
import { readAccountName, readDraftId, type AccountName, type DraftId } from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { Handback } from '#lib/evidence/handback.ts';
import { declarationPath } from '#lib/evidence/index-tree.ts';
import { versionKey } from '#lib/python/versions.ts';
import type { Change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { settleDrafts } from '#lib/server/judge/settle-draft.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { declaredLetter } from '#lib/server/mail/letters/declared.ts';

const declarationPattern = /^evidence\/[^/]+\/(?:releases\/[^/]+\/yank|status)\/[0-9]+\.json$/;

/** Writes every declaration of a checked hand-back that is not in force yet. */
export async function markDeclared(work: Change, { files }: Handback): Promise<void> {
  for (const [place, bytes] of files) {
    if (!declarationPattern.test(place)) continue;
    const declaration = readDeclaration(bytes);
    if (declarationPath(declaration) !== place) throw new Error(`The hand-back has another declaration at ${place}.`);
    await markOne(work, declaration, bytes);
  }
}

async function markOne(work: Change, declaration: Declaration, bytes: Uint8Array): Promise<void> {
  const { project } = declaration;
  await lockRow(work.tx, 'Project', project);
  const sha256 = hashing.sha256(bytes);
  if ((await work.tx.declaration.count({ where: { sha256, state: 'in-force' } })) > 0) return;
  const by = await closeRow(work, sha256, declaration);
  const draft = declaration.type === 'countersign/yank' ? await markYank(work, declaration) : null;
  if (declaration.type === 'countersign/status') await markStatus(work, declaration);
  const status = declaration.type === 'countersign/status' ? declaration.status : null;
  const version = declaration.type === 'countersign/yank' ? declaration.version : null;
  const details = { reason: declaration.reason, signedBy: by ? [by] : [], status, version, number: declaration.number };
  await work.record(kindOf(declaration), { project, ...(draft && { draft }), details });
  const members = await work.tx.membership.findMany({ where: { projectName: project } });
  const letter = declaredLetter({ declaration, by, draft });
  await tellPeople(
    work,
    members.map((member) => readAccountName(member.personName)),
    () => letter,
  );
}

function kindOf(declaration: Declaration) {
  if (declaration.type === 'countersign/status') return 'project.status-changed';
  return declaration.action === 'yank' ? 'release.yanked' : 'release.unyanked';
}

/** Answers who signed it; null where its row is gone. */
async function closeRow({ tx, now }: Change, sha256: string, declaration: Declaration): Promise<AccountName | null> {
  const row = await tx.declaration.findUnique({ where: { sha256 } });
  if (!row?.signedBy) return null;
  const silent = { countersignerCode: null, countersignerSays: null, countersignerAt: now };
  const chainSlot = `${row.kind}:${row.draftId ?? row.projectName}#${declaration.number}`;
  await tx.declaration.update({
    where: { sha256 },
    data: { state: 'in-force', inForceAt: now, openSlot: null, chainSlot, ...silent },
  });
  return readAccountName(row.signedBy);
}

async function markYank(
  { tx }: Change,
  { project, version, action, reason }: Declaration & { type: 'countersign/yank' },
): Promise<DraftId | null> {
  const where = { versionSlot: `${project}@${versionKey(version)}` };
  const row = await tx.draft.findUnique({ where });
  if (!row?.publishedAt) return null;
  await lockRow(tx, 'Draft', row.id);
  await tx.draft.update({ where, data: { yankedReason: action === 'yank' ? reason : null } });
  return readDraftId(row.id);
}

/** Open drafts are held back, or free again, at once. */
async function markStatus(
  work: Change,
  { project, status, reason }: Declaration & { type: 'countersign/status' },
): Promise<void> {
  await work.tx.project.update({ where: { name: project }, data: { status, statusReason: reason } });
  await settleDrafts(work, project);
}
