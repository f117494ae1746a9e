// One round of the countersigner: ask the web program what there is, take in new policies, look at every draft, countersign what is
// ready, post it back. Each project and draft is on its own: what goes wrong with one is a finding about it, and the next one's turn comes
// (threats.md, 102). Refuses to sign anything for another index, or from a state that was put back (threats.md, 99).
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { IndexName, ProjectName, Sha256 } from '#lib/core/ids.ts';
import { readStatement } from '#lib/core/statement.ts';
import { readBundle, type Evidence } from '#lib/evidence/bundle.ts';
import { keysNamedIn } from '#lib/evidence/keyring.ts';
import { readPolicy } from '#lib/core/policy.ts';
import { isChainAccepted } from './accept-chain.ts';
import { acceptPolicies, readAccepted } from './accept-policies.ts';
import { readCertificates, renderCertificates, type Certificates } from './certificates.ts';
import { fetchFiles, keepOnlyFiles } from './fetched-files.ts';
import { commitHandback, postHandbacks } from './hand-back.ts';
import {
  firstInstanceState,
  readInstanceState,
  renderInstanceState,
  treePlace,
  type InstanceState,
} from './instance-state.ts';
import type { IndexKeys } from './keys.ts';
import { readProjectState, renderProjectState, type ProjectState } from './project-state.ts';
import { reCheck } from './re-check.ts';
import type { Store } from './store.ts';
import type { DraftFinding, Queue, QueuedDraft, WebProgram } from './web-program.ts';
import { writeEmptyIndex, writePolicies, writeRelease } from './write-index.ts';
import type { Writing } from './write-list.ts';

export type RoundParts = { store: Store; keys: IndexKeys; web: WebProgram; now: () => number };
export type RoundReport = {
  index: IndexName;
  policies: ProjectName[];
  published: string[];
  findings: DraftFinding[];
  /** Policies that were not accepted: the drafts of the project tell its people. */
  refused: { project: ProjectName; code: string; says: string }[];
};

/** Runs one round. Throws `countersigner.web-away`, `countersigner.other-index`, `countersigner.went-back`; everything else is a finding. */
export async function runRound(parts: RoundParts): Promise<RoundReport> {
  const { store, web } = parts;
  const queue = await web.queue();
  const known = readInstanceState(store);
  requireSameIndex(known, queue);
  if (!known) await commitFirst(parts, queue.index);
  await postHandbacks(store, web);
  const report: RoundReport = { index: queue.index, policies: [], published: [], findings: [], refused: [] };
  for (const project of queue.projects) await takePolicies(parts, project, report);
  const named = new Set<Sha256>();
  for (const draft of queue.drafts) await lookAtDraft(parts, draft, { report, named });
  keepOnlyFiles(store, named);
  await postHandbacks(store, web);
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

function writingOf({ store, keys, now }: RoundParts, index: IndexName): Writing {
  return { index, keys, readTree: (path) => store.read(treePlace(path)), now: now() };
}

/** The instance state as it is now; the first commit of the round has made it. */
function requireInstance(store: Store): InstanceState {
  const instance = readInstanceState(store);
  if (!instance) throw new Error('The instance state is missing in the middle of a round.');
  return instance;
}

async function takePolicies(
  parts: RoundParts,
  { name, policy }: { name: ProjectName; policy: number },
  report: RoundReport,
): Promise<void> {
  try {
    const state = readProjectState(parts.store, name);
    if (policy <= state.policies.length) return;
    const evidence = await readBundle(await parts.web.projectBundle(name));
    const knows = await commitPolicies(parts, { state, evidence, index: report.index });
    if (knows.policies.length > state.policies.length) report.policies.push(name);
  } catch (fault) {
    if (!isRefusal(fault) || fault.code === 'countersigner.web-away') throw fault;
    report.refused.push({ project: name, code: fault.code, says: fault.message });
  }
}

/** Takes in what follows the accepted chain; answers the state that is then in force. */
async function commitPolicies(
  parts: RoundParts,
  { state, evidence, index }: { state: ProjectState; evidence: Evidence; index: IndexName },
): Promise<ProjectState> {
  const { store } = parts;
  const writing = writingOf(parts, index);
  const accepted = readAccepted(writing.readTree, state);
  const claimed = evidence.policies.map((entry) => readPolicy(entry.bytes));
  const known = readCertificates(store, keysNamedIn([...claimed, ...accepted.map((entry) => entry.policy)]));
  const mayBeginAnew = (sha256: Sha256) => isChainAccepted(store, state.project, sha256);
  const given = { state, accepted, known, evidence, mayBeginAnew, now: writing.now };
  const step = await acceptPolicies(state.project, given);
  if (step.following.length === 0) return state;
  const written = await writePolicies(writing, step.state, step);
  const instance = requireInstance(store);
  const { paths } = written;
  await commitHandback(store, writing, { instance, paths, project: written.state, certificates: step.certificates });
  return written.state;
}

type Looking = { report: RoundReport; named: Set<Sha256> };

async function lookAtDraft(parts: RoundParts, draft: QueuedDraft, looking: Looking): Promise<void> {
  const { report } = looking;
  try {
    const published = await decideDraft(parts, draft, looking);
    if (published) report.published.push(`${draft.project} ${draft.version}`);
  } catch (fault) {
    if (isRefusal(fault) && fault.code === 'countersigner.web-away') throw fault;
    const says = isRefusal(fault)
      ? fault.message
      : 'The countersigner failed on this draft; its operator finds why in its log.';
    if (!isRefusal(fault)) logFault(draft, fault);
    report.findings.push({ draft: draft.id, code: isRefusal(fault) ? fault.code : 'internal', says });
  }
}

function logFault(draft: QueuedDraft, fault: unknown): void {
  const cause = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
  process.stderr.write(`${JSON.stringify({ level: 'error', draft: draft.id, cause })}\n`);
}

async function decideDraft(parts: RoundParts, draft: QueuedDraft, { report, named }: Looking): Promise<boolean> {
  const { store, web } = parts;
  if (isDone(readProjectState(store, draft.project), draft)) return false;
  const bundle = await web.draftBundle(draft.id);
  const evidence = await readBundle(bundle);
  const state = await commitPolicies(parts, {
    state: readProjectState(store, draft.project),
    evidence,
    index: report.index,
  });
  const writing = writingOf(parts, report.index);
  const accepted = readAccepted(writing.readTree, state);
  const statement = readStatement(evidence.statement?.bytes ?? new Uint8Array());
  for (const file of statement.files) named.add(file.sha256);
  const needsBytes = draft.approved || evidence.fileSignatures.size > 0;
  const files = needsBytes ? await fetchFiles(store, web, statement.files) : new Map<Sha256, string>();
  const certificates = readCertificates(store, keysNamedIn(accepted.map((entry) => entry.policy)));
  const input = { index: report.index, draft, bundle, files, state, accepted, certificates, now: writing.now };
  const looked = await reCheck(input);
  if (!looked.ready) {
    keepLook(store, looked.state, looked.certificates);
    if (looked.finding) throw looked.finding;
    return false;
  }
  const instance = requireInstance(store);
  const given = { ready: looked.ready, certificates: looked.certificates, listed: instance.listed };
  const written = await writeRelease(writing, looked.state, given);
  const listed = [...new Set([...instance.listed, draft.project])].sort();
  const kept = { project: written.state, certificates: looked.certificates };
  await commitHandback(store, writing, { instance: { ...instance, listed }, paths: written.paths, ...kept });
  return true;
}

/** Published already (the post is on its way, or was taken), or still open and looked at in just this state. */
function isDone(state: ProjectState, draft: QueuedDraft): boolean {
  if (Object.values(state.releases).some((release) => release.draft === draft.id)) return true;
  return !draft.approved && draft.mark !== '' && state.drafts[draft.id]?.mark === draft.mark;
}

/** Sightings are kept whatever the outcome: a first sighting that were forgotten could be claimed anew. */
function keepLook(store: Store, state: ProjectState, certificates: Certificates): void {
  const [place, bytes] = renderProjectState(state);
  const before = store.read(place);
  const changed = renderCertificates(store, certificates);
  if (changed.size === 0 && before !== null && Buffer.compare(before, bytes) === 0) return;
  store.commit(new Map([[place, bytes], ...changed]));
}
