// Signatures enter drafts in one transaction with those that wait beside them, whichever drafts they are for: the locks are taken in the order of the drafts' ids,
// what they ask of rows is asked once for all, and what they store is stored at once. Each is judged by what the ones before it have done, in the order
// in which they came, so that it comes to the same as one after the other; and each has its own finding, history, mail and refusal. Docs: decisions/075.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { Actor } from '#lib/core/people.ts';
import { stepFrom } from '#lib/core/release.ts';
import { changeTogether, viaOf, type Change } from '#lib/server/change.ts';
import { isConflict } from '#lib/server/db/faults.ts';
import type { Draft as DraftRow } from '#lib/server/db/generated/client.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { inRounds, type Waiting } from '#lib/server/in-rounds.ts';
import { limits } from '#lib/server/limits.ts';
import type { CheckedPacket } from './check-packets.ts';
import { closeLedger, enterInto, openLedger, type Ledger } from './enter-packets.ts';
import { findDraft, type FoundDraft } from './find-draft.ts';
import { loadCases, withSignatures, type LoadedCase } from './load-case.ts';
import type { PacketOutcome } from './packet-outcome.ts';
import { settleCase } from './settle-draft.ts';
import type { SignatureWay } from './signature-way.ts';

export type Signing = {
  actor: Actor;
  draft: string;
  /** The revision that was looked at, where it matters. */
  expectedRevision: number | undefined;
  checked: readonly CheckedPacket[];
  way: SignatureWay;
};

export type Signed = { loaded: LoadedCase; outcomes: PacketOutcome[] };

/** Lets checked packets into a draft. Refuses as findDraft does, `draft.moved-on`, `draft.not-now`. */
export const enterSignature: (signing: Signing) => Promise<Signed> = inRounds(limits.signaturesTogetherMax, (round) =>
  changeTogether(
    round.map(({ item: { actor }, within }) => ({ actor, via: viaOf(actor), within })),
    (changes) => enterRound(changes, round),
  ),
);

type Ended<T> = PromiseSettledResult<T>;
type Scene = { cases: Map<string, LoadedCase>; ledger: Ledger };

async function enterRound(changes: readonly Change[], round: readonly Waiting<Signing>[]): Promise<Ended<Signed>[]> {
  const [first] = changes;
  if (first === undefined) return [];
  const found = await findDrafts(round, ({ within, item }) =>
    within(() => findDraft(first.tx, item.actor, 'signature.add', item.draft)),
  );
  const rows = rowsOf(found);
  for (const { id } of rows) await lockRow(first.tx, 'Draft', id);
  await first.hold('add-signature.locked');
  const checked = round.flatMap(({ item }) => item.checked);
  const keys = checked.flatMap(({ facts }) => facts.key ?? []);
  const loaded = await loadCases(first.tx, rows, first.now, keys);
  const cases = new Map(loaded.map((one) => [one.draft.id as string, one]));
  const scene = { cases, ledger: await openLedger(first, checked) };
  const ended: Ended<Signed>[] = [];
  for (const [at, change] of changes.entries()) {
    const [mine, waiting] = [found[at], round[at]];
    if (mine?.status === 'rejected') ended.push(mine);
    else if (mine && waiting) ended.push(await enterOne(change, scene, mine.value.row.id, waiting.item));
  }
  await closeLedger(first, scene.ledger);
  return ended;
}

/** Asks for each of a round at once, so that what is alike is one query. A refusal is the answer to one of them; anything else ends the round. */
export async function findDrafts<Item>(
  round: readonly Item[],
  find: (one: Item) => Promise<FoundDraft>,
): Promise<Ended<FoundDraft>[]> {
  const found = await Promise.allSettled(round.map(find));
  const faults = found.flatMap((one) =>
    one.status === 'rejected' && !isRefusal(one.reason) ? [one.reason as unknown] : [],
  );
  // After a conflict the database refuses whatever else is asked in the same transaction: it is the conflict that tells.
  if (faults.length > 0) throw faults.find(isConflict) ?? faults[0];
  return found;
}

/** Each draft once, in the order in which everybody locks several. */
export function rowsOf(found: readonly Ended<FoundDraft>[]): DraftRow[] {
  const rows = new Map(found.flatMap((one) => (one.status === 'fulfilled' ? [[one.value.row.id, one.value.row]] : [])));
  return [...rows.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** One of them, judged by what those before it have done. */
async function enterOne(
  change: Change,
  { cases, ledger }: Scene,
  draft: string,
  signing: Signing,
): Promise<Ended<Signed>> {
  const loaded = cases.get(draft);
  if (!loaded) throw new Error('A draft was judged to none.');
  try {
    requireRoom(loaded, signing);
  } catch (reason) {
    if (isRefusal(reason)) return { status: 'rejected', reason };
    throw reason;
  }
  const stored = ledger.fresh.length;
  const outcomes = await enterInto(change, loaded, ledger, signing);
  const after = withSignatures(loaded, [...loaded.signatures, ...ledger.fresh.slice(stored)]);
  const settled = await settleCase(change, after);
  cases.set(draft, settled);
  return { status: 'fulfilled', value: { loaded: settled, outcomes } };
}

function requireRoom(loaded: LoadedCase, signing: Signing): void {
  requireRevision(loaded, signing.expectedRevision);
  const { state } = loaded.draft;
  if (hasNews(loaded, signing)) stepFrom(state, state === 'quarantined' ? 'sign-again' : 'sign');
}

/** Refuses `draft.moved-on` where another revision was looked at. */
export function requireRevision({ draft }: LoadedCase, expected: number | undefined): void {
  if (expected !== undefined && expected !== draft.revision)
    throw refuse('draft.moved-on', { revision: draft.revision });
}

/** A retry after a time-out brings only what stands already: that is answered calmly even when the draft has moved on. */
function hasNews({ signatures }: LoadedCase, { checked }: Signing): boolean {
  const came = new Set<string>(checked.map(({ packet }) => packet.sha256));
  const standing = signatures.filter((row) => row.takenBackAt === null && came.has(row.packetSha256));
  return standing.length < checked.length;
}
