// Newer copies of the certificates that a project's accepted policies name: merged and kept before anything else of the evidence is looked at,
// so that a policy that is refused, or waits, never holds up a revocation. What changed is judged again (judge-releases.ts).
import { keysNamedIn } from '#lib/evidence/keyring.ts';
import { readAccepted } from './accept-policies.ts';
import { readCertificates, renderCertificates, type Certificates } from './certificates.ts';
import { treePlace } from './instance-state.ts';
import { renderProjectState, type ProjectState } from './project-state.ts';
import type { RoundParts } from './round-parts.ts';
import type { Store } from './store.ts';

/** Keeps what is newer, in one commit with the mark under which it was handed over. Answers the state that is kept then. */
export async function takeCertificates(
  { store, judges, now }: RoundParts,
  state: ProjectState,
  { bundle, mark }: { bundle: Uint8Array; mark: string },
): Promise<ProjectState> {
  const policies = readAccepted((path) => store.read(treePlace(path)), state).map((entry) => entry.policy);
  const known = readCertificates(store, keysNamedIn(policies));
  const certificates = await judges.of(state.project).mergeNamed({ bundle, policies, known, now: now() });
  const next = { ...toBeJudged(store, state, certificates), mark };
  store.commit(new Map([renderProjectState(next), ...renderCertificates(store, certificates)]));
  return next;
}

/** The state with the wish of `lookAgain`, where certificates differ from those that are kept. */
export function toBeJudged(store: Store, state: ProjectState, certificates: Certificates): ProjectState {
  return renderCertificates(store, certificates).size === 0 ? state : lookAgain(state);
}

/** The rules or the keys are others now: releases are judged by them, and drafts looked at again though nothing else came. */
export function lookAgain(state: ProjectState): ProjectState {
  const drafts = Object.entries(state.drafts).map(([id, draft]) => [id, { ...draft, mark: '' }] as const);
  return { ...state, toJudge: true, drafts: Object.fromEntries(drafts) };
}
