// One round of the countersigner: ask the web program what there is, take in certificates and policies, look at every draft, countersign
// what is ready, judge again what was published, post it back. Each project and draft is on its own: what goes wrong with one is a finding
// about it, and the next one's turn comes (threats.md, 102). Refuses to sign anything for another index, or from a state that was put
// back (threats.md, 99).
import { refuse } from '#lib/core/errors.ts';
import type { IndexName, Sha256 } from '#lib/core/ids.ts';
import { keepOnlyFiles } from './fetched-files.ts';
import { acknowledgeHeld, commitHandback, postHandbacks } from './hand-back.ts';
import { firstInstanceState, readInstanceState, renderInstanceState, type InstanceState } from './instance-state.ts';
import { judgeProject } from './judge-releases.ts';
import { lookAtDraft } from './look-at-draft.ts';
import { requireInstance, writingOf, type RoundParts, type RoundReport } from './round-parts.ts';
import { signAnew } from './sign-anew.ts';
import { takeDeclarations } from './take-declarations.ts';
import { takeProject } from './take-project.ts';
import type { Queue } from './web-program.ts';
import { requireClock, readTufState } from './tuf/state.ts';
import { keepUp } from './tuf/upkeep.ts';
import { writeEmptyIndex } from './write-index.ts';

/**
 * Runs one round over this queue (asked for where none is given). Throws `countersigner.web-away`, `countersigner.other-index`,
 * `countersigner.went-back`, `countersigner.web-went-back`, `countersigner.second-copy`, `countersigner.clock`; everything else is a finding.
 */
export async function runRound(parts: RoundParts, given?: Queue): Promise<RoundReport> {
  const { store, web } = parts;
  const queue = given ?? (await web.queue());
  requireClock(readTufState(store), parts.now());
  const known = readInstanceState(store);
  requireSameIndex(known, queue);
  acknowledgeHeld(store, queue);
  if (!known) await commitFirst(parts, queue.index);
  await signAnew(parts);
  await postHandbacks(store, web);
  const report: RoundReport = {
    ...{ index: queue.index, policies: [], published: [], declared: [], quarantined: [], findings: [], refused: [] },
  };
  for (const project of queue.projects) await takeProject(parts, project, report);
  for (const project of queue.projects) if (project.declarations > 0) await takeDeclarations(parts, project, report);
  const named = new Set<Sha256>();
  for (const draft of queue.drafts) await lookAtDraft(parts, draft, { report, named });
  keepOnlyFiles(store, named);
  // Whatever came in this round or was left by one that was cut off; the web program is not asked which.
  for (const project of requireInstance(store).listed) await judgeProject(parts, project, report);
  parts.judges.rest();
  await postHandbacks(store, web);
  if (await keepUp(parts)) await postHandbacks(store, web);
  if (report.findings.length > 0) await web.postFindings(report.findings);
  return report;
}

/** The same index, and the same chain of hand-backs: nobody was put back, and nobody else signs (threats.md, 99). */
function requireSameIndex(known: InstanceState | null, queue: Queue): void {
  const { index, sequence } = queue;
  const own = known?.sequence ?? 0;
  if (known && known.index !== index) throw refuse('countersigner.other-index', { kept: known.index, given: index });
  if (sequence > own) throw refuse('countersigner.went-back', { own, web: sequence });
  if (known) requireSameChain(known, queue);
}

function requireSameChain({ sequence: own, acknowledged, handback: signed }: InstanceState, queue: Queue): void {
  const { sequence, handback } = queue;
  if (sequence < acknowledged) throw refuse('countersigner.web-went-back', { acknowledged, web: sequence });
  const isOther = handback !== null && signed !== undefined && handback !== signed;
  if (sequence === own && isOther) throw refuse('countersigner.second-copy', { sequence });
}

async function commitFirst(parts: RoundParts, index: IndexName): Promise<void> {
  const { store } = parts;
  const instance = firstInstanceState(index);
  store.commit(new Map([renderInstanceState(instance)]));
  const writing = writingOf(parts, index);
  await commitHandback(store, writing, { instance, paths: writeEmptyIndex(writing) });
}
