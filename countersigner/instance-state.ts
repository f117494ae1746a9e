// What the countersigner remembers of the whole instance: its name, fixed at the first contact, and how far the chain of hand-backs is.
// `sequence` moves in the same commit as the bytes it stands for, before they are posted; `acknowledged` follows when they were taken.
import { refuse } from '#lib/core/errors.ts';
import type { IndexName, ProjectName, Sha256 } from '#lib/core/ids.ts';
import type { Store } from './store.ts';

export type InstanceState = {
  format: 1;
  index: IndexName;
  /** Number and manifest digest of the newest hand-back; 0 and null before the first. */
  sequence: number;
  manifest: Sha256 | null;
  acknowledged: number;
  /** Digest of the newest hand-back as it was packed. */
  handback?: Sha256;
  /** Number of the newest hand-back that held all that is served (hand-over-all.ts). */
  whole?: number;
  /** Projects with a release, for the project list. */
  listed: ProjectName[];
  /** Projects whose documents are still signed by the index key before this one (sign-anew.ts). */
  toSign?: ProjectName[];
};

const place = 'instance.json';

/** The state; null before the first contact. */
export function readInstanceState(store: Store): InstanceState | null {
  const bytes = store.read(place);
  if (bytes === null) return null;
  const state = JSON.parse(Buffer.from(bytes).toString('utf8')) as InstanceState;
  if (state.format !== 1)
    throw refuse('countersigner.settings', { why: `${store.at(place)} is not a state that this version can read` });
  return state;
}

export const firstInstanceState = (index: IndexName): InstanceState => ({
  ...{ format: 1, index, sequence: 0, manifest: null, acknowledged: 0, listed: [] },
});

/** The one file of it, for a commit. */
export const renderInstanceState = (state: InstanceState): [place: string, bytes: Uint8Array] => [
  place,
  Buffer.from(`${JSON.stringify(state, null, 1)}\n`),
];

/** Where a hand-back waits until the web program has acknowledged it. */
export const outboxPlace = (sequence: number): string => `outbox/${sequence}.zip`;

/** Where our own copy of a path of the index tree is. */
export const treePlace = (path: string): string => `tree/${path}`;
