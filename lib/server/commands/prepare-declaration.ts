// Prepares a declaration of an owner: the very bytes that are to be signed. Nothing is declared by it: an owner signs it, the countersigner
// decides by that signature. One waits for each subject at a time (a unique slot holds that); it carries the number after the last one in force.
import { randomUUID } from 'node:crypto';
import {
  nameDeclaration,
  renderDeclaration,
  type Declaration,
  type StatusDeclaration,
  type Yank,
} from '#lib/core/declaration.ts';
import { readReason } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import { readDraftId, readVersion, renderInstant, type Sha256 } from '#lib/core/ids.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import { readProjectStatus } from '#lib/core/release.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { readCanonicalVersion, versionKey } from '#lib/python/versions.ts';
import { change, type Change } from '#lib/server/change.ts';
import { orTaken } from '#lib/server/db/faults.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { rightFor } from '#lib/server/judge/find-declaration.ts';
import { requirePolicyInForce } from '#lib/server/judge/load-policy.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';

/** What is to be declared; hostile. */
export type Wish =
  | { type: 'countersign/yank'; version: string; action: Yank['action']; reason: string }
  | { type: 'countersign/status'; status: string; reason: string };

/** @throws `person.…`, `session.not-fresh`, `project.…`, `declaration.no-release`, `declaration.changes-nothing`, `declaration.already-open`, `input.…` */
export async function prepareDeclaration(
  actor: Actor,
  input: { project: string; wish: Wish },
): Promise<{ declaration: Sha256 }> {
  return change(actor, 'web', async (work) => {
    const { tx, now } = work;
    const { project, name } = await requireRight(tx, actor, rightFor(input.wish.type), input.project);
    requireFresh(actor, now.getTime());
    await lockRow(tx, 'Project', project.name);
    const { version: policy } = await requirePolicyInForce(tx, project.name);
    const about = await readWish(work, project.name, input.wish);
    const where = { kind: about.kind, projectName: project.name, draftId: about.draft ?? null, state: 'in-force' };
    const last = await tx.declaration.findFirst({ where, orderBy: { number: 'desc' }, select: { number: true } });
    const number = (last?.number ?? 0) + 1;
    const declaration: Declaration = {
      ...about.wish,
      ...{ format: 1, index: runtime().indexName, project: project.name, number, policy },
      ...{ reason: about.reason, date: renderInstant(now.getTime()) },
    };
    const bytes = new Uint8Array(Buffer.from(renderDeclaration(declaration)));
    const sha256 = sha256Hex(bytes);
    const row = { id: randomUUID(), kind: about.kind, projectName: project.name, draftId: about.draft ?? null, number };
    const openSlot = `${about.kind}:${about.draft ?? project.name}`;
    const who = { proposedBy: name, proposedAt: now, state: 'open', openSlot };
    await orTaken(tx.declaration.create({ data: { ...row, bytes, sha256, ...who } }), () =>
      refuse('declaration.already-open', { name: nameDeclaration(declaration) }),
    );
    const details = { declaration: nameDeclaration(declaration), reason: about.reason, sha256 };
    await work.record('declaration.prepared', {
      project: project.name,
      ...(about.draft && { draft: readDraftId(about.draft) }),
      details,
    });
    return { declaration: sha256 };
  });
}

type Checked = {
  kind: 'yank' | 'status';
  wish: Pick<Yank, 'type' | 'version' | 'action'> | Pick<StatusDeclaration, 'type' | 'status'>;
  reason: string;
  draft?: string;
};

async function readWish(work: Change, project: string, wish: Wish): Promise<Checked> {
  return wish.type === 'countersign/yank' ? readYankWish(work, project, wish) : readStatusWish(work, project, wish);
}

async function readYankWish(
  { tx }: Change,
  project: string,
  { action, ...wish }: Wish & { type: 'countersign/yank' },
): Promise<Checked> {
  const reason = readReason(wish.reason);
  const claimed = readCanonicalVersion(wish.version);
  const release = await tx.draft.findUnique({ where: { versionSlot: `${project}@${versionKey(claimed)}` } });
  if (!release?.publishedAt) throw refuse('declaration.no-release', { project, version: claimed });
  const version = readVersion(release.version);
  const same = action === 'yank' ? release.yankedReason === reason : release.yankedReason === null;
  if (same) throw refuse('declaration.changes-nothing', { name: `${action} of ${version}` });
  return { kind: 'yank', wish: { type: 'countersign/yank', version, action }, reason, draft: release.id };
}

async function readStatusWish(
  { tx }: Change,
  project: string,
  wish: Wish & { type: 'countersign/status' },
): Promise<Checked> {
  const reason = readReason(wish.reason);
  const status = readProjectStatus(wish.status);
  const row = await tx.project.findUniqueOrThrow({ where: { name: project } });
  const isSame = row.status === status && (status === 'active' || row.statusReason === reason);
  if (isSame) throw refuse('declaration.changes-nothing', { name: `status “${status}”` });
  return { kind: 'status', wish: { type: 'countersign/status', status }, reason };
}
