// Who may sign for the project: its chain of policies, from the versions that are pinned or from version 1, by our own key ring and what is served. What a
// person must acknowledge is decided here: first contact, a new chain, a lowered threshold, a new key, weaker rules. Stricter rules are followed and told.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { Fingerprint, ProjectName } from '#lib/core/ids.ts';
import { withoutHindsight } from '#lib/core/key.ts';
import { beginsNewChain } from '#lib/core/new-chain.ts';
import { weakeningsOf, type Weakening } from '#lib/core/policy-chain.ts';
import { ownersOf, personOfKey, readPolicy, type Policy } from '#lib/core/policy.ts';
import { changesOf, sayChange, sayPolicy } from '#lib/core/say-policy.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { Evidence } from '#lib/evidence/bundle.ts';
import {
  checkPolicies,
  type AcceptedPolicy,
  type FollowingPolicy,
  type PolicyCase,
} from '#lib/evidence/check-policies.ts';
import { onlyNamed, readKeyring, type Keyring } from '#lib/evidence/keyring.ts';
import { mergeCertificates } from '#lib/pgp/merge-certificates.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import { requireYes, type Held } from './held.ts';

export type People = {
  chain: readonly AcceptedPolicy[];
  newest: AcceptedPolicy;
  /** Of everybody whom some policy names, merged with what was known. */
  keyring: Keyring;
  /** The newest policy that began a chain anew; null: none did. */
  newChain: number | null;
  /** Chain versions that were not pinned before this run. */
  fresh: readonly FollowingPolicy[];
};

export type PeopleCase = {
  project: ProjectName;
  evidence: Pick<Evidence, 'policies' | 'certificates'>;
  /** Whether a chain that ends before the pinned one is refused: a bundle may be of an earlier day. */
  isCurrent: boolean;
};

/** The people of the project, acknowledged. Refuses `evidence.policy-…`, `policy.breaks-chain`, `trust.…` with a question that nobody answered. */
export async function requirePeople({ project, evidence, isCurrent }: PeopleCase, held: Held): Promise<People> {
  const pinned = held.pin?.projects[project]?.policies ?? [];
  const known = knownPolicies({ project, evidence, isCurrent }, pinned);
  const all = await readMerged(evidence, held);
  const { fresh, isForgiven } = await follow({
    ...{ project, known, policies: evidence.policies, keyring: all, now: held.now, hashing },
    // No record says when policy signatures were received; the index did receive them, so their own time is the only one there is.
    custodyOf: (facts) => ({ received: facts.made ?? held.now, firstSeenHere: true, takenBack: false }),
    // Whether it may is the question below.
    mayBeginAnew: () => true,
  });
  const chain = [...known, ...fresh];
  const newest = chain.at(-1);
  if (!newest) throw refuse('evidence.missing', { what: 'a policy of the project' });
  await requireAcknowledged({ project, chain, fresh, isForgiven }, known.length, held);
  const policies = chain.map(({ policy }) => policy);
  const keyring = { facts: all.facts, certificates: onlyNamed(all.certificates, policies) };
  return { ...{ chain, newest, keyring, fresh }, newChain: policies.findLast(beginsNewChain)?.version ?? null };
}

type Followed = { fresh: FollowingPolicy[]; isForgiven: boolean };

/**
 * A policy that came into force stays so when a key that signed it is revoked as compromised later; whether it was in force before that, the index alone
 * can say. So the chain is followed as it was known then, but a person must acknowledge it (docs/decisions/050).
 */
async function follow(judged: PolicyCase): Promise<Followed> {
  try {
    return { fresh: await checkPolicies(judged), isForgiven: false };
  } catch (fault) {
    if (!isRefusal(fault) || fault.code !== 'evidence.policy-not-signed') throw fault;
    const facts = new Map([...judged.keyring.facts].map(([key, known]) => [key, withoutHindsight(known)]));
    return { fresh: await checkPolicies({ ...judged, keyring: { ...judged.keyring, facts } }), isForgiven: true };
  }
}

/** The served versions that are pinned, by their digests. */
function knownPolicies({ project, evidence, isCurrent }: PeopleCase, pinned: readonly string[]): AcceptedPolicy[] {
  const given = evidence.policies.length;
  if (isCurrent && given < pinned.length)
    throw refuse('evidence.policy-went-back', { project, known: pinned.length, given });
  return evidence.policies.slice(0, pinned.length).map(({ bytes, version }, at) => {
    const sha256 = hashing.sha256(bytes);
    if (sha256 !== pinned[at]) throw refuse('evidence.policy-rewritten', { project, version });
    return { policy: readPolicy(bytes), sha256 };
  });
}

/** The served certificates, each merged with the one in our own ring: what was revoked once stays revoked. */
async function readMerged({ certificates }: PeopleCase['evidence'], { pin, now }: Held): Promise<Keyring> {
  const merged = new Map<Fingerprint, Uint8Array>();
  for (const [key, served] of certificates) {
    const known = pin?.certificates[key];
    merged.set(key, known === undefined ? served : await mergeOne(Buffer.from(known), served, now));
  }
  return readKeyring(merged, now);
}

async function mergeOne(known: Uint8Array, served: Uint8Array, now: number): Promise<Uint8Array> {
  const [ours, theirs] = [await readCertificate(known, now), await readCertificate(served, now)];
  return (await mergeCertificates(ours.bytes, theirs.bytes)).bytes;
}

type Chain = {
  project: ProjectName;
  chain: readonly AcceptedPolicy[];
  fresh: readonly FollowingPolicy[];
  isForgiven: boolean;
};

async function requireAcknowledged(judged: Chain, pinned: number, held: Held): Promise<void> {
  if (held.trust === 'index') return;
  const { project } = judged;
  const upTo = Math.max(pinned, givenUpTo(judged, pinned, held));
  if (upTo === 0) {
    const { shows, asks } = firstContact(judged);
    return requireYes(held, { shows, asks }, () => refuse('trust.first-contact-project', { project, shows }));
  }
  const grave = gravestOf(judged, upTo);
  if (grave === null) return;
  const shows = shownChange(judged, upTo);
  const asks = `Do you accept the new rules of ${project}?`;
  await requireYes(held, { shows, asks }, () => refuse(grave, { project, shows }));
}

/**
 * How many policies of the chain are acknowledged by what was given. An owner's fingerprint says whose project it is, at first contact; it does not say yes to
 * rules that became weaker since.
 */
function givenUpTo({ project, chain, isForgiven }: Chain, pinned: number, { given }: Held): number {
  const digest = given.policies.get(project);
  const at = digest === undefined ? 0 : chain.findIndex(({ sha256 }) => sha256 === digest) + 1;
  if (digest !== undefined && at === 0) throw refuse('trust.other-policy', { project, expected: digest });
  const owners = given.owners.get(project);
  if (owners === undefined) return at;
  const newest = chain.at(-1);
  const found = newest ? ownersOf(newest.policy).flatMap(({ keys }) => keys) : [];
  const others = found.filter((key) => !owners.includes(key));
  if (others.length > 0) throw refuse('trust.other-owners', { project, found: others });
  return pinned === 0 && !isForgiven ? chain.length : at;
}

function firstContact(judged: Chain): { shows: string[]; asks: string } {
  const { project, chain } = judged;
  const newest = chain.at(-1);
  if (!newest) return { shows: [], asks: '' };
  const began = chain.findLast(({ policy }) => beginsNewChain(policy))?.policy.version ?? 1;
  const shows = [
    `First contact with ${project}: policy ${newest.policy.version}, SHA-256 ${newest.sha256}`,
    ...sayPolicy(newest.policy).map((line) => `  ${line}`),
    ...sayKeys(newest.policy),
    ...sayForgiven(judged),
    ...(began > 1 ? [`  Its chain began anew with policy ${began}: too few of the keys before it were left.`] : []),
    `Given on the command line: --policy ${project}=${newest.sha256}`,
  ];
  return { shows, asks: `Are these the people of ${project}?` };
}

const sayKeys = ({ people }: Policy): string[] =>
  people.flatMap(({ name, role, keys }) => keys.map((key) => `  ${name}, ${role}: ${key}`));

const newKeys: readonly Weakening[] = ['person-added', 'key-added'];

const sayForgiven = ({ isForgiven }: Chain): string[] =>
  isForgiven
    ? [
        '  A key that signed one of these policies was revoked as compromised afterwards; that it was in force before is the word of the index.',
      ]
    : [];

type Grave =
  'trust.new-chain' | 'trust.revoked-signer' | 'trust.threshold-lowered' | 'trust.new-key' | 'trust.weaker-rules';

/** What a person must answer for, the gravest of it; null: nothing. Every step counts: what one weakens and the next mends was weaker in between. */
function gravestOf({ chain, isForgiven }: Chain, upTo: number): Grave | null {
  const steps = chain.slice(upTo).map(({ policy }, at) => ({ policy, before: chain[upTo + at - 1]?.policy ?? null }));
  if (steps.some(({ policy }) => beginsNewChain(policy))) return 'trust.new-chain';
  if (isForgiven && steps.length > 0) return 'trust.revoked-signer';
  const weaker = steps.flatMap(({ policy, before }) => (before ? weakeningsOf(before, policy) : []));
  if (weaker.includes('threshold-lowered')) return 'trust.threshold-lowered';
  if (weaker.some((kind) => newKeys.includes(kind))) return 'trust.new-key';
  return weaker.length > 0 ? 'trust.weaker-rules' : null;
}

/** Old and new, and who signed each step. */
function shownChange(judged: Chain, upTo: number): string[] {
  const { project, chain, fresh } = judged;
  const [before, newest] = [chain[upTo - 1], chain.at(-1)];
  if (!before || !newest) return [];
  return [
    `The rules of ${project} changed from policy ${before.policy.version} to policy ${newest.policy.version}, SHA-256 ${newest.sha256}`,
    ...changesOf(before.policy, newest.policy).map((change) => `  ${sayChange(change)}`),
    ...fresh.slice(-(chain.length - upTo)).map((step) => `  ${saySigners(step, chain)}`),
    ...sayForgiven(judged),
    `Given on the command line: --policy ${project}=${newest.sha256}`,
  ];
}

function saySigners({ policy, signedBy }: FollowingPolicy, chain: readonly AcceptedPolicy[]): string {
  const around = [policy, ...chain.filter((one) => one.policy.version === policy.version - 1).map((one) => one.policy)];
  const names = signedBy.map((key) => {
    const person = around.map((one) => personOfKey(one, key)).find((one) => one !== null);
    return `${person?.name ?? 'somebody'} (${key})`;
  });
  const chainWord = beginsNewChain(policy) ? ', which begins a new chain,' : '';
  return `Policy ${policy.version}${chainWord} is signed by ${names.join(' and ')}.`;
}
