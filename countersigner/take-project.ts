// What the web program hands over of one project: certificates first, then policies that follow the accepted chain, committed and written into
// the index. A chain that is refused is reported, and everything else goes on (threats.md, 102).
import { isRefusal } from '#lib/core/errors.ts';
import type { IndexName, Sha256 } from '#lib/core/ids.ts';
import { readPolicy } from '#lib/core/policy.ts';
import { readBundle, type Evidence } from '#lib/evidence/bundle.ts';
import { keysNamedIn } from '#lib/evidence/keyring.ts';
import { isChainAccepted } from './accept-chain.ts';
import { acceptPolicies, readAccepted } from './accept-policies.ts';
import { readCertificates } from './certificates.ts';
import { commitHandback } from './hand-back.ts';
import { readProjectState, type ProjectState } from './project-state.ts';
import { requireInstance, writingOf, type RoundParts, type RoundReport } from './round-parts.ts';
import { lookAgain, takeCertificates } from './take-certificates.ts';
import type { QueuedProject } from './web-program.ts';
import { writePolicies } from './write-index.ts';

/** Asks for the project where there is something new to see. Throws `countersigner.web-away`; what else is refused is reported. */
export async function takeProject(parts: RoundParts, queued: QueuedProject, report: RoundReport): Promise<void> {
  const { store, web } = parts;
  const { name, policy, mark } = queued;
  try {
    const before = readProjectState(store, name);
    if (policy <= before.policies.length && mark === before.mark) return;
    const evidence = await readBundle(await web.projectBundle(name));
    const state = await takeCertificates(store, before, { evidence, mark, now: parts.now() });
    const knows = await takePolicies(parts, { state, evidence, index: report.index });
    if (knows.policies.length > state.policies.length) report.policies.push(name);
  } catch (fault) {
    if (!isRefusal(fault) || fault.code === 'countersigner.web-away') throw fault;
    report.refused.push({ project: name, code: fault.code, says: fault.message });
  }
}

/** Takes in what follows the accepted chain; answers the state that is then in force. Its releases are judged by it later in the round. */
export async function takePolicies(
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
  const written = await writePolicies(writing, lookAgain(step.state), step);
  const kept = { project: written.state, certificates: step.certificates };
  await commitHandback(store, writing, { instance: requireInstance(store), paths: written.paths, ...kept });
  return written.state;
}
