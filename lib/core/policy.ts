// The project policy: who may sign, and how many must (docs/formats/policy.md). This file reads and prints the document;
// policy-chain.ts decides whether one may follow another and who must sign it.
import {
  readDocument,
  readExactly,
  readFields,
  readFlag,
  readLine,
  readList,
  readNullable,
  readWhole,
  renderDocument,
  type Fields,
} from './document.ts';
import { refuse } from './errors.ts';
import {
  readAccountName,
  readFingerprint,
  readInstant,
  readProjectName,
  readSha256,
  type AccountName,
  type Fingerprint,
  type Instant,
  type ProjectName,
  type Sha256,
} from './ids.ts';

export type PolicyPerson = { name: AccountName; role: 'owner' | 'maintainer'; keys: readonly Fingerprint[] };
export type Retired = { name: AccountName; keys: readonly Fingerprint[]; since: Instant };
export type Struck = { name: AccountName; keys: readonly Fingerprint[]; since: Instant | null; reason: string };

export type Policy = {
  type: 'countersign/policy';
  format: 1;
  project: ProjectName;
  version: number;
  /** SHA-256 of the policy before it; null in version 1, and where a chain begins anew (new-chain.ts). */
  previous: Sha256 | null;
  /** People whose signature each file needs. May exceed the number of people: then nothing can be published yet. */
  threshold: number;
  ownerThreshold: number;
  openerCounts: boolean;
  /** Hours between the first met verdict and publication. */
  waitHours: number;
  fileSignatures: boolean;
  people: readonly PolicyPerson[];
  retired: readonly Retired[];
  struck: readonly Struck[];
  date: Instant;
};

/** The document's one spelling: keys in the order of the format document. */
export function renderPolicy(p: Policy): string {
  const keyed = (entry: { name: AccountName; keys: readonly Fingerprint[] }) => ({
    name: entry.name,
    keys: [...entry.keys],
  });
  return renderDocument({
    type: p.type,
    format: p.format,
    project: p.project,
    version: p.version,
    previous: p.previous,
    threshold: p.threshold,
    ownerThreshold: p.ownerThreshold,
    openerCounts: p.openerCounts,
    waitHours: p.waitHours,
    fileSignatures: p.fileSignatures,
    people: p.people.map((person) => ({ name: person.name, role: person.role, keys: [...person.keys] })),
    retired: p.retired.map((entry) => ({ ...keyed(entry), since: entry.since })),
    struck: p.struck.map((entry) => ({ ...keyed(entry), since: entry.since, reason: entry.reason })),
    date: p.date,
  });
}

const most = 500;
const keysOf = (fields: Fields): Fingerprint[] => readList(fields['keys'], 'a list of keys', most, readFingerprint);

/**
 * Reads a policy from hostile bytes. Refuses every second spelling, a person or a key that stands twice, a person without
 * a key, a project without an owner, thresholds below 1, and an owner threshold that the owners could never meet.
 */
export function readPolicy(foreignBytes: Uint8Array): Policy {
  const policy = readDocument(foreignBytes, 'a policy', (fields): Policy => ({
    type: readExactly(fields['type'], 'countersign/policy', 'the type'),
    format: readExactly(fields['format'], 1, 'the format'),
    project: readProjectName(fields['project']),
    version: readWhole(fields['version'], 'the version', 1, 1_000_000),
    previous: readNullable(fields['previous'], readSha256),
    threshold: readWhole(fields['threshold'], 'the threshold', 1, most),
    ownerThreshold: readWhole(fields['ownerThreshold'], 'the owner threshold', 1, most),
    openerCounts: readFlag(fields['openerCounts'], 'whether the opener counts'),
    waitHours: readWhole(fields['waitHours'], 'the waiting time', 0, 24 * 30),
    fileSignatures: readFlag(fields['fileSignatures'], 'whether file signatures count'),
    people: readList(fields['people'], 'the people', most, readPolicyPerson),
    retired: readList(fields['retired'], 'the retired', most, (entry) => {
      const e = readFields(entry, 'a retired entry');
      return { name: readAccountName(e['name']), keys: keysOf(e), since: readInstant(e['since']) };
    }),
    struck: readList(fields['struck'], 'the struck', most, (entry) => {
      const e = readFields(entry, 'a struck entry');
      return {
        name: readAccountName(e['name']),
        keys: keysOf(e),
        since: readNullable(e['since'], readInstant),
        reason: readLine(e['reason'], 'a reason', 500),
      };
    }),
    date: readInstant(fields['date']),
  }));
  requireSound(policy);
  return policy;
}

function readPolicyPerson(claimed: unknown): PolicyPerson {
  const fields = readFields(claimed, 'a person');
  const role = fields['role'];
  if (role !== 'owner' && role !== 'maintainer')
    throw refuse('policy.malformed', { why: 'a role is neither owner nor maintainer' });
  return { name: readAccountName(fields['name']), role, keys: keysOf(fields) };
}

/** What must hold inside one policy, whatever came before it. Refuses with `policy.malformed`. */
export function requireSound(policy: Policy): void {
  const malformed = (why: string) => refuse('policy.malformed', { why });
  const keys = policy.people.flatMap((person) => person.keys);
  const struckKeys = new Set(policy.struck.flatMap((entry) => entry.keys));
  if (new Set(policy.people.map((person) => person.name)).size !== policy.people.length)
    throw malformed('a person stands twice');
  if (new Set(keys).size !== keys.length) throw malformed('a key stands twice');
  if (policy.people.some((person) => person.keys.length === 0)) throw malformed('a person has no key');
  if (keys.some((key) => struckKeys.has(key))) throw malformed('a struck key is named again');
  const owners = ownersOf(policy).length;
  if (owners === 0) throw malformed('nobody owns the project');
  if (policy.ownerThreshold > owners) throw malformed('more owners must sign than there are');
  if (policy.version === 1 && policy.previous !== null) throw malformed('nothing comes before version 1');
}

/** When the waiting time is over that began at this moment, with the first met verdict over a statement. Milliseconds. */
export const waitEnds = ({ waitHours }: Policy, metSince: number): number => metSince + waitHours * 3_600_000;

export const ownersOf = (policy: Policy): PolicyPerson[] => policy.people.filter((person) => person.role === 'owner');

/** The person to whom this policy gives the key; null: nobody. */
export function personOfKey(policy: Policy, key: Fingerprint): PolicyPerson | null {
  return policy.people.find((person) => person.keys.includes(key)) ?? null;
}
