// What the TUF metadata says of a hand-back (docs/formats/tuf.md). New and changed targets go into the role `recent`; with it, snapshot and
// timestamp are all that a publication writes, however many projects there are. `settle.ts` moves targets on to the bins afterwards. Signs only what
// this countersigner keeps itself; refuses (`countersigner.clock`) to sign behind its own last signature.
import { Metadata, type Root } from '@tufjs/models';
import type { IndexName } from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { readRolePath, recentRole, rolePath, timestampPath } from '#lib/evidence/tuf-tree.ts';
import type { Store } from '#countersigner/store.ts';
import { makeEntries, makeRoot, makeSnapshot, makeTargets, makeTimestamp } from './metadata.ts';
import {
  keyFor,
  makeRoleKey,
  onlineRoles,
  readRoleKeys,
  signMetadata,
  type KeyedRole,
  type RoleKeys,
} from './role-keys.ts';
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
  ...{ timestamp: day, snapshot: 14 * day, recent: 90 * day, targets: 365 * day, bin: 365 * day, root: 365 * day },
} as const;

/** What is being written; each step below adds to it. */
export type Pen = TufParts & TufWritten & { root: Root; state: TufState; bins: Bin[] };

const fresh: RoleState = { version: 0, expires: 0 };
const next = ({ now }: TufParts, before: RoleState, lifetime: number): RoleState => ({
  version: before.version + 1,
  expires: now + lifetime,
});

/** Begins with what is kept; makes the development root where there is none. */
export function openPen(parts: TufParts): Pen {
  const { store } = parts;
  const state = readTufState(store);
  requireClock(state, parts.now);
  const none: TufState = {
    ...{ format: 1, root: fresh, targets: fresh, snapshot: fresh, timestamp: fresh, recent: fresh, signedAt: 0 },
  };
  const root = readRoot(store);
  const pen = {
    ...parts,
    served: new Map(),
    kept: new Map(),
    state: structuredClone(state ?? none),
    bins: readBins(store),
  };
  return root === null ? putDevelopmentRoot(pen) : { ...pen, root };
}

/** The newest root that this countersigner keeps; null: it has none yet. */
export function readRoot(store: Store): Root | null {
  const bytes = store.read(tufPlaces.root);
  return bytes === null
    ? null
    : Metadata.fromJSON('root' as never, JSON.parse(Buffer.from(bytes).toString('utf8'))).signed;
}

function putDevelopmentRoot(pen: Omit<Pen, 'root'>): Pen {
  // One that was made before the first commit, which was cut off, is taken again.
  const own = readRoleKeys(pen.store).find((key) => key.role === 'root') ?? makeRoleKey(pen.store, 'root');
  const keys = [...pen.keys, own];
  const only = (role: KeyedRole) => {
    const key = keys.find((one) => one.role === role);
    return { keys: key ? [key.publicHex] : [], threshold: 1 };
  };
  const at = next(pen, pen.state.root, lifetimes.root);
  const roles = { root: only('root'), ...Object.fromEntries(onlineRoles.map((role) => [role, only(role)])) };
  const root = makeRoot(at, { index: pen.index, stage: 'development', roles: roles as never });
  const bytes = signMetadata(root, [keyFor(keys, root, 'root')]);
  pen.state.root = at;
  pen.served.set(rolePath('root', at.version), bytes);
  pen.kept.set(tufPlaces.root, bytes);
  return { ...pen, keys, root };
}

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
  pen.served.set(rolePath(role, at.version), signMetadata(signed, [keyFor(pen.keys, pen.root, 'targets')]));
  pen.kept.set(tufPlaces.entries(role), renderJson([...entries]));
}

/** The next version of `targets`: whenever the bins, or the keys that sign them, are others. */
export function putTargets(pen: Pen): void {
  pen.state.targets = next(pen, pen.state.targets, lifetimes.targets);
  const key = keyFor(pen.keys, pen.root, 'targets');
  const signed = makeTargets(pen.state.targets, key.publicHex, pen.bins);
  pen.served.set(rolePath('targets', pen.state.targets.version), signMetadata(signed, [key]));
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
  const snapshot = signMetadata(makeSnapshot(state.snapshot, versions), [keyFor(keys, root, 'snapshot')]);
  if (isMoved) pen.served.set(rolePath('snapshot', state.snapshot.version), snapshot);
  state.timestamp = next(pen, state.timestamp, lifetimes.timestamp);
  const facts = { version: state.snapshot.version, length: snapshot.length, sha256: hashing.sha256(snapshot) };
  const timestamp = signMetadata(makeTimestamp(state.timestamp, facts), [keyFor(keys, root, 'timestamp')]);
  pen.served.set(timestampPath, timestamp);
  state.signedAt = Math.max(state.signedAt, pen.now);
  pen.kept.set(tufPlaces.state, renderJson(state));
  return { served: pen.served, kept: pen.kept };
}

/** What is added for these targets: those that are new or that changed. */
export function writeTuf(parts: TufParts, targets: ReadonlyMap<string, TargetFacts>): TufWritten {
  const pen = openPen(parts);
  const isFirst = pen.state.recent.version === 0;
  if (isFirst || targets.size > 0) putRecent(pen, new Map([...readEntries(parts.store, recentRole), ...targets]));
  if (isFirst) putTargets(pen);
  return close(pen);
}
