// Published releases, judged again after a policy or a certificate came: by the policy of their record, less strikes and hard revocations
// (rules.md, "The verdict"). What is judged is our own record, whose packets were checked when it was signed, so that nobody can hold a
// quarantine up by handing nothing over. A release that fell is quarantined by its next record; one that cannot be judged is a finding.
import { instantMs, type ProjectName, type Version } from '#lib/core/ids.ts';
import { sayFall } from '#lib/core/quarantine.ts';
import type { RecordSignature, ReleaseRecord } from '#lib/core/release.ts';
import { readStatement, type Statement } from '#lib/core/statement.ts';
import { evaluate, type Case, type HandedSignature, type Verdict } from '#lib/core/verdict.ts';
import type { AcceptedPolicy } from '#lib/evidence/check-policies.ts';
import { statementPath } from '#lib/evidence/index-tree.ts';
import { keysNamedIn, readKeyring, type Keyring } from '#lib/evidence/keyring.ts';
import { readAccepted } from './accept-policies.ts';
import { isSame, readCertificates } from './certificates.ts';
import { commitHandback } from './hand-back.ts';
import { readProjectState, renderProjectState, type ProjectState, type PublishedRelease } from './project-state.ts';
import { findingOf, requireInstance, sayFault, writingOf, type RoundParts, type RoundReport } from './round-parts.ts';
import { writeCertificates } from './write-index.ts';
import type { Paths, Writing } from './write-list.ts';
import { readStanding, writeNextSerials, type SerialChange } from './write-record.ts';

/** What judges the releases of a project: its accepted policies, the last one in force, and what we know of the keys. */
export type Judging = { accepted: readonly AcceptedPolicy[]; keyring: Keyring; now: number };

/** Judges every release of a project whose state asks for it, and commits the records that follow. What fails is tried again. */
export async function judgeProject(parts: RoundParts, project: ProjectName, report: RoundReport): Promise<void> {
  try {
    await judgeWhatChanged(parts, project, report);
  } catch (fault) {
    report.refused.push({ project, ...sayFault({ project }, fault) });
  }
}

async function judgeWhatChanged(parts: RoundParts, project: ProjectName, report: RoundReport): Promise<void> {
  const { store } = parts;
  const state = readProjectState(store, project);
  if (!state.toJudge) return;
  const writing = writingOf(parts, report.index);
  const accepted = readAccepted(writing.readTree, state);
  const policies = accepted.map((entry) => entry.policy);
  const certificates = readCertificates(store, keysNamedIn(policies));
  const judging = { accepted, keyring: await readKeyring(certificates, writing.now), now: writing.now };
  const judged = judgeAll(writing, state, judging);
  report.findings.push(...judged.faults.map(({ release, fault }) => findingOf(release.draft, fault)));
  const { toJudge: _, ...done } = state;
  const next = judged.faults.length === 0 ? done : state;
  const written =
    judged.changes.size === 0
      ? { state: next, paths: new Map() }
      : await writeNextSerials(writing, next, judged.changes);
  const paths: Paths = new Map([...written.paths, ...writeCertificates(certificates, policies)]);
  if ([...paths].every(([path, bytes]) => isSame(writing.readTree(path), bytes))) {
    store.commit(new Map([renderProjectState(written.state)]));
    return;
  }
  await commitHandback(store, writing, { instance: requireInstance(store), paths, project: written.state });
  for (const [version, change] of judged.changes)
    if (change.state === 'quarantined') report.quarantined.push(`${project} ${version}`);
}

type Judged = {
  changes: Map<Version, SerialChange>;
  faults: { release: PublishedRelease; fault: unknown }[];
};

function judgeAll(writing: Writing, state: ProjectState, judging: Judging): Judged {
  const judged: Judged = { changes: new Map(), faults: [] };
  for (const release of Object.values(state.releases)) {
    try {
      const change = judgeOne(writing, state, release, judging);
      if (change) judged.changes.set(release.version, change);
    } catch (fault) {
      judged.faults.push({ release, fault });
    }
  }
  return judged;
}

function judgeOne(
  writing: Writing,
  state: ProjectState,
  release: PublishedRelease,
  judging: Judging,
): SerialChange | null {
  const record = readStanding(writing, state, release);
  const verdict = evaluate(caseOfRecord(record, readOwnStatement(writing, record), judging));
  return changeAfter(record, verdict);
}

/**
 * What the next record says, if there is one: below the threshold it is quarantined and still names whoever signed, so that everybody sees
 * who fell; while enough are left it names those. Only signing again brings a release back (sign-again.ts).
 */
function changeAfter(record: ReleaseRecord, verdict: Verdict): SerialChange | null {
  if (verdict.met && record.state === 'quarantined') return null;
  if (!verdict.met) {
    const reason = sayFall(verdict);
    return record.state === 'quarantined' && record.reason === reason ? null : { state: 'quarantined', reason };
  }
  const counting = new Set(verdict.findings.flatMap(({ counts, facts }) => (counts ? [facts.packetSha256] : [])));
  const signatures = record.signatures.filter((signature) => counting.has(signature.sha256));
  return signatures.length === record.signatures.length ? null : { signatures };
}

/** The statement of a published release, from our own copy of the tree. */
function readOwnStatement({ readTree }: Pick<Writing, 'readTree'>, { project, version }: ReleaseRecord): Statement {
  const bytes = readTree(statementPath(project, version));
  if (!bytes) throw new Error(`Our own copy of the statement of ${project} ${version} is missing.`);
  return readStatement(bytes);
}

/** A released version as the case that core judges. `again`: packets that came since, and that no record names yet. */
export function caseOfRecord(
  record: ReleaseRecord,
  statement: Statement,
  { accepted, keyring, now }: Judging,
  again: readonly HandedSignature[] = [],
): Case {
  const judging = accepted.find(
    ({ policy, sha256 }) => policy.version === record.policy && sha256 === record.policySha256,
  );
  const inForce = accepted.at(-1);
  if (!judging || !inForce) throw new Error(`Policy ${record.policy} of ${record.project} was never accepted.`);
  return {
    policy: judging.policy,
    strikes: inForce.policy.struck,
    released: { inForce: inForce.policy, recorded: new Set(record.signatures.map((signature) => signature.sha256)) },
    openedBy: statement.openedBy,
    // The age of signatures over files was judged when the release was published.
    openedAt: Number.NEGATIVE_INFINITY,
    revision: statement.revision,
    files: statement.files,
    signatures: [...record.signatures.map((signature) => handedOf(signature, statement)), ...again],
    keys: keyring.facts,
    now,
  };
}

function handedOf(
  { sha256, key, issuer, over, made, received }: RecordSignature,
  statement: Statement,
): HandedSignature {
  const file = statement.files.find((entry) => entry.name === over);
  return {
    facts: {
      ...{ packetSha256: sha256, key, issuer, made: instantMs(made) },
      ...{ expires: null, hash: '', defect: null },
    },
    subject: file ? { over: 'file', sha256: file.sha256 } : { over: 'statement', revision: statement.revision },
    received: instantMs(received),
    ...{ takenBack: false, firstSeenHere: true },
  };
}
