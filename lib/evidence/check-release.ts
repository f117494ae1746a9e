// Decides one release from raw evidence: the one decision that the countersigner takes before it signs, and that the client takes
// again (docs/architecture.md). The people, keys and threshold come from policies that check-policies.ts accepted, times and first
// sightings from the judge's own custody, digests from bytes that the judge hashed. The statement, packets and names are hostile.
// What cannot be read is refused; a signature that does not count is a finding; whether it is enough is the verdict.
import type { Digester } from '#lib/core/digest.ts';
import { refuse } from '#lib/core/errors.ts';
import type { DraftId, IndexName, ProjectName, Sha256, Version } from '#lib/core/ids.ts';
import type { Policy } from '#lib/core/policy.ts';
import { readStatement, type Statement, type StatementFile } from '#lib/core/statement.ts';
import { evaluate, type HandedSignature, type SignatureFacts, type Subject, type Verdict } from '#lib/core/verdict.ts';
import { checkSignatures } from '#lib/pgp/check-signatures.ts';
import { mergedLimits, readSignatures, type SignaturePacket } from '#lib/pgp/read-signatures.ts';
import type { Evidence } from './bundle.ts';
import type { CustodyOf, Hashing } from './custody.ts';
import type { Keyring } from './keyring.ts';

export type ReleaseCase = {
  /** What the release must be; `draft` null: the statement may come from any (the client does not know drafts). */
  expected: { index: IndexName; project: ProjectName; version: Version; draft: DraftId | null };
  /** The policy that judges, and the newest one, whose strikes end signatures wherever they are (rules.md, "The verdict"). */
  policy: Policy;
  newest: Policy;
  /** Packets that the record of a release signed again names; null: its policy's own people alone signed. */
  recorded: ReadonlySet<Sha256> | null;
  evidence: Evidence;
  keyring: Keyring;
  custodyOf: CustodyOf;
  /** Hashes the bytes of one file for the signatures over it. Called only for files that have some. */
  digestFile: (file: StatementFile) => Digester;
  /** When the draft was opened, by the judge's own knowledge; the age of file signatures is measured from there. */
  openedAt: number;
  now: number;
  hashing: Hashing;
};

export type ReleaseCheck = {
  statement: Statement;
  statementBytes: Uint8Array;
  statementSha256: Sha256;
  verdict: Verdict;
  /** Every packet of the evidence by its digest, to write the counted ones out again. */
  packets: ReadonlyMap<Sha256, SignaturePacket>;
};

/** Decides the release. Refuses (`evidence.missing`, `statement.malformed`, `evidence.other-release`) what is not this release at all. */
export async function checkRelease(judged: ReleaseCase): Promise<ReleaseCheck> {
  const { evidence, hashing } = judged;
  if (!evidence.statement) throw refuse('evidence.missing', { what: 'the statement' });
  // 1. The statement, and that it is of this release.
  const { bytes, signature } = evidence.statement;
  const statement = readStatement(bytes);
  requireExpected(statement, judged.expected);
  // 2. The signatures over it, then those over single files.
  const overStatement = await readHanded(judged, signature, {
    over: hashing.sha256(bytes),
    subject: { over: 'statement', revision: statement.revision },
    digest: (requests) => hashing.digest(bytes, requests),
  });
  const overFiles = await readOverFiles(judged, statement);
  // 3. The verdict.
  const all = [overStatement, ...overFiles];
  const verdict = evaluate({
    policy: judged.policy,
    strikes: judged.newest.struck,
    released: judged.recorded && { inForce: judged.newest, recorded: judged.recorded },
    openedBy: statement.openedBy,
    openedAt: judged.openedAt,
    revision: statement.revision,
    files: statement.files,
    signatures: all.flatMap((part) => part.handed),
    keys: judged.keyring.facts,
    now: judged.now,
  });
  const packets = new Map(all.flatMap((part) => part.packets.map((packet) => [packet.sha256, packet] as const)));
  return { statement, statementBytes: bytes, statementSha256: hashing.sha256(bytes), verdict, packets };
}

/** Refuses (`release.below-threshold`) a release whose verdict is not met. */
export function requireMet({ statement, verdict }: ReleaseCheck): void {
  if (verdict.met) return;
  const { project, version } = statement;
  const counted = Math.max(0, verdict.required - verdict.missing);
  throw refuse('release.below-threshold', { project, version, counted, required: verdict.required });
}

function requireExpected(statement: Statement, expected: ReleaseCase['expected']): void {
  for (const what of ['index', 'project', 'version', 'draft'] as const) {
    const wanted = expected[what];
    if (wanted !== null && statement[what] !== wanted)
      throw refuse('evidence.other-release', {
        what: `${what} in the statement`,
        expected: wanted,
        found: statement[what],
      });
  }
}

type Handed = { handed: HandedSignature[]; packets: SignaturePacket[] };
type Over = { over: Sha256; subject: Subject; digest: Digester };

async function readOverFiles(judged: ReleaseCase, statement: Statement): Promise<Handed[]> {
  const parts: Handed[] = [];
  for (const [name, signature] of judged.evidence.fileSignatures) {
    const file = statement.files.find((entry) => entry.name === name);
    if (!file)
      throw refuse('evidence.malformed', { why: `it has signatures over ${name}, which the statement does not name` });
    const subject = { over: 'file', sha256: file.sha256 } as const;
    parts.push(await readHanded(judged, signature, { over: file.sha256, subject, digest: judged.digestFile(file) }));
  }
  return parts;
}

async function readHanded(judged: ReleaseCase, signature: Uint8Array | null, over: Over): Promise<Handed> {
  const packets = signature ? await readSignatures(signature, mergedLimits) : [];
  const certificates = [...judged.keyring.certificates.values()];
  const facts = await checkSignatures({ packets, certificates, digest: over.digest });
  const handed = facts.map((fact: SignatureFacts): HandedSignature => ({
    facts: fact,
    subject: over.subject,
    ...judged.custodyOf(fact, over.over),
  }));
  return { handed, packets };
}
