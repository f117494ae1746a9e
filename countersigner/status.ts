// Where the countersigner stands, for its operator: index, hand-backs, keys with their ends, TUF metadata with its ends, what the last round did and
// refused. Only reads, so that it can be asked beside the running program; what it cannot read it says.
import { isRefusal } from '#lib/core/errors.ts';
import { renderInstant } from '#lib/core/ids.ts';
import { sha256Octets } from '#lib/digest/ed25519.ts';
import { renderNoteKey } from '#lib/evidence/checkpoint.ts';
import { readIndexKey } from '#lib/evidence/index-signature.ts';
import { collectRotations } from '#lib/evidence/key-rotation.ts';
import { logKeyPath } from '#lib/evidence/log-tree.ts';
import { holderOf } from './hold-folder.ts';
import { readInstanceState, treePlace } from './instance-state.ts';
import { openKeys } from './keys.ts';
import { readLastRound } from './last-round.ts';
import type { Store } from './store.ts';
import { newestRoot } from './tuf/root.ts';
import { readTufState } from './tuf/state.ts';

/** All of it as plain data. */
export async function statusOf(store: Store, now: number): Promise<object> {
  const state = readInstanceState(store);
  return {
    folder: store.folder,
    running: await holderOf(store.folder),
    index: state?.index ?? null,
    handBacks: state && {
      ...{ signed: state.sequence, acknowledged: state.acknowledged, waiting: state.sequence - state.acknowledged },
    },
    projects: state?.listed.length ?? 0,
    projectsToSignAnew: state?.toSign?.length ?? 0,
    keys: await keysOf(store, now).catch((fault: unknown) => {
      if (isRefusal(fault)) return { unreadable: fault.message };
      throw fault;
    }),
    tuf: tufOf(store),
    lastRound: readLastRound(store),
  };
}

async function keysOf(store: Store, now: number): Promise<object> {
  const { key, log } = await openKeys(store, now);
  const { facts } = await readIndexKey(key.certificate, now);
  const changes = await collectRotations(async (path) => store.read(treePlace(path)));
  const index = readInstanceState(store)?.index;
  const served = store.read(treePlace(logKeyPath));
  return {
    index: {
      fingerprint: key.fingerprint,
      place: key.place,
      expires: instantOf(facts.expires),
      changes: changes.length,
    },
    log: served
      ? Buffer.from(served).toString('utf8').trim()
      : renderNoteKey({ name: `${index ?? ''}/log`, publicKey: log.publicKey }, sha256Octets),
  };
}

const instantOf = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : renderInstant(milliseconds);

function tufOf(store: Store): object | null {
  const state = readTufState(store);
  const root = newestRoot(store);
  if (!state || !root) return null;
  return {
    root: { version: root.version, stage: root.stage, expires: instantOf(state.root.expires) },
    targets: { version: state.targets.version, expires: instantOf(state.targets.expires) },
    snapshot: { version: state.snapshot.version, expires: instantOf(state.snapshot.expires) },
    timestamp: { version: state.timestamp.version, expires: instantOf(state.timestamp.expires) },
  };
}
