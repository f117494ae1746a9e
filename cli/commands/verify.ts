// `countersign verify NAME==VERSION --index URL`: decides one release of an index by itself, from the evidence that the index serves, by the
// very code that the countersigner uses. The index is a good actor on first contact only: its key is shown, or demanded with --index-key.
// Exit codes: 0 everything holds, 1 refused with the reason, 2 unusable input or no such release, 3 could not be checked.
import { setTimeout as pause } from 'node:timers/promises';
import { exitCode, isRefusal, refuse } from '#lib/core/errors.ts';
import { readFingerprint, type Fingerprint, type ProjectName, type Sha256, type Version } from '#lib/core/ids.ts';
import type { Digester } from '#lib/core/digest.ts';
import { sayKept, sayWayBack } from '#lib/core/quarantine.ts';
import type { ReleaseRecord } from '#lib/core/release.ts';
import type { StatementFile } from '#lib/core/statement.ts';
import { beginsNewChain } from '#lib/core/new-chain.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { checkPolicies, type AcceptedPolicy } from '#lib/evidence/check-policies.ts';
import { custodyFromRecord, requireRecordFits } from '#lib/evidence/check-record.ts';
import { checkRelease, requireMet, type ReleaseCheck } from '#lib/evidence/check-release.ts';
import { readIndexKey, requireIndexSignature, type IndexKey } from '#lib/evidence/index-signature.ts';
import { onlyNamed, readKeyring } from '#lib/evidence/keyring.ts';
import { filePath } from '#lib/simple/page.ts';
import { checkDeclared, type Declared, type DeclaredOf } from '#cli/check-declared.ts';
import { fetchRelease, type FetchedRelease } from '#cli/index/fetch-evidence.ts';
import { openIndex, type IndexReader } from '#cli/index/fetch-index.ts';
import type { CommandOutcome } from './inspect-distribution.ts';
import { readRequirement } from '#cli/requirement.ts';
import { safeForTerminal } from '#cli/terminal.ts';

export type VerifyOptions = {
  /** `NAME==VERSION`, in any spelling that PEP 503 and PEP 440 allow. */
  nameAndVersion: string;
  index: string;
  json?: boolean | undefined;
  /** Fingerprint that the index key must have. */
  indexKey?: string | undefined;
};

const fileBytesMax = 2 * 1024 ** 3;

type Verified = {
  fetched: FetchedRelease;
  indexKey: IndexKey;
  policy: AcceptedPolicy;
  newChain: number | null;
  declared: DeclaredOf;
  check: ReleaseCheck;
};

/** Verifies one release and says what was found. Never throws; `now` in milliseconds. */
export async function verifyCommand(options: VerifyOptions, now: number): Promise<CommandOutcome> {
  try {
    const [project, version] = readRequirement(options.nameAndVersion);
    const demanded =
      options.indexKey === undefined ? null : readFingerprint(options.indexKey.replaceAll(' ', '').toUpperCase());
    const index = openIndex(options.index);
    const verified = await asOfOneMoment(() => verifyRelease(index, { project, version, demanded, now }));
    const out = options.json ? renderJson(verified) : renderText(verified, demanded !== null);
    return { exit: 0, out, err: '' };
  } catch (fault) {
    return outcomeOf(fault, options.json ?? false);
  }
}

/** An index answers from memory for up to a second (docs/decisions/010), so right after a change its documents can be of two moments. */
const twoMomentsMs = 1_200;

/** What does not fit together is asked for once more, when one second has passed; if it still does not fit, that is the answer. */
async function asOfOneMoment<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    if (!isRefusal(fault) || fault.code !== 'evidence.record-differs') throw fault;
    await pause(twoMomentsMs);
    return work();
  }
}

type Wanted = { project: ProjectName; version: Version; demanded: Fingerprint | null; now: number };

async function verifyRelease(index: IndexReader, wanted: Wanted): Promise<Verified> {
  const { project, version, demanded, now } = wanted;
  const fetched = await fetchRelease(index, project, version);
  const { record } = fetched.record;
  // 1. The index's own key and what it signed: the release list and the record that it names.
  const indexKey = await readIndexKey(fetched.indexKey, now);
  const found = indexKey.facts.primary;
  if (demanded !== null && demanded !== found) throw refuse('verify.other-index-key', { expected: demanded, found });
  await requireIndexSignature({ what: 'The release list', ...fetched.list.document }, indexKey, hashing);
  await requireIndexSignature({ what: 'The release record', ...fetched.record.document }, indexKey, hashing);
  requireListed(fetched, project, version);
  // 2. The policies, from version 1 to the one that judges, and the newest for its strikes.
  const { evidence } = fetched;
  const chain = await readChain(evidence, record, now);
  const policy = chain.find((entry) => entry.policy.version === record.policy);
  const newest = chain.at(-1);
  if (!policy || !newest) throw refuse('evidence.missing', { what: `policy ${record.policy}` });
  // 3. The release itself, and that the record says the same.
  const named = onlyNamed(
    evidence.certificates,
    chain.map((entry) => entry.policy),
  );
  const keyring = await readKeyring(named, now);
  const check = await checkRelease({
    expected: { index: record.index, project, version, draft: null },
    ...{ policy: policy.policy, newest: newest.policy, evidence, keyring },
    // A first record is by the people of its own policy alone; a later one may be by people who came after it.
    recorded: record.serial === 1 ? null : new Set(record.signatures.map((signature) => signature.sha256)),
    custodyOf: custodyFromRecord(record),
    digestFile: (file) => digestRemote(index, file),
    // The record does not bind when the draft was opened; the countersigner judged the age of file signatures by it.
    openedAt: Number.NEGATIVE_INFINITY,
    ...{ now, hashing },
  });
  requireNotQuarantined(record, check);
  requireMet(check);
  requireRecordFits(record, check, policy);
  // 4. What owners declared of it: a yank, the status of the project.
  const stated = { list: fetched.list.list, record };
  const declared = await checkDeclared(index, stated, { chain, keyring, now });
  // 5. Every file, byte for byte.
  await checkFiles(index, fetched);
  const newChain = chain.findLast((entry) => beginsNewChain(entry.policy))?.policy.version ?? null;
  return { fetched, indexKey, policy, newChain, declared, check };
}

function requireListed({ list, record, page }: FetchedRelease, project: ProjectName, version: Version): void {
  const differs = (what: string) => refuse('evidence.record-differs', { what });
  const digest: Sha256 = hashing.sha256(record.document.bytes);
  if (list.list.project !== project || list.list.versions[version]?.sha256 !== digest)
    throw differs('the release list names another record');
  if (list.list.index !== record.record.index) throw differs('list and record are of different indexes');
  if (record.record.state === 'quarantined') return; // no page offers it; requireNotQuarantined says why
  requireOffered(list.list, page);
  const shown = page.files.filter((file) => record.record.files.some((entry) => entry.name === file.name));
  const fits = record.record.files.every((entry) =>
    shown.some((file) => file.name === entry.name && file.sha256 === entry.sha256 && file.size === entry.size),
  );
  if (!fits) throw differs('the project page offers other files');
  const yanked = record.record.yanked?.reason ?? null;
  if (shown.some((file) => file.yanked !== yanked)) throw differs('the project page says another thing about a yank');
}

/** The page must say the status that the signed list states; a quarantined project offers nothing. */
function requireOffered({ project, status }: FetchedRelease['list']['list'], page: FetchedRelease['page']): void {
  const said = (one: { status: string; reason: string } | null) => (one === null ? '' : `${one.status}: ${one.reason}`);
  if (said(status) !== said(page.status))
    throw refuse('evidence.record-differs', { what: 'the project page says another status than the release list' });
  if (status?.status === 'quarantined')
    throw refuse('verify.project-quarantined', { project, by: status.by, reason: status.reason });
}

/** Says why a release is out of the index and who brings it back, by the client's own verdict. */
function requireNotQuarantined({ state, reason, project, version }: ReleaseRecord, { verdict }: ReleaseCheck): void {
  if (state !== 'quarantined') return;
  throw refuse('verify.quarantined', { project, version, says: `${reason ?? ''} ${sayKept} ${sayWayBack(verdict)}` });
}

async function readChain(
  evidence: FetchedRelease['evidence'],
  record: ReleaseRecord,
  now: number,
): Promise<AcceptedPolicy[]> {
  return checkPolicies({
    ...{ project: record.project, known: [], policies: evidence.policies, now, hashing },
    keyring: await readKeyring(evidence.certificates, now),
    // No record says when policy signatures were received; the index did receive them, so their own time is the only one there is.
    custodyOf: (facts) => ({ received: facts.made ?? now, firstSeenHere: true, takenBack: false }),
    // Nothing is pinned yet: each run is a first contact, which follows a new chain and says so.
    mayBeginAnew: () => true,
  });
}

/** Signatures over a file's own bytes: hashed while the file streams by. */
function digestRemote(index: IndexReader, { sha256, name }: StatementFile): Digester {
  return async (requests) => (await index.measure(filePath(sha256, name), fileBytesMax, requests)).tails;
}

async function checkFiles(index: IndexReader, { record }: FetchedRelease): Promise<void> {
  for (const { name, size, sha256 } of record.record.files) {
    const found = await index.measure(filePath(sha256, name), size);
    if (found.sha256 !== sha256 || found.size !== size)
      throw refuse('evidence.record-differs', { what: `${name} has ${found.size} bytes and SHA-256 ${found.sha256}` });
  }
}

function renderJson({ fetched, indexKey, policy, newChain, declared, check }: Verified): string {
  const { record } = fetched.record;
  const signatures = record.signatures.map(({ person, key, over, received }) => ({ person, key, over, received }));
  return `${JSON.stringify({
    ...{
      accepted: true,
      index: record.index,
      project: record.project,
      version: record.version,
      indexKey: indexKey.facts.primary,
    },
    ...{
      policy: policy.policy.version,
      newChain,
      threshold: check.verdict.required,
      people: check.verdict.counted,
      signatures,
    },
    ...{ yanked: declared.yanked, projectStatus: declared.status },
    files: record.files.map(({ name, size, sha256 }) => ({ name, size, sha256 })),
  })}\n`;
}

function renderText({ fetched, indexKey, policy, newChain, declared, check }: Verified, isDemanded: boolean): string {
  const { record } = fetched.record;
  const { verdict, statementSha256 } = check;
  const key = indexKey.facts.primary;
  const lines = [
    `${record.project} ${record.version} from ${record.index} holds.`,
    ...sayNewChain(newChain),
    ...sayDeclared('It is', declared.yanked),
    ...sayDeclared('The project is', declared.status),
    `  statement         SHA256SUMS, SHA-256 ${statementSha256}`,
    ...record.signatures.map(
      ({ person, key: by, over, received }) =>
        `  signed by         ${person} with ${by} over ${over}, received ${received}`,
    ),
    `  threshold         ${verdict.counted.length} of ${verdict.required} needed people, policy ${policy.policy.version}`,
    `  countersignature  index key ${key}, ${record.date}`,
    ...record.files.map(({ name, size, sha256 }) => `  file              ${name}, ${size} bytes, SHA-256 ${sha256}`),
    ...(isDemanded
      ? []
      : [`First contact: compare the index key with one you trust, and demand it next time with --index-key ${key}.`]),
    ...strikesIn(verdict.notCounted.length),
  ];
  return `${lines.map(safeForTerminal).join('\n')}\n`;
}

/** Loud: who trusted the project before did not trust these people. */
const sayNewChain = (version: number | null): string[] =>
  version === null
    ? []
    : [
        `A new chain began with policy ${version}: the people of policy ${version - 1} did not sign it, because too few of their keys were left.`,
        'If you trusted this project before, make sure in another way that it is still in the same hands.',
      ];

/** What an owner declared stands before the rest: it is about whether to install it at all. */
const sayDeclared = (what: string, declared: Declared | null): string[] =>
  declared === null
    ? []
    : [
        `${what} ${declared.says}, as its owner ${declared.by} declared: “${declared.reason}”`,
        ...(declared.doubt === null ? [] : [`  But: ${declared.doubt}`]),
      ];

const strikesIn = (count: number): string[] =>
  count === 0 ? [] : [`${count} more signature${count === 1 ? '' : 's'} did not count.`];

function outcomeOf(fault: unknown, json: boolean): CommandOutcome {
  const known = isRefusal(fault) ? fault : null;
  const says = known
    ? `${known.message} (${known.code})`
    : 'Something went wrong inside this program; nothing was accepted.';
  const code = known ? known.code : 'internal';
  const out = json ? `${JSON.stringify({ accepted: false, code, says })}\n` : '';
  return { exit: known ? exitCode[known.kind] : exitCode.internal, out, err: json ? '' : `${safeForTerminal(says)}\n` };
}
