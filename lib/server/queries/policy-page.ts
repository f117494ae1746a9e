// One policy of a project: its bytes, what it changes, who must sign it, who did. Those in force or superseded are public;
// an open one is for the people of the project. Every count comes from core's evaluatePolicy.
import { refuse } from '#lib/core/errors.ts';
import { readFingerprint, type AccountName, type ProjectName, type Sha256 } from '#lib/core/ids.ts';
import { isUsableKey } from '#lib/core/key.ts';
import { beginsNewChain, isStuck } from '#lib/core/new-chain.ts';
import { may, type Actor, type Role } from '#lib/core/people.ts';
import type { NeedMet, Weakening } from '#lib/core/policy-chain.ts';
import { changesOf, sayCounts, sayNeed, sayPolicy, sayWeakening, type PolicyChange } from '#lib/core/say-policy.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { loadConsequences } from '#lib/server/judge/load-consequences.ts';
import {
  judgePolicy,
  loadOpenPolicy,
  loadPolicyChain,
  loadPolicyInForce,
  loadPolicyVersion,
  type JudgedPolicy,
  type LoadedPolicy,
  type PolicyState,
} from '#lib/server/judge/load-policy.ts';
import { loadUsableKeys } from '#lib/server/judge/my-keys.ts';
import { standingInPolicy } from '#lib/server/judge/policy-signer.ts';
import { seesDrafts, type Standing } from '#lib/server/judge/project-role.ts';
import { sayWay } from '#lib/server/judge/signature-way.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { Download } from './download.ts';
import { sayConsequences, type SaidConsequences } from './say-consequences.ts';
import { makePanel, type SignatureLine, type SigningPanel } from './signing-panel.ts';

/** One count to reach, in words and with its lines. */
export type PolicyNeed = {
  why: NeedMet['why'];
  /** "2 of the people of policy 1, because it weakens the rules" */
  says: string;
  required: number;
  counted: AccountName[];
  missing: number;
  lines: SignatureLine[];
};

export type PolicyPage = {
  project: ProjectName;
  role: Role;
  version: number;
  state: PolicyState;
  proposedBy: AccountName;
  proposedAt: Date;
  effectiveAt: Date | null;
  sha256: Sha256;
  text: string;
  /** "Each file needs 2 of 3 people: ada, bo, chi." */
  sentences: string[];
  previousSentences: string[] | null;
  changes: PolicyChange[];
  weakenings: { kind: Weakening; says: string }[];
  needs: PolicyNeed[];
  /** All counts in one sentence. */
  counts: string;
  met: boolean;
  couldStillSign: AccountName[];
  /** While open, when it expires; null: never. */
  deadline: Date | null;
  /** Where it is open or in force: what to think about. */
  warnings: string[];
  /** While open, for the people of the project: what it would do. */
  consequences: SaidConsequences | null;
  /** While open, for its people. */
  panel: SigningPanel | null;
  versions: { version: number; state: 'open' | 'in-force' | 'superseded'; effectiveAt: Date | null }[];
  /** It begins a new chain; `waits`: its founders have signed, the countersigner's operator has not confirmed it. */
  newChain: { waits: boolean } | null;
  may: { sign: boolean; withdraw: boolean; propose: boolean; beginChain: boolean };
};

/** `version` undefined: the open one, else the one in force. Refuses `project.not-found`, `policy.not-found`. */
export async function policyPage(actor: Actor, project: string, version?: number): Promise<PolicyPage> {
  const { db, clock } = runtime();
  const now = clock.now();
  const standing = await standingInPolicy(db, actor, project);
  const loaded = await findPolicy(db, standing, version);
  const judged = await judgePolicy(db, loaded, now);
  const { next, previous, verdict } = judged;
  const before = previous?.policy ?? null;
  const isOpen = next.state === 'open';
  return {
    ...{ project: next.project, role: standing.role, version: next.version, state: next.state, sha256: next.sha256 },
    ...{ proposedBy: next.proposedBy, proposedAt: next.proposedAt, effectiveAt: next.effectiveAt },
    text: new TextDecoder().decode(next.bytes),
    sentences: sayPolicy(next.policy),
    previousSentences: before && sayPolicy(before),
    changes: changesOf(before, next.policy),
    weakenings: verdict.weakenings.map((kind) => ({ kind, says: sayWeakening(kind) })),
    needs: verdict.needs.map((need) => ({ ...need, says: sayNeed(need), lines: linesOf(need, judged) })),
    counts: sayCounts(verdict.needs),
    ...{ met: verdict.met, couldStillSign: isOpen ? verdict.couldStillSign : [] },
    deadline: isOpen ? next.deadline : null,
    ...(await whatItDoes(db, judged, standing.role, now)),
    panel: isOpen ? await panelFor(db, judged, { actor, role: standing.role }, now) : null,
    versions: await loadVersions(db, next.project, standing),
    newChain: beginsNewChain(next.policy) ? { waits: isOpen && verdict.met } : null,
    may: {
      ...mayWhileOpen(next, standing.role, actor),
      propose: await mayPropose(db, next.project, standing.role),
      beginChain: mayBeginChain(judged, standing.role, now),
    },
  };
}

/** Where the policy in force cannot be changed any more (docs/decisions/024). */
const mayBeginChain = ({ next, ring }: JudgedPolicy, role: Role, now: Date): boolean =>
  next.state === 'in-force' &&
  may(role, 'chain.begin') &&
  isStuck(next.policy, (key) => isUsableKey(ring.facts.get(key), now.getTime()));

function mayWhileOpen({ state, version, policy, proposedBy }: LoadedPolicy, role: Role, actor: Actor) {
  const isOwn = actor.kind === 'person' && actor.name === proposedBy;
  const verb = beginsNewChain(policy) || isOwn ? 'chain.withdraw' : 'policy.withdraw';
  return {
    sign: state === 'open' && may(role, 'policy.sign'),
    withdraw: state === 'open' && version > 1 && may(role, verb),
  };
}

async function mayPropose(tx: Transaction, project: ProjectName, role: Role): Promise<boolean> {
  return may(role, 'policy.propose') && (await loadOpenPolicy(tx, project)) === null;
}

/** For those who may sign; null for everybody else. */
async function panelFor(
  tx: Transaction,
  judged: JudgedPolicy,
  reader: { actor: Actor; role: Role },
  now: Date,
): Promise<SigningPanel | null> {
  const { actor, role } = reader;
  return actor.kind === 'person' && may(role, 'policy.sign') ? loadPanel(tx, judged, actor.name, now) : null;
}

/** An open policy is for those who may see it; to others it is not there. */
const seesOpen = ({ role, project }: Standing): boolean =>
  seesDrafts(role) || role === 'invited' || project.policyInForce === null;

async function findPolicy(tx: Transaction, standing: Standing, version: number | undefined): Promise<LoadedPolicy> {
  const { name } = standing.project;
  if (version === undefined) {
    const open = seesOpen(standing) ? await loadOpenPolicy(tx, name) : null;
    const found = open ?? (await loadPolicyInForce(tx, name));
    if (found) return found;
    throw refuse('policy.not-found', { project: name, version: 1 });
  }
  const found = await loadPolicyVersion(tx, name, version);
  if (found.state === 'open' && !seesOpen(standing)) throw refuse('policy.not-found', { project: name, version });
  return found;
}

/** One line a signature that is needed: who signed, then who could. */
function linesOf(need: NeedMet, { signatures, verdict, next }: JudgedPolicy): SignatureLine[] {
  const signed = need.counted.flatMap((name): SignatureLine[] => {
    const row = signatures.find((candidate) => candidate.personName === name);
    if (!row) return [];
    const key = { fingerprint: readFingerprint(row.key), issuer: readFingerprint(row.issuer) };
    return [
      {
        state: 'signed',
        id: row.packetSha256,
        name,
        ...key,
        at: row.received,
        way: sayWay(row.via),
        over: `policy ${next.version}`,
        mine: false,
      },
    ];
  });
  const names = need.people.map((person) => person.name);
  const couldSign = verdict.couldStillSign.filter((name) => names.includes(name) && !need.counted.includes(name));
  return [...signed, ...Array.from({ length: need.missing }, (): SignatureLine => ({ state: 'open', couldSign }))];
}

/** Warnings for everybody, where it counts; what it does to drafts and people for those inside. */
async function whatItDoes(
  tx: Transaction,
  { next, previous }: JudgedPolicy,
  role: Role,
  now: Date,
): Promise<Pick<PolicyPage, 'warnings' | 'consequences'>> {
  if (next.state === 'in-force') {
    const said = sayConsequences(await loadConsequences(tx, null, next.policy, now));
    return { warnings: said.warnings, consequences: null };
  }
  if (next.state !== 'open') return { warnings: [], consequences: null };
  const said = sayConsequences(await loadConsequences(tx, previous?.policy ?? null, next.policy, now));
  return { warnings: said.warnings, consequences: seesDrafts(role) && previous ? said : null };
}

async function loadPanel(
  tx: Transaction,
  { next, signatures, verdict }: JudgedPolicy,
  reader: AccountName,
  now: Date,
): Promise<SigningPanel> {
  const mine = signatures.find((row) => row.personName === reader);
  const people = verdict.needs.flatMap((need) => need.people.filter((person) => person.name === reader));
  const isLast = verdict.needs.every(
    (need) => need.missing === 0 || (need.missing === 1 && need.people.some((person) => person.name === reader)),
  );
  return makePanel({
    fileName: policyFileName(next),
    downloadPath: `/projects/${next.project}/policy/${next.version}/${next.version}.json`,
    ...{ bytes: next.bytes, sha256: next.sha256, usable: await loadUsableKeys(tx, reader, now) },
    named: people.flatMap((person) => person.keys),
    will: isLast
      ? `Your signature is the last one needed: policy ${next.version} comes into force at once.`
      : 'Your signature is counted at once; others must sign too.',
    cannotSign: people.length === 0 ? 'This change needs the owners only; nothing is asked of you.' : null,
    signedAt: mine?.received ?? null,
  });
}

async function loadVersions(
  tx: Transaction,
  project: ProjectName,
  standing: Standing,
): Promise<PolicyPage['versions']> {
  const open = seesOpen(standing) ? await loadOpenPolicy(tx, project) : null;
  const all = [...(await loadPolicyChain(tx, project)), ...(open ? [open] : [])];
  return all
    .map(({ version, state, effectiveAt }) => ({
      version,
      state: state === 'open' || state === 'in-force' ? state : ('superseded' as const),
      effectiveAt,
    }))
    .reverse();
}

const policyFileName = ({ project, version }: LoadedPolicy): string => `${project}-policy-${version}.json`;

/** One version, where this reader may read it. Refuses as policyPage does. */
export async function readablePolicy(actor: Actor, project: string, version: number): Promise<LoadedPolicy> {
  const { db } = runtime();
  return findPolicy(db, await standingInPolicy(db, actor, project), version);
}

/** The document byte for byte, as `PROJECT-policy-N.json`. Refuses as policyPage does. */
export async function policyBytes(actor: Actor, project: string, version: number): Promise<Download> {
  const found = await readablePolicy(actor, project, version);
  return { fileName: policyFileName(found), contentType: 'application/json', bytes: found.bytes };
}
