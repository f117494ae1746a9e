// Declarations of owners (docs/formats/declarations.md): a yank or unyank of a release, the status of a project. Each is decided from the raw
// document and the raw packet by the policy in force as we accepted it, our own clock and our own state: its number must be the next one of its
// subject, so that none comes back. What follows from it (the next record, list, pages) is committed with the document beside it.
import { subjectOf, requireNext, type StatusDeclaration, type Yank } from '#lib/core/declaration.ts';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { ProjectName } from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { SignedBytes } from '#lib/evidence/bundle.ts';
import type { CheckedDeclaration } from '#lib/evidence/check-declaration.ts';
import { declarationPath } from '#lib/evidence/index-tree.ts';
import { keysNamedIn } from '#lib/evidence/keyring.ts';
import { readAccepted } from './accept-policies.ts';
import { readCertificates } from './certificates.ts';
import { commitHandback } from './hand-back.ts';
import { readProjectState, type ProjectState } from './project-state.ts';
import { requireInstance, unlessSetAside, writingOf, type RoundParts, type RoundReport } from './round-parts.ts';
import type { QueuedProject } from './web-program.ts';
import { writeReleaseList, type Writing, type Written } from './write-list.ts';
import { releaseOf, writeListAndPages, writeNextSerials } from './write-record.ts';

/** Takes in what waits in one project, in its order. One that is refused is a finding about it and holds up none after it. */
export async function takeDeclarations(parts: RoundParts, queued: QueuedProject, report: RoundReport): Promise<void> {
  const project = queued.name;
  for (const document of await waitingIn(parts, queued, report)) {
    const declaration = hashing.sha256(document.bytes);
    try {
      const about = { what: `declaration ${declaration}`, mark: '' };
      const taken = await unlessSetAside(parts, about, () =>
        takeOne(parts, project, { document, index: report.index }),
      );
      if (taken) report.declared.push(`${project} ${taken}`);
    } catch (fault) {
      if (!isRefusal(fault) || fault.code === 'countersigner.web-away') throw fault;
      report.findings.push({ declaration, code: fault.code, says: fault.message });
    }
  }
}

async function waitingIn(
  parts: RoundParts,
  { name, mark, declarations }: QueuedProject,
  report: RoundReport,
): Promise<readonly SignedBytes[]> {
  try {
    const about = { what: `declarations of ${name}`, mark: `${declarations} ${mark}` };
    const claims = await unlessSetAside(parts, about, async () =>
      parts.judges.of(name).readClaims({ bundle: await parts.web.projectBundle(name) }),
    );
    return claims?.declarations ?? [];
  } catch (fault) {
    if (!isRefusal(fault) || fault.code === 'countersigner.web-away') throw fault;
    report.refused.push({ project: name, code: fault.code, says: fault.message });
    return [];
  }
}

/** Answers the subject; null where it was taken before and its hand-back is on the way. */
async function takeOne(
  parts: RoundParts,
  project: ProjectName,
  { document, index }: { document: SignedBytes; index: Writing['index'] },
): Promise<string | null> {
  const writing = writingOf(parts, index);
  const before = readProjectState(parts.store, project);
  const sha256 = hashing.sha256(document.bytes);
  if (Object.values(before.declared).some((entry) => entry.sha256 === sha256)) return null;
  const { state, checked } = await check(parts, writing, before, document);
  const subject = subjectOf(checked.declaration);
  const { number } = checked.declaration;
  requireNext(state.declared[subject]?.number ?? 0, checked.declaration);
  const declared = { ...state.declared, [subject]: { number, sha256 } };
  const written = await write(writing, { ...state, declared }, checked);
  const path = declarationPath(checked.declaration);
  written.paths.set(path, checked.bytes).set(`${path}.asc`, Buffer.from(checked.asc));
  const instance = requireInstance(parts.store);
  await commitHandback(parts.store, writing, { instance, paths: written.paths, project: written.state });
  return subject;
}

function check(
  { store, judges }: RoundParts,
  writing: Writing,
  state: ProjectState,
  document: SignedBytes,
): Promise<{ state: ProjectState; checked: CheckedDeclaration }> {
  const { index, now } = writing;
  const policy = readAccepted(writing.readTree, state).at(-1)?.policy;
  if (!policy) throw refuse('evidence.missing', { what: 'a policy of the project' });
  const certificates = readCertificates(store, keysNamedIn([policy]));
  return judges.of(state.project).checkOwner({ index, state, policy, certificates, document, now });
}

function write(writing: Writing, state: ProjectState, checked: CheckedDeclaration): Promise<Written> {
  const { declaration, by, sha256 } = checked;
  const stated = { reason: declaration.reason, by, sha256 };
  return declaration.type === 'countersign/yank'
    ? writeYank(writing, state, declaration, stated)
    : writeStatus(writing, state, declaration, stated);
}

type Stated = Pick<CheckedDeclaration, 'by' | 'sha256'> & { reason: string };

/** The next record of the release, which says that it is yanked, or not any more. Its state (published, quarantined) stays. */
async function writeYank(
  writing: Writing,
  state: ProjectState,
  { version, action }: Yank,
  stated: Stated,
): Promise<Written> {
  const release = releaseOf(state, version);
  if (release?.version !== version) throw refuse('declaration.no-release', { project: state.project, version });
  return writeNextSerials(writing, state, new Map([[version, { yanked: action === 'yank' ? stated : null }]]));
}

/** The list says the status; the pages too, where the project has any. */
async function writeStatus(
  writing: Writing,
  state: ProjectState,
  { status }: StatusDeclaration,
  stated: Stated,
): Promise<Written> {
  const next = { ...state, status: { status, ...stated } };
  const hasPages = Object.keys(next.releases).length > 0;
  return hasPages
    ? writeListAndPages(writing, { state: next, paths: new Map() })
    : writeReleaseList(writing, next, new Map());
}
