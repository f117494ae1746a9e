// Tells this process, within half a second, which entries of history were written by whichever process: every change writes one, so this is how
// an open page hears of it. One small question at a time, only while somebody listens, the same on both databases and with any number of web
// processes (docs/decisions says why it is no LISTEN). Entries are committed in another order than they are numbered: each is looked
// for until no running transaction can still bring it.
import { setTimeout as pause } from 'node:timers/promises';
import { asRefusal } from '#lib/server/http/refusal.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';

/** What an entry is about, and whose it is. */
export type Entry = { id: bigint; actor: string; projectName: string | null; personName: string | null };

type Seen = { id: bigint; at: number };

/** After this time no transaction runs that was open when an entry was first seen. */
const settledMs = 2 * (limits.transactionMs + limits.transactionWaitMs);
/** How far back an entry may be numbered that is not committed when watching begins. */
const backlog = 200n;

/** Reads what is new since it was last asked. */
export type Reader = () => Promise<Entry[]>;

/** A reader that starts now: what is there already is not new. */
export async function openReader(): Promise<Reader> {
  const { db, clock } = runtime();
  const newest = (await db.historyEntry.aggregate({ _max: { id: true } }))._max.id ?? 0n;
  let settled = newest - backlog;
  let seen: Seen[] = [];

  async function read(): Promise<Entry[]> {
    const entries = await db.historyEntry.findMany({
      where: { id: { gt: settled, notIn: seen.map(({ id }) => id) } },
      select: { id: true, actor: true, projectName: true, personName: true },
      orderBy: { id: 'asc' },
    });
    const at = clock.now().getTime();
    seen.push(...entries.map(({ id }) => ({ id, at })));
    const isOld = (entry: Seen): boolean => at - entry.at > settledMs;
    for (const { id } of seen.filter(isOld)) if (id > settled) settled = id;
    seen = seen.filter(({ id, at: since }) => !isOld({ id, at: since }) && id > settled);
    return entries;
  }
  await read();
  return read;
}

/**
 * Calls `tell` with every entry that is written from now on, one batch after the other, until the function that it gives is called. A
 * database that does not answer is asked again, and nothing is lost by it; it is told once on standard error. Rejects where it does not answer
 * at the beginning.
 */
export async function watchHistory(tell: (entries: readonly Entry[]) => Promise<void>): Promise<() => void> {
  const stop = new AbortController();
  void watch(await openReader(), tell, stop.signal);
  return () => stop.abort();
}

/** One watch for many who wait: the first begins it, and the last ends it. */
export type SharedWatch = { begin(): Promise<void>; end(): void };

/** Nothing is asked before somebody begins it; `begin` rejects as `watchHistory` does, and can be tried again. */
export function sharedWatch(tell: (entries: readonly Entry[]) => Promise<void>): SharedWatch {
  let watching: Promise<() => void> | null = null;
  return {
    begin: async () => {
      watching ??= watchHistory(tell);
      try {
        await watching;
      } catch (fault) {
        watching = null;
        throw fault;
      }
    },
    end: () => {
      void watching?.then((stop) => stop());
      watching = null;
    },
  };
}

async function watch(read: Reader, tell: (entries: readonly Entry[]) => Promise<void>, signal: AbortSignal) {
  let isBroken = false;
  while (!signal.aborted) {
    try {
      const entries = await read();
      if (entries.length > 0 && !signal.aborted) await tell(entries);
      isBroken = false;
    } catch (fault) {
      if (!isBroken) asRefusal(fault);
      isBroken = true;
    }
    await pause(limits.watchPauseMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
