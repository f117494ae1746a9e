// The page on which owners declare something: a yank of one release, or the status of the project. What the index says now, what waits (to be
// signed, or for the countersigner), what was declared before. For people of the project; to others it is not there.
import { nameDeclaration, readDeclaration, type Declaration } from '#lib/core/declaration.ts';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import {
  readAccountName,
  readDraftId,
  readSha256,
  readVersion,
  type AccountName,
  type DraftId,
  type ProjectName,
  type Sha256,
  type Version,
} from '#lib/core/ids.ts';
import { may, type Actor, type Role } from '#lib/core/people.ts';
import type { ProjectStatus } from '#lib/core/release.ts';
import { readCanonicalVersion, versionKey } from '#lib/python/versions.ts';
import type { Declaration as DeclarationRow } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { rightFor } from '#lib/server/judge/find-declaration.ts';
import { requirePolicyInForce } from '#lib/server/judge/load-policy.ts';
import { loadUsableKeys } from '#lib/server/judge/my-keys.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { Download } from './download.ts';
import { makePanel, type SigningPanel } from './signing-panel.ts';

/** One that waits. `says`: what the countersigner has against it. */
export type OpenDeclaration = {
  declaration: Declaration;
  name: string;
  sha256: Sha256;
  proposedBy: AccountName;
  proposedAt: Date;
  signedBy: AccountName | null;
  says: string | null;
  panel: SigningPanel;
};

export type PastDeclaration = {
  name: string;
  reason: string;
  number: number;
  by: AccountName | null;
  at: Date;
};

type Common = {
  project: ProjectName;
  role: Role;
  open: OpenDeclaration | null;
  /** Newest first. */
  past: PastDeclaration[];
  mayDeclare: boolean;
};

export type YankPage = Common & { version: Version; draft: DraftId; yankedReason: string | null };
export type StatusPage = Common & { status: ProjectStatus; reason: string | null };

/** Refuses `person.…`, `project.not-found`, `declaration.no-release`; any PEP 440 spelling of the version is the release. */
export async function yankPage(actor: Actor, project: string, claimed: string): Promise<YankPage> {
  const { db } = runtime();
  const found = await requireRight(db, actor, 'project.see-drafts', project);
  const wanted = readClaimed(found.project.name, claimed);
  const where = { versionSlot: `${found.project.name}@${versionKey(wanted)}` };
  const row = await db.draft.findUnique({ where });
  if (!row?.publishedAt) throw refuse('declaration.no-release', { project: found.project.name, version: wanted });
  const draft = readDraftId(row.id);
  const common = await loadCommon(db, found, { kind: 'yank', draftId: draft });
  return { ...common, version: readVersion(row.version), draft, yankedReason: row.yankedReason };
}

/** What is no version, or a local one, was never published. */
function readClaimed(project: ProjectName, claimed: string): Version {
  try {
    return readCanonicalVersion(claimed);
  } catch (fault) {
    if (isRefusal(fault)) throw refuse('declaration.no-release', { project, version: claimed.slice(0, 80) }, fault);
    throw fault;
  }
}

/** Refuses `person.…`, `project.not-found`. */
export async function statusPage(actor: Actor, project: string): Promise<StatusPage> {
  const { db } = runtime();
  const found = await requireRight(db, actor, 'project.see-drafts', project);
  const row = await db.project.findUniqueOrThrow({ where: { name: found.project.name } });
  const common = await loadCommon(db, found, { kind: 'status', draftId: null });
  return { ...common, status: row.status as ProjectStatus, reason: row.statusReason };
}

type Found = Awaited<ReturnType<typeof requireRight>>;
type Subject = { kind: 'yank'; draftId: DraftId } | { kind: 'status'; draftId: null };

async function loadCommon(tx: Transaction, { project, role, name }: Found, subject: Subject): Promise<Common> {
  const where = { projectName: project.name, ...subject };
  const rows = await tx.declaration.findMany({ where, orderBy: [{ number: 'desc' }, { proposedAt: 'desc' }] });
  const open = rows.find((row) => row.openSlot !== null);
  const verb = rightFor(subject.kind === 'yank' ? 'countersign/yank' : 'countersign/status');
  return {
    ...{ project: project.name, role, mayDeclare: may(role, verb) },
    open: open ? await asOpen(tx, open, { name, isOwner: may(role, verb) }) : null,
    past: rows.filter((row) => row.state === 'in-force').map(asPast),
  };
}

function asPast({ bytes, number, signedBy, inForceAt, proposedAt }: DeclarationRow): PastDeclaration {
  const declaration = readDeclaration(bytes);
  const by = signedBy === null ? null : readAccountName(signedBy);
  return { name: nameDeclaration(declaration), reason: declaration.reason, number, by, at: inForceAt ?? proposedAt };
}

async function asOpen(
  tx: Transaction,
  row: DeclarationRow,
  reader: { name: AccountName; isOwner: boolean },
): Promise<OpenDeclaration> {
  const declaration = readDeclaration(row.bytes);
  const { policy } = await requirePolicyInForce(tx, declaration.project);
  const sha256 = readSha256(row.sha256);
  const isStale = declaration.policy !== policy.version;
  return {
    ...{ declaration, name: nameDeclaration(declaration), sha256 },
    ...{ proposedBy: readAccountName(row.proposedBy), proposedAt: row.proposedAt },
    signedBy: row.signedBy === null ? null : readAccountName(row.signedBy),
    says: isStale
      ? refuse('declaration.other-policy', { named: declaration.policy, inForce: policy.version }).message
      : row.countersignerSays,
    panel: makePanel({
      ...{ fileName: fileNameOf(declaration), downloadPath: pathOf(declaration.project, sha256) },
      ...{ bytes: row.bytes, sha256, usable: await loadUsableKeys(tx, reader.name, runtime().clock.now()) },
      named: policy.people.find((person) => person.name === reader.name)?.keys ?? [],
      will: 'One owner is enough: the countersigner takes it over when it has checked your signature.',
      cannotSign: reader.isOwner ? null : 'Only an owner of the project signs this.',
      signedAt: row.signedAt,
    }),
  };
}

const pathOf = (project: ProjectName, sha256: Sha256): string => `/projects/${project}/declarations/${sha256}.json`;

const fileNameOf = (d: Declaration): string =>
  d.type === 'countersign/yank'
    ? `${d.project}-${d.version}-${d.action}-${d.number}.json`
    : `${d.project}-status-${d.number}.json`;

/** The document byte for byte. Refuses `person.…`, `project.not-found`, `declaration.not-found`. */
export async function declarationBytes(actor: Actor, project: string, sha256: string): Promise<Download> {
  const { db } = runtime();
  const found = await requireRight(db, actor, 'project.see-drafts', project);
  const row = await db.declaration.findUnique({ where: { sha256 } });
  if (row?.projectName !== found.project.name) throw refuse('declaration.not-found', {});
  return { fileName: fileNameOf(readDeclaration(row.bytes)), contentType: 'application/json', bytes: row.bytes };
}
