// The only way in which anything changes: one transaction in which a command loads, decides, writes, records and queues
// mail. It is tried again when PostgreSQL finds a conflict, and it is not committed when it wrote no history entry.
// A command must therefore do nothing outside the database in its work (files are received before, mail goes later).
// Inside the work only `change.tx` is used: another client would wait for this transaction for ever on PGlite.
import { setTimeout as pause } from 'node:timers/promises';
import { isRefusal, refuse, type Refusal } from '#lib/core/errors.ts';
import type { DraftId, ProjectName, AccountName } from '#lib/core/ids.ts';
import { personOf, type Actor } from '#lib/core/people.ts';
import { isConflict } from './db/faults.ts';
import type { Prisma } from './db/generated/client.ts';
import type { JsonObject, Transaction } from './db/transaction.ts';
import { noteKept } from './history/attempt.ts';
import { besideRequest, noteCarriedOut } from './idempotency.ts';
import { plainDetails } from './history/details.ts';
import type { HistoryKind } from './history/kinds.ts';
import type { Within } from './in-rounds.ts';
import { limits } from './limits.ts';
import { queueMails, type Recipient, type ToQueue } from './mail/outbox.ts';
import type { Letter } from './mail/compose.ts';
import { countRate } from './rate-limits.ts';
import { runtime } from './runtime.ts';
import { queueWebhooks } from './webhooks/queue.ts';

/** Through which door it came. */
export type Via = 'web' | 'link' | 'api' | 'twine' | 'jobs' | 'hand-over';

const doors: Partial<Record<Actor['kind'], Via>> = { link: 'link', token: 'api' };

/** The door of people who act by themselves: a page, the personal link of a mail, or a program that shows their token. */
export const viaOf = ({ kind }: Actor): Via => doors[kind] ?? 'web';

/** What an entry of history is about. Details hold no secret; they are kept as plain text (history/details.ts). */
export type About = { project?: ProjectName; draft?: DraftId; person?: AccountName; details?: JsonObject };

export type Change = {
  tx: Transaction;
  actor: Actor;
  via: Via;
  /** One moment for the whole change. */
  now: Date;
  /** Appends to history, and tells the project's webhooks of it; every change does at least once. */
  record(kind: HistoryKind, about?: About): Promise<void>;
  /** Queues a mail that is sent if, and only if, the change is committed. */
  mail(to: Recipient, letter: Letter): Promise<void>;
  /** Several mails, with what their readers chose looked up once. */
  mailEach(mails: readonly ToQueue[]): Promise<void>;
  /** Does nothing but in race tests, which stop here. */
  hold(point: string): Promise<void>;
};

/** How history names an actor: the account name, or the kind in brackets (which no account name can be). */
export const actorName = (actor: Actor): string => personOf(actor) ?? `(${actor.kind})`;

type Entry = Prisma.HistoryEntryCreateManyInput;

function entryOf({ actor, via }: Side, at: Date, kind: HistoryKind, about: About): Entry {
  const { project, draft, person } = about;
  const details = { ...about.details, ...(actor.kind === 'token' && { byToken: actor.label }) };
  return {
    ...{ at, actor: actorName(actor), kind, via },
    ...{ projectName: project, draftId: draft, personName: person, details: plainDetails(details) },
  };
}

/** One who changes something together with others. `within`: in the context of the request that asks for it. */
export type Side = { actor: Actor; via: Via; within?: Within };

/** The change of one side; what it records is noted in `entries`, in the order in which it was said. */
function openChange(tx: Transaction, side: Side, now: Date, entries: Map<Entry, Side>): Change {
  const { hold } = runtime();
  return {
    tx,
    actor: side.actor,
    via: side.via,
    now,
    record: (kind, about = {}) => {
      entries.set(entryOf(side, now, kind, about), side);
      return Promise.resolve();
    },
    mail: (to, letter) => queueMails(tx, now, [{ to, letter }]),
    mailEach: (mails) => queueMails(tx, now, mails),
    hold: async (point) => hold?.(point),
  };
}

type Together<T> = (changes: readonly Change[]) => Promise<readonly PromiseSettledResult<T>[]>;

async function attempt<T>(sides: readonly Side[], work: Together<T>): Promise<readonly PromiseSettledResult<T>[]> {
  const { db, clock } = runtime();
  return db.$transaction(async (tx) => {
    const entries = new Map<Entry, Side>();
    const now = clock.now();
    const ended = await work(sides.map((side) => openChange(tx, side, now, entries)));
    const changed = sides.filter((_, at) => ended[at]?.status === 'fulfilled');
    const wrote = new Set(entries.values());
    if (changed.some((side) => !wrote.delete(side)))
      throw new Error('A change wrote no history entry; it was not committed.');
    if (wrote.size > 0) throw new Error('A refused change wrote a history entry; nothing was committed.');
    const rows = await tx.historyEntry.createManyAndReturn({ data: [...entries.keys()] });
    await queueWebhooks(
      tx,
      rows.sort((one, other) => (one.id < other.id ? -1 : 1)),
    );
    for (const { within } of changed) await (within?.(() => noteCarriedOut(tx)) ?? noteCarriedOut(tx));
    return ended;
  });
}

/**
 * Runs the work in one transaction and answers its result after the commit. The work may run several times.
 * Throws what the work throws (nothing is changed then), and `database.busy` when conflicts do not end.
 */
export async function change<T>(actor: Actor, via: Via, work: (change: Change) => Promise<T>): Promise<T> {
  const [ended] = await changeTogether([{ actor, via }], (changes) =>
    Promise.all(changes.map(async (one) => asEnded(await work(one)))),
  );
  if (ended?.status !== 'fulfilled') throw new Error('A change ended without a result.');
  return ended.value;
}

const asEnded = <T>(value: T): PromiseSettledResult<T> => ({ status: 'fulfilled', value });

/**
 * The same for several who change something together: all of it is committed or nothing. The work answers for each of them, in their order, how it ended: one that
 * is refused has written nothing, and the others are committed without it.
 */
export async function changeTogether<T>(
  sides: readonly Side[],
  work: Together<T>,
): Promise<readonly PromiseSettledResult<T>[]> {
  for (let tried = 1; ; tried += 1) {
    try {
      const ended = await attempt(sides, work);
      const { wake } = runtime();
      wake.jobs();
      wake.handoff();
      return ended;
    } catch (fault) {
      if (isRefusal(fault) || !isConflict(fault)) throw fault;
      if (tried >= limits.conflictAttemptsMax) throw refuse('database.busy', {}, fault);
      await pause(Math.random() * Math.min(limits.conflictPauseMsMax, 10 * 2 ** tried));
    }
  }
}

/** Refuses when a conditional write (`updateMany` with the expected state) hit no row: the state moved. */
export function requireHit(written: { count: number }, refusal: () => Refusal): void {
  if (written.count === 0) throw refusal();
}

/**
 * Runs a change whose refusals belong to history too (refused signatures and files are traces of attacks): a refusal is
 * recorded in a small transaction of its own and thrown on.
 */
export async function keepingRefusals<T>(
  actor: Actor,
  via: Via,
  refused: { kind: HistoryKind } & Omit<About, 'details'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    if (isRefusal(fault)) await recordRefusal(actor, via, refused, fault);
    throw fault;
  }
}

/**
 * Writes one refusal to history, in a transaction of its own. Nobody fills it: after a number of refusals of one person within an hour the
 * entry says that further ones are left out, and they are.
 */
export async function recordRefusal(
  actor: Actor,
  via: Via,
  refused: { kind: HistoryKind } & Omit<About, 'details'>,
  refusal: Refusal,
): Promise<void> {
  const { kind, ...about } = refused;
  noteKept();
  const left = await countRate('kept-refusal-by-person', `${actorName(actor)} ${about.person ?? ''}`);
  if (left === null) return;
  const more = left === 0 ? { more: 'Further refusals of this person within the hour are left out.' } : {};
  const details = { code: refusal.code, was: refusal.kind, says: refusal.message, ...more };
  await besideRequest(() => change(actor, via, ({ record }) => record(kind, { ...about, details })));
}
