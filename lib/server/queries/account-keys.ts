// The keys of the reader's own account: a list, one key with its proof phrase, and the phrase as a file to sign.
// A key of somebody else is "not found". User ids are hostile text.
import { readProjectName, type AccountName, type Fingerprint, type ProjectName } from '#lib/core/ids.ts';
import { refuse } from '#lib/core/errors.ts';
import { keyState, type KeyFacts, type KeyState, type Revocation, type SigningKeyFacts } from '#lib/core/key.ts';
import { requireOwn, requirePerson, type Actor } from '#lib/core/people.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { canBeEncryptedTo } from '#lib/pgp/encrypt-challenge.ts';
import { armorCertificate } from '#lib/pgp/read-certificate.ts';
import { readKeyFacts } from '#lib/pgp/read-key-facts.ts';
import type { KeyChallenge as ChallengeRow, Key as KeyDatabaseRow } from '#lib/server/db/generated/client.ts';
import type { HistoryLine } from '#lib/server/history/line.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { findChallenge } from '#lib/server/judge/key-challenge.ts';
import { loadPolicyInForce } from '#lib/server/judge/load-policy.ts';
import { asMyKey, loadUsableKeys } from '#lib/server/judge/my-keys.ts';
import { findOwnKey } from '#lib/server/judge/own-key.ts';
import { runtime } from '#lib/server/runtime.ts';
import { loadHistory } from './history-lines.ts';
import type { Download } from './download.ts';
import { challengeFileName, openingCommands, type OpeningCommand } from './opening-commands.ts';
import { loadKeyEffects, type KeyEffects } from './key-effects.ts';
import { signingCommands, type SigningCommand } from './signing-commands.ts';

export type KeyRow = {
  fingerprint: Fingerprint;
  state: KeyState;
  algorithm: string;
  userIds: readonly string[];
  created: Date;
  expires: Date | null;
  addedAt: Date;
  provenAt: Date | null;
  /** Projects whose policy in force names this key. */
  projects: ProjectName[];
};

export type KeyChallenge = {
  phrase: string;
  /** `countersign-proof-….txt`: what to save the phrase as. */
  fileName: string;
  sha256: string;
  expiresAt: Date;
  commands: SigningCommand[];
  /** The encrypted message, once it was sent: what was mailed, when, and how to open it. */
  mailed: { sealed: string; at: Date; fileName: string; commands: OpeningCommand[] } | null;
};

export type KeyPage = KeyRow & {
  signing: readonly SigningKeyFacts[];
  canEncrypt: boolean;
  /** Has an encryption key that is live now: it can be proven by opening a message. */
  canOpenMail: boolean;
  revocation: Revocation | null;
  /** Armored, as stored (own user ids and self-signatures only). */
  certificate: string;
  /** When its person said that it is lost. */
  lostAt: Date | null;
  effects: KeyEffects;
  /** Other keys of the person that can sign now. */
  others: { fingerprint: Fingerprint; userId: string }[];
  /** While unproven, and a phrase is waiting. */
  challenge: KeyChallenge | null;
  history: HistoryLine[];
};

/** My keys, newest first. Refuses `person.sign-in-first`. */
export async function accountKeys(actor: Actor): Promise<KeyRow[]> {
  const name = requireOwn(actor, 'account');
  const { db, clock } = runtime();
  const rows = await db.key.findMany({
    where: { personName: name },
    orderBy: [{ createdAt: 'desc' }, { fingerprint: 'asc' }],
  });
  const named = await projectsByKey(db, name);
  return Promise.all(rows.map(async (row) => asRow(row, await readKeyFacts(row.certificate), named, clock.now())));
}

/** Which projects of the person name which key in the policy in force. */
async function projectsByKey(tx: Transaction, name: AccountName): Promise<Map<Fingerprint, ProjectName[]>> {
  const memberships = await tx.membership.findMany({ where: { personName: name }, orderBy: { projectName: 'asc' } });
  const named = new Map<Fingerprint, ProjectName[]>();
  for (const { projectName } of memberships) {
    const project = readProjectName(projectName);
    const inForce = await loadPolicyInForce(tx, project);
    const keys = inForce?.policy.people.find((person) => person.name === name)?.keys ?? [];
    for (const key of keys) named.set(key, [...(named.get(key) ?? []), project]);
  }
  return named;
}

const stored = (state: string): 'unproven' | 'active' | 'lost' =>
  state === 'active' || state === 'lost' ? state : 'unproven';

function asRow(row: KeyDatabaseRow, facts: KeyFacts, named: Map<Fingerprint, ProjectName[]>, now: Date): KeyRow {
  return {
    fingerprint: facts.primary,
    state: keyState(facts, stored(row.state), now.getTime()),
    algorithm: facts.algorithm,
    userIds: facts.userIds,
    created: new Date(facts.created),
    expires: facts.expires === null ? null : new Date(facts.expires),
    addedAt: row.createdAt,
    provenAt: row.provenAt,
    projects: named.get(facts.primary) ?? [],
  };
}

/** One of my keys. Refuses `key.not-found`. */
export async function keyPage(actor: Actor, fingerprint: string): Promise<KeyPage> {
  const name = requirePerson(actor);
  const { db, clock } = runtime();
  const { row, facts } = await findOwnKey(db, name, fingerprint);
  const about = { personName: name, details: { path: ['key'], equals: facts.primary } };
  return {
    ...asRow(row, facts, await projectsByKey(db, name), clock.now()),
    ...{ signing: facts.signing, canEncrypt: facts.canEncrypt, revocation: facts.revocation },
    certificate: armorCertificate(row.certificate),
    lostAt: row.lostAt,
    effects: await loadKeyEffects(db, name, facts, clock.now()),
    others: (await loadUsableKeys(db, name, clock.now())).filter((key) => key.fingerprint !== facts.primary),
    canOpenMail: await canBeEncryptedTo(row.certificate, clock.now().getTime()),
    challenge: row.state === 'unproven' ? await loadChallenge(db, name, facts, clock.now()) : null,
    history: await loadHistory(db, about, { isInside: () => false, place: 'account' }, 50),
  };
}

const phraseName = (key: Fingerprint, sha256: string): string =>
  `countersign-proof-${key.toLowerCase()}-${sha256.slice(0, 8)}.txt`;

async function loadChallenge(
  tx: Transaction,
  name: AccountName,
  facts: KeyFacts,
  now: Date,
): Promise<KeyChallenge | null> {
  const row = await findChallenge(tx, name, facts.primary, now);
  if (!row) return null;
  const sha256 = sha256Hex(row.phrase);
  const fileName = phraseName(facts.primary, sha256);
  const [signing = facts.primary] = asMyKey(facts, now).signing;
  return {
    ...{ fileName, sha256, expiresAt: row.expiresAt },
    phrase: new TextDecoder().decode(row.phrase),
    commands: signingCommands(fileName, { fingerprint: facts.primary, signing }),
    mailed: mailedOf(row, facts.primary),
  };
}

const mailedOf = ({ sealed, mailedAt }: ChallengeRow, key: Fingerprint): KeyChallenge['mailed'] =>
  sealed && mailedAt ? { sealed, at: mailedAt, fileName: challengeFileName, commands: openingCommands(key) } : null;

/** The phrase that waits to be signed, as a file. Refuses `key.not-found`, `key.no-challenge`. */
export async function keyPhrase(actor: Actor, fingerprint: string): Promise<Download> {
  const name = requirePerson(actor);
  const { db, clock } = runtime();
  const key = await findOwnKey(db, name, fingerprint);
  const row = await findChallenge(db, name, key.fingerprint, clock.now());
  if (!row) throw refuse('key.no-challenge', {});
  return {
    fileName: phraseName(key.fingerprint, sha256Hex(row.phrase)),
    contentType: 'text/plain; charset=utf-8',
    bytes: row.phrase,
  };
}
