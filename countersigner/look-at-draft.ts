// One draft in a round: fetch what the web program hands over of it, have it judged, and countersign it where everything that must hold does. Nothing
// hostile is opened here (judges/turns.ts). First sightings are kept whatever the outcome.
import { isRefusal, refusalOf } from '#lib/core/errors.ts';
import type { Sha256 } from '#lib/core/ids.ts';
import { keysNamedIn } from '#lib/evidence/keyring.ts';
import { readAccepted } from './accept-policies.ts';
import { readCertificates, renderCertificates, type Certificates } from './certificates.ts';
import { fetchFiles } from './fetched-files.ts';
import { commitHandback } from './hand-back.ts';
import { readProjectState, renderProjectState, type ProjectState, type PublishedRelease } from './project-state.ts';
import {
  findingOf,
  requireInstance,
  unlessSetAside,
  writingOf,
  type RoundParts,
  type RoundReport,
} from './round-parts.ts';
import { signAgain } from './sign-again.ts';
import type { Store } from './store.ts';
import { toBeJudged } from './take-certificates.ts';
import { takePolicies } from './take-project.ts';
import type { QueuedDraft } from './web-program.ts';
import { writeRelease } from './write-index.ts';
import type { Writing } from './write-list.ts';
import { readStanding } from './write-record.ts';

/** `named`: the files that a draft names, so that they are kept. */
export type Looking = { report: RoundReport; named: Set<Sha256> };

/** Looks at one draft where something may have come; what is refused, or costs too much, is a finding about it. */
export async function lookAtDraft(parts: RoundParts, draft: QueuedDraft, looking: Looking): Promise<void> {
  const { report } = looking;
  const about = { what: `draft ${draft.id}`, mark: draft.mark };
  try {
    const published = await unlessSetAside(parts, about, () => decideDraft(parts, draft, looking));
    if (published === true) report.published.push(`${draft.project} ${draft.version}`);
  } catch (fault) {
    if (isRefusal(fault) && fault.code === 'countersigner.web-away') throw fault;
    report.findings.push(findingOf(draft.id, fault));
  }
}

async function decideDraft(parts: RoundParts, draft: QueuedDraft, { report, named }: Looking): Promise<boolean> {
  const { store, web } = parts;
  const judge = parts.judges.of(draft.project);
  const before = readProjectState(store, draft.project);
  const release = Object.values(before.releases).find((entry) => entry.draft === draft.id);
  if (!isWorthALook(writingOf(parts, report.index), before, { draft, release })) return false;
  const bundle = await web.draftBundle(draft.id);
  const claims = await judge.readClaims({ bundle });
  const state = await takePolicies(parts, { state: before, bundle, claims, index: report.index });
  const writing = writingOf(parts, report.index);
  if (release) return signAgain(parts, { draft, release, state, bundle }, writing);
  const accepted = readAccepted(writing.readTree, state);
  for (const file of claims.files) named.add(file.sha256);
  const needsBytes = draft.approved || claims.hasFileSignatures;
  const files = needsBytes ? await fetchFiles(store, web, claims.files) : new Map<Sha256, string>();
  const certificates = readCertificates(store, keysNamedIn(accepted.map((entry) => entry.policy)));
  const input = { index: report.index, draft, bundle, files, state, accepted, certificates, now: writing.now };
  const looked = await judge.reCheck(input);
  const known = toBeJudged(store, looked.state, looked.certificates);
  if (!looked.ready) {
    keepLook(store, known, looked.certificates);
    if (looked.finding) throw refusalOf(looked.finding);
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
