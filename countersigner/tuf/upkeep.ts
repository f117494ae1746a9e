// What is done for the TUF metadata when nothing else is to do: the timestamp is signed anew after six hours, the other roles long before they end, and
// what is recent is moved on to the bins a few at a time. So a publication never pays for the size of the index. Each step is one small commit.
import type { RootFacts } from '#lib/evidence/root-document.ts';
import { recentRole } from '#lib/evidence/tuf-tree.ts';
import { commitHandback, tufPartsOf } from '#countersigner/hand-back.ts';
import { requireInstance, writingOf, type RoundParts } from '#countersigner/round-parts.ts';
import { binOf, divide, roomFor, wholeBin } from './bins.ts';
import { keyFor } from './role-keys.ts';
import { readAcceptedRoots, readServedRoot } from './root.ts';
import {
  readBins,
  readEntries,
  readTufState,
  requireClock,
  type Bin,
  type TargetFacts,
  type TufState,
} from './state.ts';
import {
  close,
  lifetimes,
  openPen,
  putBin,
  putRecent,
  putTargets,
  type Pen,
  type TufParts,
  type TufWritten,
  renewRoot,
  writeTuf,
} from './write-tuf.ts';

/** So many targets may be recent: a client fetches all of them with each change. */
export const recentMax = 256;
/** So many bins are written in one step, and so many steps are made in one round. */
const binsInStep = 16;
const stepsMax = 64;
/** A timestamp is good for 24 hours; it is renewed after six, so that people have three quarters of a day to find out why it is not. */
const timestampAgeMs = 6 * 3_600_000;

/** Does what is due. Answers whether anything was committed. Refuses `countersigner.clock`. */
export async function keepUp(parts: RoundParts): Promise<boolean> {
  let did = 0;
  for (; did < stepsMax; did += 1) {
    const instance = requireInstance(parts.store);
    const writing = writingOf(parts, instance.index);
    const tuf = nextStep(tufPartsOf(parts.store, writing));
    if (tuf === null) break;
    await commitHandback(parts.store, writing, { instance, paths: new Map(), tuf });
  }
  return did > 0;
}

/** The next small thing that is due; null: nothing. */
export function nextStep(parts: TufParts): TufWritten | null {
  const { store, now } = parts;
  const state = readTufState(store);
  const root = readServedRoot(store);
  if (state === null || root === null) return null; // the first hand-back begins it
  requireClock(state, now);
  if (readAcceptedRoots(store, root).length > 0) return writeTuf(parts, new Map());
  if (root.stage === 'development' && isEnding(state.root.expires, now, lifetimes.root)) return renewRoot(parts);
  const recent = readEntries(store, recentRole);
  if (recent.size > recentMax) return settle(openPen(parts), recent);
  const bins = binsToRenew(parts, root);
  if (bins.length > 0) return renewBins(openPen(parts), bins);
  return renewRoles(parts, state, recent);
}

/** Those that end, and those that a key signed which acts for the role no more; a few. */
function binsToRenew({ store, keys, now }: TufParts, root: RootFacts): Bin[] {
  const { publicHex } = keyFor(keys, root, 'targets');
  return readBins(store)
    .filter(({ expires, key }) => key !== publicHex || isEnding(expires, now, lifetimes.bin))
    .slice(0, binsInStep);
}

/** Less than half of its life is left. */
const isEnding = (expires: number, now: number, lifetime: number): boolean => expires - now < lifetime / 2;

function renewRoles(parts: TufParts, state: TufState, recent: ReadonlyMap<string, TargetFacts>): TufWritten | null {
  const { now } = parts;
  const isDue = (role: 'snapshot' | 'recent' | 'targets') => isEnding(state[role].expires, now, lifetimes[role]);
  const isOld = now >= state.timestamp.expires - lifetimes.timestamp + timestampAgeMs;
  if (!isOld && !isDue('snapshot') && !isDue('recent') && !isDue('targets')) return null;
  const pen = openPen(parts);
  if (isDue('recent')) putRecent(pen, recent);
  if (isDue('targets')) putTargets(pen);
  return close(pen, isDue('snapshot'));
}

function renewBins(pen: Pen, ending: readonly Bin[]): TufWritten {
  for (const bin of ending) putBin(pen, bin, readEntries(pen.store, bin.name));
  return closeBins(pen);
}

/** Moves what is recent on to its bins: those first that get the most. */
function settle(pen: Pen, recent: ReadonlyMap<string, TargetFacts>): TufWritten {
  if (pen.bins.length === 0) pen.bins = [{ ...wholeBin(), key: keyFor(pen.keys, pen.root, 'targets').publicHex }];
  const chosen = [...byBin(pen.bins, recent)].sort(([, a], [, b]) => b.length - a.length).slice(0, binsInStep);
  const left = new Map(recent);
  for (const [bin, moved] of chosen) {
    const entries = new Map([...readEntries(pen.store, bin.name), ...moved]);
    for (const part of divide({ bin, entries }, roomFor(pen.bins))) putBin(pen, part.bin, part.entries);
    for (const [path] of moved) left.delete(path);
  }
  putRecent(pen, left);
  return closeBins(pen);
}

function byBin(bins: readonly Bin[], recent: ReadonlyMap<string, TargetFacts>): Map<Bin, [string, TargetFacts][]> {
  const groups = new Map<Bin, [string, TargetFacts][]>();
  for (const entry of recent) {
    const bin = binOf(bins, entry[0]);
    groups.set(bin, [...(groups.get(bin) ?? []), entry]);
  }
  return groups;
}

/** `targets` names the bins with their prefixes and keys; it is written where those changed. */
function closeBins(pen: Pen): TufWritten {
  const shapeOf = (bins: readonly Bin[]): string => JSON.stringify(bins.map(({ name, to, key }) => [name, to, key]));
  if (shapeOf(readBins(pen.store)) !== shapeOf(pen.bins)) putTargets(pen);
  return close(pen);
}
