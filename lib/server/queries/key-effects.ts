// What the end of a key does to releases and drafts, one sentence each: as it stands now, and as it would stand if the key were revoked as
// compromised. Core judges both; nothing here counts. Only the reader's own keys come here (account-keys.ts asked).
import { readFingerprint, type AccountName, type Fingerprint } from '#lib/core/ids.ts';
import { isUsableKey, type KeyFacts } from '#lib/core/key.ts';
import { evaluate, type Verdict } from '#lib/core/verdict.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { loadCase, type LoadedCase } from '#lib/server/judge/load-case.ts';

export type KeyEffect = {
  says: string;
  /** The release or draft falls short because of the key. */
  isLoss: boolean;
  path: string;
};

export type KeyEffects = { now: KeyEffect[]; ifCompromised: KeyEffect[] };

const effectsMost = 100;

/** Everything that this key signed and that is open or published, and the open drafts that wait for its person. */
export async function loadKeyEffects(
  tx: Transaction,
  person: AccountName,
  facts: KeyFacts,
  now: Date,
): Promise<KeyEffects> {
  const memberships = await tx.membership.findMany({ where: { personName: person }, select: { projectName: true } });
  const rows = await tx.draft.findMany({
    where: {
      OR: [
        {
          state: { in: ['draft', 'approved', 'published', 'quarantined'] },
          signatures: { some: { key: facts.primary } },
        },
        { state: 'draft', projectName: { in: memberships.map(({ projectName }) => projectName) } },
      ],
    },
    orderBy: [{ projectName: 'asc' }, { openedAt: 'desc' }],
    take: effectsMost,
  });
  const compromised: KeyFacts = { ...facts, revocation: { kind: 'hard', date: now.getTime(), reason: 'compromised' } };
  const effects: KeyEffects = { now: [], ifCompromised: [] };
  for (const row of rows) {
    const loaded = await loadCase(tx, row, now);
    effects.now.push(...sayEffect(loaded, loaded.verdict, facts, person));
    if (!signed(loaded, facts.primary)) continue;
    const keys = new Map(loaded.judged.keys).set(facts.primary, compromised);
    effects.ifCompromised.push(...sayEffect(loaded, evaluate({ ...loaded.judged, keys }), compromised, person));
  }
  return effects;
}

const signed = ({ signatures }: LoadedCase, key: Fingerprint): boolean =>
  signatures.some((row) => readFingerprint(row.key) === key && row.takenBackAt === null);

function sayEffect(loaded: LoadedCase, verdict: Verdict, facts: KeyFacts, person: AccountName): KeyEffect[] {
  const { draft } = loaded;
  const isReleased = draft.publishedAt !== null;
  const what = `${isReleased ? '' : 'the draft of '}${draft.project} ${draft.version}`;
  const of = `${verdict.required - verdict.missing} of ${verdict.required}`;
  const effect = (says: string, isLoss = false): KeyEffect[] => [{ says, isLoss, path: `/drafts/${draft.id}` }];
  const mine = verdict.findings.filter((finding) => finding.facts.key === facts.primary && !finding.takenBack);
  if (mine.some(({ counts }) => counts))
    return effect(`Its signature on ${what} ${isReleased ? 'keeps counting' : `counts: ${of}`}.`);
  if (isReleased || mine.some(({ reason }) => reason?.code.startsWith('key-'))) {
    const short = isReleased ? `which falls below its threshold: ${of}` : `which has ${of} then`;
    const then = verdict.met ? 'which meets its threshold without it' : short;
    return effect(`Its signature on ${what} no longer counts, ${then}.`, !verdict.met);
  }
  return isMissed(loaded, verdict, facts, person)
    ? effect(`It cannot sign ${what}, which has ${of}.`, !verdict.met)
    : [];
}

/** The draft could have a line by this person, and this key cannot fill it. */
function isMissed(
  { policy, ring, judged }: LoadedCase,
  verdict: Verdict,
  facts: KeyFacts,
  person: AccountName,
): boolean {
  const named = policy.policy.people.find(({ name }) => name === person)?.keys ?? [];
  if (!named.includes(facts.primary) || verdict.counted.includes(person)) return false;
  return !isUsableKey(ring.facts.get(facts.primary), judged.now);
}
