// What the countersigner remembers of its TUF metadata: version and end of each role, and the bins. Kept in the commit that makes the hand-back, so
// that no version number is ever used for two contents. Our own disk; nothing here comes from outside.
import { refuse } from '#lib/core/errors.ts';
import { renderInstant } from '#lib/core/ids.ts';
import type { Store } from '#countersigner/store.ts';

/** `expires` in milliseconds. */
export type RoleState = { version: number; expires: number };

export type TufState = {
  format: 1;
  root: RoleState;
  targets: RoleState;
  snapshot: RoleState;
  timestamp: RoleState;
  recent: RoleState;
  /** The latest time at which anything was signed: the clock may not go back behind it. */
  signedAt: number;
};

/** Targets whose path has a SHA-256 that begins (three hex digits) with `from` up to and without `to`. `key`: who signed it, as 64 hex digits. */
export type Bin = RoleState & { name: string; from: number; to: number; count: number; key: string };

/** What is known of one target. */
export type TargetFacts = { sha256: string; length: number };

export const tufPlaces = {
  state: 'tuf/state.json',
  bins: 'tuf/bins.json',
  root: 'tuf/root.json',
  /** Every root that was ever served: clients follow them one by one. */
  servedRoot: (version: number): string => `tuf/served/${version}.root.json`,
  entries: (role: string): string => `tuf/entries/${role}.json`,
};

const readJson = (store: Store, place: string): unknown => {
  const bytes = store.read(place);
  return bytes === null ? null : JSON.parse(Buffer.from(bytes).toString('utf8'));
};

export const renderJson = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value)}\n`);

/** The state; null before the first metadata. */
export function readTufState(store: Store): TufState | null {
  const state = readJson(store, tufPlaces.state) as TufState | null;
  if (state !== null && state.format !== 1)
    throw refuse('countersigner.settings', {
      why: `${store.at(tufPlaces.state)} is not a state that this version can read`,
    });
  return state;
}

/** The bins, by their place in the space of hashes. */
export const readBins = (store: Store): Bin[] => (readJson(store, tufPlaces.bins) as Bin[] | null) ?? [];

/** The targets that a role holds. */
export const readEntries = (store: Store, role: string): Map<string, TargetFacts> =>
  new Map((readJson(store, tufPlaces.entries(role)) as [string, TargetFacts][] | null) ?? []);

/** Five minutes: what a clock that is set right may go back. */
const slackMs = 300_000;

/** Refuses (`countersigner.clock`) to sign at a time before what was signed already: metadata of two times would contradict each other. */
export function requireClock(state: TufState | null, now: number): void {
  if (state !== null && now < state.signedAt - slackMs)
    throw refuse('countersigner.clock', { signedAt: renderInstant(state.signedAt), now: renderInstant(now) });
}
