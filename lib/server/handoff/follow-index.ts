// A copy of the index tree on another machine than the one where jobs places it (INDEX_FOLLOW): each hand-back that was placed there is checked and put in
// place here in the same way, in the same order, one after the other; only the rows are told by jobs alone. How far the copy is says the copy itself: its
// timestamp of TUF is moved last, and stands in one hand-back. A crash at any point is finished by the next run.
import path from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { manifestOf } from '#lib/evidence/handback.ts';
import { timestampPath } from '#lib/evidence/tuf-tree.ts';
import { runtime, type Runtime } from '#lib/server/runtime.ts';
import { keepOnce, makeToken } from '#lib/server/secrets.ts';
import { aloneAt } from './alone-at.ts';
import { readServed } from './index-folder.ts';
import { moveStaged, withStaged } from './place.ts';

/** The newest hand-back that this process knows to be here. */
const known = new WeakMap<Runtime, string>();

/**
 * Puts in place here what was placed since; answers whether there was anything. Does nothing while another process of this machine is at it.
 * @throws `handback.forgotten` where the copy is too old to be brought up
 */
export async function followIndex(): Promise<boolean> {
  const { db, config } = runtime();
  const newest = await db.handback.findFirst({
    where: { state: 'placed' },
    orderBy: { id: 'desc' },
    select: { id: true },
  });
  if (newest === null || known.get(runtime()) === newest.id) return false;
  // Several programs of one machine may share the folder, and each machine has one of its own.
  const folder = keepOnce(path.join(config.dataFolder, 'index-follower'), `${makeToken()}\n`);
  return aloneAt(folder, async () => {
    const waiting = await missingHere();
    for (const id of waiting) await withStaged(id, moveStaged);
    known.set(runtime(), waiting.at(-1) ?? newest.id);
    return waiting.length > 0;
  });
}

/** The placed hand-backs behind the one that the copy is at, oldest first. */
async function missingHere(): Promise<string[]> {
  const { db } = runtime();
  const timestamp = await readServed(timestampPath);
  const here = timestamp && hashing.sha256(timestamp);
  const rows = await db.handback.findMany({
    where: { state: 'placed' },
    orderBy: { id: 'desc' },
    select: { id: true },
  });
  const missing: string[] = [];
  for (const [at, { id }] of rows.entries()) {
    const { bytes } = await db.handback.findUniqueOrThrow({ where: { id }, select: { bytes: true } });
    if (bytes.length === 0) throw refuse('handback.forgotten', {});
    const { files } = await manifestOf(bytes);
    if (here !== null && files.some((file) => file.path === timestampPath && file.sha256 === here)) break;
    missing.unshift(id);
    // After a gap comes one that holds everything (lib/server/catch-up): what lies before it is not put in place any more.
    const before = rows[at + 1];
    if (before && Number(before.id) !== Number(id) - 1) break;
  }
  return missing;
}
