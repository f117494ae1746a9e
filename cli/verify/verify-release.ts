// One release, decided step by step from the evidence that a source brings, by the very code that the countersigner uses. This file is the table of contents:
// each step stands in its own file or room and refuses for itself. Nothing is kept here; `Verified` says what may be.
import { refuse } from '#lib/core/errors.ts';
import type { ProjectName, Version } from '#lib/core/ids.ts';
import { sayKept, sayWayBack } from '#lib/core/quarantine.ts';
import type { RecordFile, ReleaseRecord } from '#lib/core/release.ts';
import type { StatementFile } from '#lib/core/statement.ts';
import type { DigestRequest, Digester } from '#lib/core/digest.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { custodyFromRecord, requireRecordFits } from '#lib/evidence/check-record.ts';
import { checkRelease, requireMet, type ReleaseCheck } from '#lib/evidence/check-release.ts';
import { collectRelease, type CollectedRelease } from '#lib/evidence/collect-release.ts';
import { policyPath } from '#lib/evidence/index-tree.ts';
import type { LoggedDocument } from '#lib/evidence/log-tree.ts';
import { recordPath } from '#lib/simple/page.ts';
import { checkDeclared, type DeclaredOf } from './check-declared.ts';
import type { ProjectPin } from '#cli/trust/pin.ts';
import { requireDemands } from './demands.ts';
import type { Held } from './held.ts';
import { requireCountersigned, requireIndexKey, type MetIndex } from './index-key.ts';
import { requireListed, requireNoQuarantine, requireNotOlder, requireOffered } from './newest.ts';
import { requirePeople, type People } from './people.ts';
import { requireOwnNames } from './own-names.ts';
import { requireSameByPeople } from './since-declared.ts';
import { requireSameSincePin, type SincePin } from './since-pin.ts';
import type { MeasuredFile, SeenLog, Source } from './source.ts';

export type Wanted = {
  project: ProjectName;
  version: Version;
  /** Which files of the release are looked at byte for byte; refuses what is not in it. */
  files: (record: ReleaseRecord) => readonly RecordFile[];
};

export type Verified = {
  collected: CollectedRelease;
  met: MetIndex;
  log: SeenLog;
  /** null: only the countersignature was asked for. */
  decided: { people: People; check: ReleaseCheck; declared: DeclaredOf } | null;
  files: readonly RecordFile[];
};

/** Decides the release. Refuses at the first step that does not hold. */
export async function verifyRelease(source: Source, wanted: Wanted, held: Held): Promise<Verified> {
  const { project, version } = wanted;
  const collected = await collectRelease(source.read, project, version);
  const seen = (source.isCurrent && held.pin?.projects[project]) || null;
  if (!collected) throw noRelease(source, wanted, seen);
  const { list, record } = collected;
  // 1. The index, and what it signed.
  const name = record.record.index;
  const presented = { address: source.from, name, certificate: collected.indexKey, read: source.read };
  const met = await requireIndexKey(presented, held);
  await requireCountersigned(collected, met);
  requireListed(collected, project, version);
  // 2. That it is the newest state, and the same for everybody: list, page, log.
  requireNotOlder(list, seen);
  const since = await requireSameSincePin(source, list.list, seen);
  requireNoQuarantine(list.list);
  await requirePage(source, collected);
  // 3. Its people, and what they signed.
  const people = held.trust === 'index' ? null : await requirePeople(asPeopleCase(source, collected), held);
  const log = await requireLogged(source, { collected, met, people }, held);
  const decided = people && (await decide(source, { collected, people, since }, held));
  // 4. Every file, byte for byte.
  const files = wanted.files(record.record);
  for (const file of files) await measureIt(source, file);
  return { collected, met, log, decided, files };
}

const noRelease = ({ from }: Source, { project, version }: Wanted, seen: ProjectPin | null): Error =>
  seen?.versions[version]
    ? refuse('trust.version-vanished', { project, versions: [version] })
    : refuse('verify.no-such-release', { project, version, index: from });

const asPeopleCase = ({ isCurrent }: Source, { record, evidence }: CollectedRelease) => ({
  ...{ project: record.record.project, evidence, isCurrent },
});

async function requirePage(source: Source, { list, record }: CollectedRelease): Promise<void> {
  if (!source.isCurrent || record.record.state === 'quarantined') return; // no page offers it; decide() says why
  const page = await source.readPage(record.record.project);
  if (!page) throw refuse('evidence.missing', { what: `the page of ${record.record.project}` });
  requireOffered(list.list, record.record, page);
}

type Shown = { collected: CollectedRelease; met: MetIndex; people: People | null };

/** The record and every policy that is new to us stand in the log, and the log continues what was seen. */
function requireLogged(source: Source, { collected, met, people }: Shown, { pin }: Held): Promise<SeenLog> {
  const { project, version, serial, index } = collected.record.record;
  const recorded: LoggedDocument = {
    path: recordPath(project, version, serial),
    sha256: hashing.sha256(collected.record.document.bytes),
  };
  const policies = (people?.fresh ?? []).map(({ policy, sha256 }): LoggedDocument => {
    return { path: policyPath(project, policy.version), sha256 };
  });
  const seen = pin?.log && source.isCurrent ? new TextEncoder().encode(pin.log.checkpoint) : null;
  return source.requireLogged({ index, indexKey: met.key, seen }, [recorded, ...policies]);
}

type Deciding = { collected: CollectedRelease; people: People; since: SincePin | null };

/** The people's part: signatures, threshold, the record, own demands, what owners declared. */
async function decide(
  source: Source,
  { collected, people, since }: Deciding,
  held: Held,
): Promise<Verified['decided']> {
  const { record } = collected.record;
  const policy = people.chain.find((entry) => entry.policy.version === record.policy);
  if (!policy) throw refuse('evidence.missing', { what: `policy ${record.policy}` });
  const check = await checkRelease({
    expected: { index: record.index, project: record.project, version: record.version, draft: null },
    ...{ policy: policy.policy, newest: people.newest.policy, evidence: collected.evidence, keyring: people.keyring },
    // A first record is by the people of its own policy alone; a later one may be by people who came after it.
    recorded: record.serial === 1 ? null : new Set(record.signatures.map((signature) => signature.sha256)),
    custodyOf: custodyFromRecord(record),
    digestFile: (file) => digestOf(source, record, file),
    // The record does not bind when the draft was opened; the countersigner judged the age of file signatures by it.
    openedAt: Number.NEGATIVE_INFINITY,
    ...{ now: held.now, hashing },
  });
  requireNotQuarantined(record, check);
  requireMet(check);
  requireRecordFits(record, check, policy);
  if (since) await requireSameByPeople(source, { list: collected.list.list, since }, { ...people, now: held.now });
  await requireOwnNames(source, record, check);
  requireDemands(check, held.demands);
  const stated = { list: collected.list.list, record };
  const known = { chain: people.chain, keyring: people.keyring, now: held.now };
  return { people, check, declared: await checkDeclared(source, stated, known) };
}

/** Says why a release is out of the index and who brings it back, by the client's own verdict. */
function requireNotQuarantined({ state, reason, project, version }: ReleaseRecord, { verdict }: ReleaseCheck): void {
  if (state !== 'quarantined') return;
  throw refuse('verify.quarantined', { project, version, says: `${reason ?? ''} ${sayKept} ${sayWayBack(verdict)}` });
}

/** Signatures over a file's own bytes: hashed while the file streams by. */
function digestOf(source: Source, record: ReleaseRecord, { name, sha256 }: StatementFile): Digester {
  const file = record.files.find((entry) => entry.name === name && entry.sha256 === sha256);
  if (!file) throw refuse('evidence.record-differs', { what: 'it names other files' });
  return async (requests) => (await measureIt(source, file, requests)).tails;
}

/** Hashes these very bytes: a file that is asked for twice may not be two files, one that people signed and one to install. */
async function measureIt(source: Source, file: RecordFile, requests?: readonly DigestRequest[]): Promise<MeasuredFile> {
  const found = await source.measure(file, requests);
  if (found.sha256 === file.sha256 && found.size === file.size) return found;
  const what = `${file.name} has ${found.size} bytes and SHA-256 ${found.sha256}`;
  throw refuse('evidence.record-differs', { what });
}
