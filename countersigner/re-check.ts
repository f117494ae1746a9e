// The countersigner's own decision about one draft (rules.md, "The countersigner"): from raw evidence, own clock, own state and bytes that it
// hashed itself. It believes nothing that only the web program claims; "approved" is a wish. Pure but for reading the given files, with
// plain data in and out, so that it can run in a child process with limits. A draft that is not ready is a finding, not a fault.
import { isRefusal, plainRefusal, refuse, type PlainRefusal } from '#lib/core/errors.ts';
import {
  renderInstant,
  type DraftId,
  type IndexName,
  type ProjectName,
  type Sha256,
  type Version,
} from '#lib/core/ids.ts';
import { waitEnds } from '#lib/core/policy.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { hindranceOf } from '#lib/core/release.ts';
import { readBundle, type Evidence } from '#lib/evidence/bundle.ts';
import type { AcceptedPolicy } from '#lib/evidence/check-policies.ts';
import { checkRelease, requireMet, type ReleaseCheck } from '#lib/evidence/check-release.ts';
import { onlyNamed, readKeyring } from '#lib/evidence/keyring.ts';
import { versionKey } from '#lib/python/versions.ts';
import { mergeKnown, type Certificates } from './certificates.ts';
import { digestOverFile, inspectFiles, type InspectedFile } from './inspect-files.ts';
import type { DraftState, ProjectState } from './project-state.ts';
import { keepPresent, startSightings } from './sightings.ts';

export type ReCheckInput = {
  index: IndexName;
  /** `approved`: the web program says that nobody objects and wants it published. */
  draft: { id: DraftId; project: ProjectName; version: Version; approved: boolean; mark: string };
  bundle: Uint8Array;
  /** Where the bytes of each file are; fetched by this digest. */
  files: ReadonlyMap<Sha256, string>;
  state: ProjectState;
  /** Policies that were accepted before; the last one is in force. */
  accepted: readonly AcceptedPolicy[];
  certificates: Certificates;
  now: number;
};

export type ReadyRelease = { check: ReleaseCheck; files: InspectedFile[]; policy: AcceptedPolicy };

export type ReCheck = {
  /** To be kept whatever the outcome: sightings, taken-back signatures, waiting time. */
  state: ProjectState;
  /** Merged with what was known: revocations stick. */
  certificates: Certificates;
  /** null: not now, and `finding` says why (null for a draft that is simply still open). */
  ready: ReadyRelease | null;
  finding: PlainRefusal | null;
};

/** Looks at one draft. Throws refusals only for evidence that cannot be read at all; then nothing is remembered. */
export async function reCheck(input: ReCheckInput): Promise<ReCheck> {
  const { draft, accepted, now } = input;
  const policy = inForce(accepted);
  const state = structuredClone(input.state);
  const evidence = await readBundle(input.bundle);
  const named = onlyNamed(
    evidence.certificates,
    accepted.map((entry) => entry.policy),
  );
  const certificates = await mergeKnown(input.certificates, named, now);
  const sightings = startSightings(state, draft.id, now);
  const check = await checkRelease({
    expected: { index: input.index, project: draft.project, version: draft.version, draft: draft.id },
    policy: policy.policy,
    newest: policy.policy,
    recorded: null,
    evidence,
    keyring: await readKeyring(certificates, now),
    custodyOf: sightings.custodyOf,
    digestFile: (file) => digestOverFile(input.files, file),
    openedAt: state.drafts[draft.id]?.firstSeen ?? now,
    now,
    hashing,
  });
  const subjects = new Set([check.statementSha256, ...check.statement.files.map((file) => file.sha256)]);
  const remembered = keepPresent(state, draft.id, { present: sightings.present, subjects, now });
  remembered.met = metSince(remembered.met, check, now);
  remembered.mark = draft.mark;
  const looked = { state, certificates };
  if (!draft.approved) return { ...looked, ready: null, finding: null };
  try {
    requireFree(state, evidence, draft);
    requireMayPublish(state, check, draft.id);
    requireMet(check);
    requireWaited(remembered, policy, now);
    const files = await inspectFiles(input.files, check.statement);
    return { ...looked, ready: { check, files, policy }, finding: null };
  } catch (fault) {
    if (!isRefusal(fault)) throw fault;
    return { ...looked, ready: null, finding: plainRefusal(fault) };
  }
}

function inForce(accepted: readonly AcceptedPolicy[]): AcceptedPolicy {
  const policy = accepted.at(-1);
  if (!policy) throw refuse('evidence.missing', { what: 'a policy of the project' });
  return policy;
}

/** The waiting time starts anew with every statement, and whenever the verdict was not met in between. */
function metSince(
  before: { since: number; statement: Sha256 } | null,
  { verdict, statementSha256 }: ReleaseCheck,
  now: number,
): { since: number; statement: Sha256 } | null {
  if (!verdict.met) return null;
  return before?.statement === statementSha256 ? before : { since: now, statement: statementSha256 };
}

/** A version is published once, and a name never carries other bytes (threats.md, 43 and 44). */
function requireMayPublish(state: ProjectState, { statement }: ReleaseCheck, draft: DraftId): void {
  const { project, version } = statement;
  const published = state.releases[versionKey(version)];
  if (published && published.draft !== draft) throw refuse('release.version-published', { project, version });
  for (const { name, sha256 } of statement.files) {
    const before = state.fileNames[name];
    if (before !== undefined && before !== sha256) throw refuse('release.name-taken', { name });
  }
}

/** Nobody declines it and the project takes releases. That nobody declines is the web program's word; that somebody does, we believe it. */
function requireFree(state: ProjectState, { declinedBy }: Evidence, { project, version }: ReCheckInput['draft']): void {
  const hindrance = hindranceOf({ project, version, status: state.status?.status ?? 'active', declinedBy });
  if (hindrance) throw hindrance;
}

function requireWaited({ met }: DraftState, { policy }: AcceptedPolicy, now: number): void {
  const until = waitEnds(policy, met?.since ?? now);
  if (now < until) throw refuse('release.waiting', { until: renderInstant(until) });
}
