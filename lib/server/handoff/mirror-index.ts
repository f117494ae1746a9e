// The index tree in a bucket (INDEX_URL): a step of the jobs loop that puts there what was placed since it last did. What it puts are bytes of our own tree,
// which were checked when they were placed; in their turns, so that nothing in the bucket names what is not there yet. How far it is stands in the bucket
// itself, written last: a crash at any point is finished by the next run, and a new bucket gets everything. Nothing here is on the way of publishing:
// a bucket that is down is caught up with later.
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { isRefusal } from '#lib/core/errors.ts';
import { readRecord } from '#lib/core/release.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { manifestOf } from '#lib/evidence/handback.ts';
import { turnOf, turns, type Turn } from '#lib/evidence/index-tree.ts';
import { checkpointPath } from '#lib/evidence/log-tree.ts';
import { consistentPath, isTarget } from '#lib/evidence/tuf-tree.ts';
import { filePath } from '#lib/simple/page.ts';
import { lockTree } from '#lib/server/db/lock.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { openBucket, type Bucket } from '#lib/server/files/bucket.ts';
import { immutable, revalidate } from '#lib/server/http/caching.ts';
import { runtime, type Runtime } from '#lib/server/runtime.ts';
import { aloneAt } from './alone-at.ts';
import { indexFolder, readServed } from './index-folder.ts';
import { isNamedByDigest, servedAs } from './served-as.ts';

export const markKey = 'countersign-placed.json';
const mark = z.object({ placed: z.string(), checkpoint: z.string() });
type Mark = z.infer<typeof mark>;

/** More than this is copied place by place instead of being held in memory. */
const placesAtOnceMax = 5000;
const putsAtOnce = 8;
const recordPattern = /^evidence\/[^/]+\/releases\/[^/]+\/[0-9]+\.json$/;

/** Where the bucket of this runtime is known to be. */
const known = new WeakMap<Runtime, string>();

/** Puts into the bucket what is new; answers whether it did. Does nothing where no bucket is named, or while another process is at it. */
export async function mirrorIndex(): Promise<boolean> {
  const { indexBucket, bucketKeys } = runtime().config;
  if (indexBucket === null || bucketKeys === null) return false;
  const now = await markNow(runtime().db);
  if (now === null || known.get(runtime()) === JSON.stringify(now)) return false;
  const bucket = openBucket(indexBucket, bucketKeys);
  return aloneAt('the bucket of the index', async () => {
    const last = await readMark(bucket);
    const isOld = JSON.stringify(last) !== JSON.stringify(now);
    if (isOld && !(await bringUp(bucket, last, now))) return false;
    known.set(runtime(), JSON.stringify(now));
    return isOld;
  });
}

/** How far our own tree is: the newest hand-back in place, and the checkpoint with the lines of its witnesses. */
async function markNow(tx: Transaction): Promise<Mark | null> {
  const newest = await tx.handback.findFirst({
    where: { state: 'placed' },
    orderBy: { id: 'desc' },
    select: { id: true },
  });
  const checkpoint = await readServed(checkpointPath);
  return newest && checkpoint && { placed: newest.id, checkpoint: hashing.sha256(checkpoint) };
}

async function readMark(bucket: Bucket): Promise<Mark | null> {
  const found = await bucket.get(markKey);
  if (found === null) return null;
  const pieces: Uint8Array[] = [];
  for await (const piece of found) pieces.push(piece);
  // Ours, but it lies at somebody else's: what is no mark is none.
  const read = mark.safeParse(parseJson(Buffer.concat(pieces).toString()));
  return read.success ? read.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** False: the tree has gone on meanwhile, and the next round takes it as it is then. */
async function bringUp(bucket: Bucket, last: Mark | null, now: Mark): Promise<boolean> {
  const places = last && (await placesSince(last.placed, now.placed));
  const taken = places && (await take(places, now));
  if (taken === 'gone on') return false;
  if (taken) await putTaken(bucket, taken);
  else await copyAll(bucket);
  await bucket.put(markKey, Buffer.from(JSON.stringify(now)), headersFor(markKey));
  return true;
}

/** Every place that hand-backs after one brought; null: too many, or their bytes were forgotten. */
async function placesSince(after: string, until: string): Promise<Set<string> | null> {
  const { db } = runtime();
  const where = { state: 'placed', id: { gt: after, lte: until } };
  const rows = await db.handback.findMany({ where, orderBy: { id: 'asc' }, select: { id: true } });
  const places = new Set([checkpointPath]);
  for (const { id } of rows) {
    const { bytes } = await db.handback.findUniqueOrThrow({ where: { id }, select: { bytes: true } });
    if (bytes.length === 0) return null;
    for (const { path: place } of (await manifestOf(bytes)).files) places.add(place);
    if (places.size > placesAtOnceMax) return null;
  }
  return places;
}

/** The bytes of these places, all of one moment: under the lock nobody puts others there. Null where one is missing. */
async function take(places: ReadonlySet<string>, now: Mark): Promise<Map<string, Uint8Array> | 'gone on' | null> {
  return runtime().db.$transaction(async (tx) => {
    await lockTree(tx);
    if (JSON.stringify(await markNow(tx)) !== JSON.stringify(now)) return 'gone on';
    const taken = new Map<string, Uint8Array>();
    for (const place of places) {
      const bytes = await readServed(place);
      if (bytes === null) return null;
      taken.set(place, bytes);
    }
    return taken;
  });
}

async function putTaken(bucket: Bucket, taken: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [place, bytes] of taken) if (recordPattern.test(place)) await putFilesOf(bucket, bytes);
  const named = [...taken].filter(([place]) => isTarget(place));
  await eachAtOnce(named, ([place, bytes]) => putBytes(bucket, consistentPath(place, hashing.sha256(bytes)), bytes));
  await runtime().hold?.('mirror.files');
  for (const turn of turns) {
    const inTurn = [...taken].filter(([place]) => turnOf(place) === turn);
    await eachAtOnce(inTurn, ([place, bytes]) => putBytes(bucket, place, bytes));
    await runtime().hold?.(`mirror.${turn}`);
  }
}

/** The distribution files that a record names, under both of their names. */
async function putFilesOf(bucket: Bucket, record: Uint8Array): Promise<void> {
  for (const { sha256, name } of readRecord(record).files) {
    const place = filePath(sha256, name);
    for (const key of [place, consistentPath(place, sha256)])
      await putLarge(bucket, key, path.join(indexFolder(), place));
  }
}

/** All of our tree, as it is while it is read; what was placed meanwhile is put again by the next round, which the mark leaves it to. */
async function copyAll(bucket: Bucket): Promise<void> {
  const places = await placesHere();
  await eachAtOnce(places.get('files') ?? [], (place) => putLarge(bucket, place, path.join(indexFolder(), place)));
  for (const turn of turns.filter((one) => one !== 'files')) {
    await eachAtOnce(places.get(turn) ?? [], async (place) => {
      const bytes = await readServed(place);
      if (bytes !== null) await putBytes(bucket, place, bytes);
    });
    await runtime().hold?.(`mirror.${turn}`);
  }
}

async function placesHere(): Promise<Map<Turn, string[]>> {
  const places = new Map<Turn, string[]>();
  for (const entry of await readdir(indexFolder(), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const place = path.relative(indexFolder(), path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
    const turn = isNamedByDigest(entry.name) ? 'files' : turnHere(place);
    const inTurn = places.get(turn) ?? [];
    places.set(turn, inTurn);
    inTurn.push(place);
  }
  return places;
}

/** A distribution file is no place that a hand-back may write. */
function turnHere(place: string): Turn {
  try {
    return turnOf(place);
  } catch (fault) {
    if (!isRefusal(fault) || !place.startsWith('files/')) throw fault;
    return 'files';
  }
}

/** The bytes of a place; where others can never stand, those that are there stay. */
async function putBytes(bucket: Bucket, place: string, bytes: Uint8Array): Promise<void> {
  const headers = headersFor(place);
  if (servedAs(place.split('/')).isFixed) await bucket.putNew(place, bytes, headers);
  else await bucket.put(place, bytes, headers);
  const listing = /^(simple\/(?:[^/]+\/)?)index\.html$/.exec(place)?.[1];
  if (listing !== undefined && runtime().config.indexSlash) await bucket.put(listing, bytes, headers);
}

/** A file of any size, once. */
async function putLarge(bucket: Bucket, key: string, file: string): Promise<void> {
  const { size } = await stat(file);
  if (!servedAs(key.split('/')).isFixed) return putBytes(bucket, key, await readFile(file));
  if ((await bucket.look(key))?.size !== size) await bucket.putFile(key, file, size, headersFor(key));
}

function headersFor(place: string): Record<string, string> {
  const { contentType, isFixed, fileName } = servedAs(place.split('/'));
  return {
    'content-type': contentType,
    'cache-control': isFixed ? immutable : revalidate,
    ...(fileName !== null && { 'content-disposition': `attachment; filename="${fileName}"` }),
  };
}

async function eachAtOnce<One>(all: readonly One[], work: (one: One) => Promise<void>): Promise<void> {
  const left = [...all];
  const run = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: putsAtOnce }, run));
}
