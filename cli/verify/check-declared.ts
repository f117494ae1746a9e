// What owners declared of a release and its project, as list and record state it: each statement names a document, which is fetched, must say the
// same, and is checked for an owner's signature by the policy that it names. A statement without its document is refused; one whose signature
// ended since (a key revoked later) is told as such: it makes nothing of the release worse.
import { readDeclaration, type Declaration } from '#lib/core/declaration.ts';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { AccountName, Sha256 } from '#lib/core/ids.ts';
import type { ReleaseList } from '#lib/core/release-list.ts';
import type { ReleaseRecord } from '#lib/core/release.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { SignedBytes } from '#lib/evidence/bundle.ts';
import { checkDeclaration } from '#lib/evidence/check-declaration.ts';
import { collectUpTo } from '#lib/evidence/collect-release.ts';
import type { AcceptedPolicy } from '#lib/evidence/check-policies.ts';
import { statusPath, yankPath } from '#lib/evidence/index-tree.ts';
import type { Keyring } from '#lib/evidence/keyring.ts';
import type { ReadPath } from '#lib/evidence/served-log.ts';

/** `doubt`: why the signature over it does not count any more; null: it holds. */
export type Declared = { says: string; reason: string; by: AccountName; doubt: string | null };

export type DeclaredOf = { yanked: Declared | null; status: Declared | null };

export type KnownPeople = { chain: readonly AcceptedPolicy[]; keyring: Keyring; now: number };

/** Refuses `evidence.missing` and `evidence.record-differs` where a statement and its document do not fit. */
export async function checkDeclared(
  index: { read: ReadPath },
  { list, record }: { list: ReleaseList; record: ReleaseRecord },
  known: KnownPeople,
): Promise<DeclaredOf> {
  const { project, version } = record;
  const yank = record.yanked && { ...record.yanked, says: 'yanked' };
  const status = list.status && { ...list.status, says: list.status.status };
  return {
    yanked: yank && (await checkOne(index, { record, stated: yank, at: (n) => yankPath(project, version, n) }, known)),
    status: status && (await checkOne(index, { record, stated: status, at: (n) => statusPath(project, n) }, known)),
  };
}

type Statement = {
  record: ReleaseRecord;
  stated: { says: string; reason: string; by: AccountName; sha256: Sha256 };
  at: (number: number) => string;
};

async function checkOne(index: { read: ReadPath }, statement: Statement, known: KnownPeople): Promise<Declared> {
  const { record, stated } = statement;
  const document = await findDocument(index, statement);
  const declaration = readDeclaration(document.bytes);
  if (!saysTheSame(declaration, statement)) throw differs('a declaration says something else');
  const { says, reason, by } = stated;
  try {
    const owner = await ownerOf({ document, declaration, expected: record }, known);
    if (owner !== by) throw differs(`a declaration is signed by ${owner}, not by ${by}`);
    return { says, reason, by, doubt: null };
  } catch (fault) {
    if (!isRefusal(fault) || fault.code !== 'declaration.not-signed') throw fault;
    return { says, reason, by, doubt: fault.message };
  }
}

type Signed = {
  document: SignedBytes;
  declaration: Declaration;
  expected: Pick<ReleaseRecord, 'index' | 'project'>;
};

/** The owner who signed it, by the policy that it names. Refuses `declaration.not-signed`, `evidence.other-release`, and a policy that is not there. */
export async function ownerOf({ document, declaration, expected }: Signed, known: KnownPeople): Promise<AccountName> {
  const policy = known.chain.find((entry) => entry.policy.version === declaration.policy)?.policy;
  if (!policy) throw refuse('evidence.missing', { what: `policy ${declaration.policy}` });
  const checked = await checkDeclaration({
    ...{ expected: { index: expected.index, project: expected.project }, document, policy, hashing },
    ...{ certificates: known.keyring.certificates.values(), keys: known.keyring.facts },
    // As with policies, its own time is the only one there is.
    custodyOf: (facts) => ({ received: facts.made ?? known.now, firstSeenHere: true, takenBack: false }),
  });
  return checked.by;
}

const differs = (what: string) => refuse('evidence.record-differs', { what });

function saysTheSame(declaration: Declaration, { record, stated }: Statement): boolean {
  const says = declaration.type === 'countersign/yank' ? `${declaration.action}ed` : declaration.status;
  const isOfIt = declaration.type === 'countersign/status' || declaration.version === record.version;
  return says === stated.says && declaration.reason === stated.reason && isOfIt;
}

/** The document with the stated digest, among those that the index serves by number. */
async function findDocument(index: { read: ReadPath }, { stated, at }: Statement): Promise<SignedBytes> {
  const what = `the declaration that the record calls ${stated.says}`;
  const wanted = { sha256: stated.sha256, what, hash: hashing.sha256 };
  const documents = await collectUpTo(index.read, at, wanted);
  const document = documents.at(-1);
  if (!document) throw refuse('evidence.missing', { what });
  return document;
}
