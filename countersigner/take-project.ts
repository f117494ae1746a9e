// What the web program hands over of one project: certificates first, then policies that follow the accepted chain, committed and written into
// the index. A chain that is refused is reported, and everything else goes on (threats.md, 102).
import { isRefusal } from '#lib/core/errors.ts';
import type { IndexName } from '#lib/core/ids.ts';
import { keysNamedIn } from '#lib/evidence/keyring.ts';
import { isChainAccepted } from './accept-chain.ts';
import { readAccepted } from './accept-policies.ts';
import { readCertificates } from './certificates.ts';
import { commitHandback } from './hand-back.ts';
import { readProjectState, type ProjectState } from './project-state.ts';
import type { Claims } from './judges/turns.ts';
import { requireInstance, unlessSetAside, writingOf, type RoundParts, type RoundReport } from './round-parts.ts';
import { lookAgain, takeCertificates } from './take-certificates.ts';
import type { QueuedProject } from './web-program.ts';
import { writePolicies } from './write-index.ts';

/** Asks for the project where there is something new to see. Throws `countersigner.web-away`; what else is refused is reported. */
export async function takeProject(parts: RoundParts, queued: QueuedProject, report: RoundReport): Promise<void> {
  try {
    await unlessSetAside(parts, { what: `project ${queued.name}`, mark: `${queued.policy} ${queued.mark}` }, () =>
      askFor(parts, queued, report),
    );
  } catch (fault) {
    if (!isRefusal(fault) || fault.code === 'countersigner.web-away') throw fault;
    report.refused.push({ project: queued.name, code: fault.code, says: fault.message });
  }
}

async function askFor(parts: RoundParts, { name, policy, mark }: QueuedProject, report: RoundReport): Promise<void> {
  const before = readProjectState(parts.store, name);
  if (policy <= before.policies.length && mark === before.mark) return;
  const bundle = await parts.web.projectBundle(name);
  const state = await takeCertificates(parts, before, { bundle, mark });
  const claims = await parts.judges.of(name).readClaims({ bundle });
  const knows = await takePolicies(parts, { state, bundle, claims, index: report.index });
  if (knows.policies.length > state.policies.length) report.policies.push(name);
}

/** Takes in what follows the accepted chain; answers the state that is then in force. Its releases are judged by it later in the round. */
export async function takePolicies(
  parts: RoundParts,
  { state, bundle, claims, index }: { state: ProjectState; bundle: Uint8Array; claims: Claims; index: IndexName },
): Promise<ProjectState> {
  const { store, judges } = parts;
  const { project } = state;
  const writing = writingOf(parts, index);
  const accepted = readAccepted(writing.readTree, state);
  const known = readCertificates(
    store,
    new Set([...claims.keys, ...keysNamedIn(accepted.map(({ policy }) => policy))]),
  );
  const newChains = claims.policies.filter((sha256) => isChainAccepted(store, project, sha256));
  const given = { project, bundle, state, accepted, known, newChains, now: writing.now };
  const step = await judges.of(project).acceptPolicies(given);
  if (step.following.length === 0) return state;
  const written = await writePolicies(writing, lookAgain(step.state), step);
  const kept = { project: written.state, certificates: step.certificates };
  await commitHandback(store, writing, { instance: requireInstance(store), paths: written.paths, ...kept });
  return written.state;
}
