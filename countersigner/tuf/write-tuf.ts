// What the TUF metadata says of a hand-back (docs/formats/tuf.md). New and changed targets go into the role `recent`; with it, snapshot and
// timestamp are all that a publication writes, however many projects there are. `settle.ts` moves targets on to the bins afterwards. Signs only what
// this countersigner keeps itself; refuses (`countersigner.clock`) to sign behind its own last signature.
import { refuse } from '#lib/core/errors.ts';
import { instantMs, type IndexName } from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { RootFacts } from '#lib/evidence/root-document.ts';
import { readRolePath, recentRole, rolePath, timestampLifeMs, timestampPath } from '#lib/evidence/tuf-tree.ts';
import type { Store } from '#countersigner/store.ts';
import { makeEntries, makeSnapshot, makeTargets, makeTimestamp } from './metadata.ts';
import { keyFor, readRoleKeys, signMetadata, type RoleKeys } from './role-keys.ts';
import { makeDevelopmentRoot, readAcceptedRoots, readServedRoot, type AcceptedRoot } from './root.ts';
import {
  readBins,
  readEntries,
  readTufState,
  renderJson,
  requireClock,
  tufPlaces,
  type Bin,
  type RoleState,
  type TargetFacts,
  type TufState,
} from './state.ts';

export type TufParts = { store: Store; keys: RoleKeys; index: IndexName; now: number };

/** What goes to the web program, and what is kept in the same commit. */
export type TufWritten = { served: Map<string, Uint8Array>; kept: Map<string, Uint8Array> };

const day = 86_400_000;
/** For how long a signature of each role is good. */
export const lifetimes = {
  ...{
    timestamp: timestampLifeMs,
    snapshot: 14 * day,
    recent: 90 * day,
    targets: 365 * day,
    bin: 365 * day,
    root: 365 * day,
  },
} as const;

/** What is being written; each step below adds to it. */
export type Pen = TufParts & TufWritten & { root: RootFacts; state: TufState; bins: Bin[] };

const fresh: RoleState = { version: 0, expires: 0 };
const next = ({ now }: TufParts, before: RoleState, lifetime: number): RoleState => ({
  version: before.version + 1,
  expires: now + lifetime,
});

const none: TufState = {
  ...{ format: 1, root: fresh, targets: fresh, snapshot: fresh, timestamp: fresh, recent: fresh, signedAt: 0 },
};

/** Begins with what is kept: the newest root, of its operators or, where there is none, the development root. */
export function openPen(parts: TufParts, renewRoot = false): Pen {
  const { store, index } = parts;
  const known = readTufState(store);
  requireClock(known, parts.now);
  const { root, fresh: roots } = rootsOf(parts, renewRoot);
  if (root.index !== index) throw refuse('root.other-index', { expected: index, found: root.index });
  const state = { ...(known ?? none), root: { version: root.version, expires: instantMs(root.expires) } };
  const served = new Map(roots.map(({ facts, bytes }) => [rolePath('root', facts.version), bytes]));
  const kept = new Map(
    roots.flatMap(({ facts, bytes }) => [
      [tufPlaces.root, bytes] as const,
      [tufPlaces.servedRoot(facts.version), bytes] as const,
    ]),
  );
  // The key of the development root came into being a moment ago.
  const keys = roots.length > 0 ? readRoleKeys(store) : parts.keys;
  return { ...parts, keys, served, kept, state, bins: readBins(store), root };
}

/** The root in force, and which roots are served for the first time. */
function rootsOf({ store, index, now }: TufParts, renewRoot: boolean): { root: RootFacts; fresh: AcceptedRoot[] } {
  const before = readServedRoot(store);
  const accepted = readAcceptedRoots(store, before);
  const newest = accepted.at(-1)?.facts ?? before;
  if (newest !== null && !(renewRoot && accepted.length === 0)) return { root: newest, fresh: accepted };
  const made = makeDevelopmentRoot(store, { index, before, expires: now + lifetimes.root });
  return { root: made.facts, fresh: [made] };
}

/** Whether this writing brings another root. */
const isRootNew = (pen: Pen): boolean => pen.kept.has(tufPlaces.root);

/** The next version of `recent`, with these targets. */
export function putRecent(pen: Pen, entries: ReadonlyMap<string, TargetFacts>): void {
  pen.state.recent = next(pen, pen.state.recent, lifetimes.recent);
  putEntries(pen, recentRole, { at: pen.state.recent, entries });
}

/** The next version of a bin, with these targets. */
export function putBin(pen: Pen, bin: Bin, entries: ReadonlyMap<string, TargetFacts>): void {
  const at = next(pen, bin, lifetimes.bin);
  const written = { ...bin, ...at, count: entries.size, key: keyFor(pen.keys, pen.root, 'targets').publicHex };
  pen.bins = [...pen.bins.filter(({ name }) => name !== bin.name), written].sort((a, b) => a.from - b.from);
  putEntries(pen, bin.name, { at, entries });
  pen.kept.set(tufPlaces.bins, renderJson(pen.bins));
}

function putEntries(
  pen: Pen,
  role: string,
  { at, entries }: { at: RoleState; entries: ReadonlyMap<string, TargetFacts> },
): void {
  const signed = makeEntries(at, entries);
  pen.served.set(rolePath(role, at.version), signMetadata(signed, keyFor(pen.keys, pen.root, 'targets')));
  pen.kept.set(tufPlaces.entries(role), renderJson([...entries]));
}

/** The next version of `targets`: whenever the bins, or the keys that sign them, are others. */
export function putTargets(pen: Pen): void {
  pen.state.targets = next(pen, pen.state.targets, lifetimes.targets);
  const key = keyFor(pen.keys, pen.root, 'targets');
  const signed = makeTargets(pen.state.targets, key.publicHex, pen.bins);
  pen.served.set(rolePath('targets', pen.state.targets.version), signMetadata(signed, key));
}

/** The end of every writing: the snapshot where a role below it moved (or where it is to be renewed), and always the timestamp. */
export function close(pen: Pen, renewSnapshot = false): TufWritten {
  const { state, keys, root } = pen;
  const isMoved = renewSnapshot || [...pen.served.keys()].some((path) => readRolePath(path)?.role !== 'root');
  state.snapshot = isMoved ? next(pen, state.snapshot, lifetimes.snapshot) : state.snapshot;
  const versions = new Map([
    ['targets', state.targets.version],
    [recentRole, state.recent.version],
    ...pen.bins.map(({ name, version }): [string, number] => [name, version]),
  ]);
  const snapshot = signMetadata(makeSnapshot(state.snapshot, versions), keyFor(keys, root, 'snapshot'));
  if (isMoved) pen.served.set(rolePath('snapshot', state.snapshot.version), snapshot);
  state.timestamp = next(pen, state.timestamp, lifetimes.timestamp);
  const facts = { version: state.snapshot.version, length: snapshot.length, sha256: hashing.sha256(snapshot) };
  const timestamp = signMetadata(makeTimestamp(state.timestamp, facts), keyFor(keys, root, 'timestamp'));
  pen.served.set(timestampPath, timestamp);
  state.signedAt = Math.max(state.signedAt, pen.now);
  pen.kept.set(tufPlaces.state, renderJson(state));
  return { served: pen.served, kept: pen.kept };
}

/** What is added for these targets: those that are new or that changed. Under another root, every role is signed anew by the keys that it names. */
export function writeTuf(parts: TufParts, targets: ReadonlyMap<string, TargetFacts>): TufWritten {
  const pen = openPen(parts);
  if (isRootNew(pen) || targets.size > 0)
    putRecent(pen, new Map([...readEntries(parts.store, recentRole), ...targets]));
  if (isRootNew(pen)) putTargets(pen);
  return close(pen);
}

/** The same for the next development root, before the one that is served ends. */
export function renewRoot(parts: TufParts): TufWritten {
  const pen = openPen(parts, true);
  putRecent(pen, readEntries(parts.store, recentRole));
  putTargets(pen);
  return close(pen);
}

/** Everything that there is, written anew, with every root that is kept here: for a web program that lost what it had. */
export function writeAllTuf(parts: TufParts): TufWritten {
  const pen = openPen(parts);
  for (let version = 1; version <= pen.root.version; version += 1) {
    const bytes = parts.store.read(tufPlaces.servedRoot(version));
    if (bytes !== null) pen.served.set(rolePath('root', version), bytes);
  }
  const newest = parts.store.read(tufPlaces.root);
  if (newest !== null) pen.served.set(rolePath('root', pen.root.version), newest);
  putRecent(pen, readEntries(parts.store, recentRole));
  for (const bin of pen.bins) putBin(pen, bin, readEntries(parts.store, bin.name));
  putTargets(pen);
  return close(pen);
}
