// One round of the countersigner: ask the web program what there is, take in certificates and policies, look at every draft, countersign
// what is ready, judge again what was published, post it back. Each project and draft is on its own: what goes wrong with one is a finding
// about it, and the next one's turn comes (threats.md, 102). Refuses to sign anything for another index, or from a state that was put
// back (threats.md, 99).
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { IndexName, Sha256 } from '#lib/core/ids.ts';
import { readStatement } from '#lib/core/statement.ts';
import { readBundle } from '#lib/evidence/bundle.ts';
import { keysNamedIn } from '#lib/evidence/keyring.ts';
import { readAccepted } from './accept-policies.ts';
import { readCertificates, renderCertificates, type Certificates } from './certificates.ts';
import { fetchFiles, keepOnlyFiles } from './fetched-files.ts';
import { commitHandback, postHandbacks } from './hand-back.ts';
import { firstInstanceState, readInstanceState, renderInstanceState, type InstanceState } from './instance-state.ts';
import { judgeProject } from './judge-releases.ts';
import { readProjectState, renderProjectState, type ProjectState, type PublishedRelease } from './project-state.ts';
import { reCheck } from './re-check.ts';
import { findingOf, requireInstance, writingOf, type RoundParts, type RoundReport } from './round-parts.ts';
import { signAgain } from './sign-again.ts';
import type { Store } from './store.ts';
import { toBeJudged } from './take-certificates.ts';
import { takeDeclarations } from './take-declarations.ts';
import { takePolicies, takeProject } from './take-project.ts';
import type { Queue, QueuedDraft } from './web-program.ts';
import { requireClock, readTufState } from './tuf/state.ts';
import { keepUp } from './tuf/upkeep.ts';
import { writeEmptyIndex, writeRelease } from './write-index.ts';
import type { Writing } from './write-list.ts';
import { readStanding } from './write-record.ts';

/**
 * Runs one round over this queue (asked for where none is given). Throws `countersigner.web-away`, `countersigner.other-index`,
 * `countersigner.went-back`, `countersigner.clock`; everything else is a finding.
 */
export async function runRound(parts: RoundParts, given?: Queue): Promise<RoundReport> {
  const { store, web } = parts;
  const queue = given ?? (await web.queue());
  requireClock(readTufState(store), parts.now());
  const known = readInstanceState(store);
  requireSameIndex(known, queue);
  if (!known) await commitFirst(parts, queue.index);
  await postHandbacks(store, web);
  const report: RoundReport = {
    ...{ index: queue.index, policies: [], published: [], declared: [], quarantined: [], findings: [], refused: [] },
  };
  for (const project of queue.projects) await takeProject(parts, project, report);
  for (const { name, declarations } of queue.projects)
    if (declarations > 0) await takeDeclarations(parts, name, report);
  const named = new Set<Sha256>();
  for (const draft of queue.drafts) await lookAtDraft(parts, draft, { report, named });
  keepOnlyFiles(store, named);
  // Whatever came in this round or was left by one that was cut off; the web program is not asked which.
  for (const project of requireInstance(store).listed) await judgeProject(parts, project, report);
  await postHandbacks(store, web);
  if (await keepUp(parts)) await postHandbacks(store, web);
  if (report.findings.length > 0) await web.postFindings(report.findings);
  return report;
}

function requireSameIndex(known: InstanceState | null, { index, sequence }: Queue): void {
  if (known && known.index !== index) throw refuse('countersigner.other-index', { kept: known.index, given: index });
  const own = known?.sequence ?? 0;
  if (sequence > own) throw refuse('countersigner.went-back', { own, web: sequence });
}

async function commitFirst(parts: RoundParts, index: IndexName): Promise<void> {
  const { store } = parts;
  const instance = firstInstanceState(index);
  store.commit(new Map([renderInstanceState(instance)]));
  const writing = writingOf(parts, index);
  await commitHandback(store, writing, { instance, paths: writeEmptyIndex(writing) });
}

type Looking = { report: RoundReport; named: Set<Sha256> };

async function lookAtDraft(parts: RoundParts, draft: QueuedDraft, looking: Looking): Promise<void> {
  const { report } = looking;
  try {
    const published = await decideDraft(parts, draft, looking);
    if (published) report.published.push(`${draft.project} ${draft.version}`);
  } catch (fault) {
    if (isRefusal(fault) && fault.code === 'countersigner.web-away') throw fault;
    report.findings.push(findingOf(draft.id, fault));
  }
}

async function decideDraft(parts: RoundParts, draft: QueuedDraft, { report, named }: Looking): Promise<boolean> {
  const { store, web } = parts;
  const before = readProjectState(store, draft.project);
  const release = Object.values(before.releases).find((entry) => entry.draft === draft.id);
  if (!isWorthALook(writingOf(parts, report.index), before, { draft, release })) return false;
  const bundle = await web.draftBundle(draft.id);
  const evidence = await readBundle(bundle);
  const state = await takePolicies(parts, { state: before, evidence, index: report.index });
  const writing = writingOf(parts, report.index);
  if (release) return signAgain(parts, { draft, release, state, evidence }, writing);
  const accepted = readAccepted(writing.readTree, state);
  const statement = readStatement(evidence.statement?.bytes ?? new Uint8Array());
  for (const file of statement.files) named.add(file.sha256);
  const needsBytes = draft.approved || evidence.fileSignatures.size > 0;
  const files = needsBytes ? await fetchFiles(store, web, statement.files) : new Map<Sha256, string>();
  const certificates = readCertificates(store, keysNamedIn(accepted.map((entry) => entry.policy)));
  const input = { index: report.index, draft, bundle, files, state, accepted, certificates, now: writing.now };
  const looked = await reCheck(input);
  const known = toBeJudged(store, looked.state, looked.certificates);
  if (!looked.ready) {
    keepLook(store, known, looked.certificates);
    if (looked.finding) throw looked.finding;
    return false;
  }
  const instance = requireInstance(store);
  const given = { ready: looked.ready, certificates: looked.certificates, listed: instance.listed };
  const written = await writeRelease(writing, known, given);
  const listed = [...new Set([...instance.listed, draft.project])].sort();
  const kept = { project: written.state, certificates: looked.certificates };
  await commitHandback(store, writing, { instance: { ...instance, listed }, paths: written.paths, ...kept });
  return true;
}

/** Something may have come since the last look: to a draft, or to a release that is quarantined. */
function isWorthALook(
  writing: Writing,
  state: ProjectState,
  { draft, release }: { draft: QueuedDraft; release: PublishedRelease | undefined },
): boolean {
  const isUnchanged = draft.mark !== '' && state.drafts[draft.id]?.mark === draft.mark;
  if (release) return !isUnchanged && readStanding(writing, state, release).state === 'quarantined';
  return draft.approved || !isUnchanged;
}

/** Sightings are kept whatever the outcome: a first sighting that were forgotten could be claimed anew. */
function keepLook(store: Store, state: ProjectState, certificates: Certificates): void {
  const [place, bytes] = renderProjectState(state);
  const before = store.read(place);
  const changed = renderCertificates(store, certificates);
  if (changed.size === 0 && before !== null && Buffer.compare(before, bytes) === 0) return;
  store.commit(new Map([[place, bytes], ...changed]));
}
