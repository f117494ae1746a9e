// The verdict: which signatures count, for whom, and whether a release is met. Pure and total; whatever shows, gates, logs or
// mails a number uses this value. [Note: counting people] A threshold counts people, not packets: packets are attributed by the
// primary fingerprint of the key that verifies them and counted by the person's name in the policy, so that a second copy, a second
// subkey or a second key adds nobody. Names inside packets are never believed.
import type { AccountName, Fingerprint, Sha256 } from './ids.ts';
import { instantMs } from './ids.ts';
import { clockTolerance, endOfKey, isUsableKey, type KeyFacts } from './key.ts';
import { personOfKey, type Policy, type Struck } from './policy.ts';
import type { Defect, Reason } from './reason.ts';

/** What a signature is over: the statement of a revision, or one file's own bytes. */
export type Subject = { over: 'statement'; revision: number } | { over: 'file'; sha256: Sha256 };

/** What lib/pgp established about one packet over given bytes. No policy is in it. Times in milliseconds; `made` is hostile. */
export type SignatureFacts = {
  packetSha256: Sha256;
  /** Primary fingerprint of the certificate that verifies it; null: none at hand does. */
  key: Fingerprint | null;
  /** The signing (sub)key itself. */
  issuer: Fingerprint | null;
  made: number | null;
  expires: number | null;
  hash: string;
  defect: Defect | null;
};

/** A signature handed to a draft or release. `received`: when the judge first saw the packet; never what the packet says. */
export type HandedSignature = {
  facts: SignatureFacts;
  subject: Subject;
  received: number;
  takenBack: boolean;
  /** The packet was first seen in this very draft (a packet replayed from another one never counts). */
  firstSeenHere: boolean;
};

export type Finding = HandedSignature & { person: AccountName | null; counts: boolean; reason: Reason | null };

export type ReleaseFile = { name: string; sha256: Sha256 };

/**
 * What more is known of a release that was published before. The policy of its record judges it for ever; its record is evidence, so
 * whoever left in good standing stays counted, and whoever signs it again must be in force now (docs/formats/record.md, "Signing again").
 */
export type Released = {
  inForce: Policy;
  /** Packets that its newest record names. */
  recorded: ReadonlySet<Sha256>;
};

/** Everything a verdict rests on. `strikes` are those of the newest policy; `policy` is the one that judges (rules.md). */
export type Case = {
  policy: Policy;
  strikes: readonly Struck[];
  /** null: a draft, which only the people of `policy` sign. */
  released: Released | null;
  openedBy: AccountName;
  openedAt: number;
  revision: number;
  files: readonly ReleaseFile[];
  signatures: readonly HandedSignature[];
  keys: ReadonlyMap<Fingerprint, KeyFacts>;
  now: number;
};

export type Verdict = {
  met: boolean;
  required: number;
  perFile: { file: string; counted: AccountName[]; missing: number }[];
  /** People who cover every file. */
  counted: AccountName[];
  /** The most that any file still lacks. */
  missing: number;
  couldStillSign: AccountName[];
  findings: Finding[];
  notCounted: { finding: Finding; reason: Reason }[];
};

const fileSignatureAge = 7 * 86_400_000;

/**
 * May it enter? Judges packet and key at the moment it was received: null, or the reason why not. Says nothing of policy.
 * Judged later with the same `received` it answers "does it still count?", since endOfKey takes revocations known by then.
 */
export function judgeEntry(
  facts: SignatureFacts,
  received: number,
  keys: ReadonlyMap<Fingerprint, KeyFacts>,
): Reason | null {
  if (facts.defect) return facts.defect;
  const { key, issuer, made } = facts;
  if (made === null) return { code: 'no-time' };
  const known = key === null ? undefined : keys.get(key);
  if (!known || issuer === null) return { code: 'unknown-key', claimed: issuer ?? key ?? 'unknown' };
  return endOfKey(known, issuer, received) ?? judgeTimes({ made, expires: facts.expires, issuer }, received, known);
}

function judgeTimes(
  { made, expires, issuer }: { made: number; expires: number | null; issuer: Fingerprint },
  received: number,
  known: KeyFacts,
): Reason | null {
  if (made > received + clockTolerance) return { code: 'made-in-the-future', made, received };
  const signing = known.signing.find((candidate) => candidate.fingerprint === issuer);
  if (made < Math.max(known.created, signing?.created ?? 0)) return { code: 'made-before-key', key: issuer };
  if (expires !== null && received >= expires) return { code: 'signature-expired', at: expires };
  return null;
}

/** Judges one signature of a case: entry, the policy's people, strikes, and what a file signature may do. */
export function judgeSignature(handed: HandedSignature, judged: Case): Finding {
  const person = personOf(handed.facts, judged);
  const reason =
    judgeEntry(handed.facts, handed.received, judged.keys) ??
    endOfPerson(handed, judged, person) ??
    endOfSubject(handed, judged);
  return { ...handed, person, counts: reason === null, reason };
}

/** Whose key it is: by the policy that judges; for what is signed again by the one in force; for what a record names by either. */
function personOf({ key, packetSha256 }: SignatureFacts, { policy, released }: Case): AccountName | null {
  if (key === null) return null;
  const found = released ? personOfReleased(key, packetSha256, { policy, ...released }) : personOfKey(policy, key);
  return found?.name ?? null;
}

function personOfReleased(
  key: Fingerprint,
  packet: Sha256,
  { policy, inForce, recorded }: Released & { policy: Policy },
): { name: AccountName } | undefined {
  const inForceNow = personOfKey(inForce, key) ?? undefined;
  if (!recorded.has(packet)) return inForceNow;
  return personOfKey(policy, key) ?? inForceNow ?? inForce.retired.find((entry) => entry.keys.includes(key));
}

function endOfPerson(
  handed: HandedSignature,
  { policy, strikes, openedBy, released }: Case,
  person: AccountName | null,
): Reason | null {
  const key = handed.facts.key;
  if (key === null) return { code: 'unknown-key', claimed: 'unknown' };
  const strike = strikes.find(
    (entry) => entry.keys.includes(key) && (entry.since === null || handed.received >= instantMs(entry.since)),
  );
  if (strike) return { code: 'struck', name: strike.name };
  if (person === null) {
    const asked = released?.inForce ?? policy;
    const retired = asked.retired.find((entry) => entry.keys.includes(key));
    if (retired) return { code: 'retired', name: retired.name, since: instantMs(retired.since) };
    return { code: 'not-in-policy', key, policy: asked.version };
  }
  if (!policy.openerCounts && person === openedBy) return { code: 'opener-does-not-count', name: person };
  return null;
}

function endOfSubject(handed: HandedSignature, judged: Case): Reason | null {
  if (handed.takenBack) return { code: 'taken-back' };
  if (!handed.firstSeenHere) return { code: 'first-seen-elsewhere' };
  const { subject, facts } = handed;
  if (subject.over === 'file') return endOfFileSignature(subject.sha256, facts, judged);
  return subject.revision === judged.revision ? null : { code: 'other-revision', revision: subject.revision };
}

function endOfFileSignature(sha256: Sha256, facts: SignatureFacts, judged: Case): Reason | null {
  const { policy, files, openedAt, released } = judged;
  if (!policy.fileSignatures) return { code: 'file-signatures-off' };
  if (!files.some((file) => file.sha256 === sha256)) return { code: 'not-a-file-of-this' };
  if (released && !released.recorded.has(facts.packetSha256)) return { code: 'again-over-statement' };
  const made = facts.made ?? 0;
  return made < openedAt - fileSignatureAge ? { code: 'file-signature-too-old', made } : null;
}

/**
 * Decides a draft or release. Total: every signature ends as counted or with its reason. Met when every file is covered by at
 * least `threshold` distinct people, each by a signature over the current statement or over that file's own bytes.
 */
export function evaluate(judged: Case): Verdict {
  const { policy, files, keys, now } = judged;
  const findings = judged.signatures.map((handed) => judgeSignature(handed, judged));
  const counting = findings.filter((finding) => finding.counts);
  const perFile = files.map((file) => {
    const covers = (subject: Subject) => subject.over === 'statement' || subject.sha256 === file.sha256;
    const counted = namesOf(counting.filter((finding) => covers(finding.subject)));
    return { file: file.name, counted, missing: Math.max(0, policy.threshold - counted.length) };
  });
  const missing = files.length === 0 ? policy.threshold : Math.max(...perFile.map((entry) => entry.missing));
  const counted = namesOf(counting).filter((name) => perFile.every((entry) => entry.counted.includes(name)));
  const couldStillSign = (judged.released?.inForce ?? policy).people
    .filter((person) => !counted.includes(person.name) && (policy.openerCounts || person.name !== judged.openedBy))
    .filter((person) => person.keys.some((key) => isUsableKey(keys.get(key), now)))
    .map((person) => person.name);
  return {
    met: files.length > 0 && missing === 0,
    required: policy.threshold,
    perFile,
    counted,
    missing,
    couldStillSign,
    findings,
    notCounted: findings.flatMap((finding) => (finding.reason ? [{ finding, reason: finding.reason }] : [])),
  };
}

const namesOf = (findings: readonly Finding[]): AccountName[] =>
  [...new Set(findings.flatMap((finding) => (finding.person ? [finding.person] : [])))].sort();
