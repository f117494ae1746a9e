// TUF metadata of each role below the root as the objects of @tufjs/models (specification 1.0; docs/formats/tuf.md), to be signed as they are. Trusts what it is
// given: our own state. Lists of targets and of versions are put in by themselves, since the library copies the whole list for each entry.
import { MetaFile, Snapshot, Targets, Timestamp } from '@tufjs/models';
import { renderInstant } from '#lib/core/ids.ts';
import { tufKey, tufKeyId, tufSpecVersion as specVersion } from '#lib/evidence/root-document.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { recentRole } from '#lib/evidence/tuf-tree.ts';
import { prefixesOf } from './bins.ts';
import type { Bin, RoleState, TargetFacts } from './state.ts';

const fieldsOf = ({ version, expires }: RoleState) => ({ specVersion, version, expires: renderInstant(expires) });

/** The role `targets`: nothing of its own; first what is recent, then the bins, each by the key that signed it. */
export function makeTargets(at: RoleState, recentKey: string, bins: readonly Bin[]): Targets {
  const role = (name: string, key: string, terminating: boolean, prefixes: string[]) => ({
    ...{ name, keyids: [tufKeyId(key, hashing)], threshold: 1, terminating, path_hash_prefixes: prefixes },
  });
  const keys = [...new Set([recentKey, ...bins.map((bin) => bin.key)])];
  return Targets.fromJSON({
    _type: 'targets',
    ...{ spec_version: specVersion, version: at.version, expires: renderInstant(at.expires), targets: {} },
    delegations: {
      keys: Object.fromEntries(keys.map((key) => [tufKeyId(key, hashing), tufKey(key)])),
      roles: [
        role(recentRole, recentKey, false, prefixesOf({ from: 0, to: 4096 })),
        ...bins.map((bin) => role(bin.name, bin.key, true, prefixesOf(bin))),
      ],
    },
  });
}

/** A delegated role with these targets. */
export function makeEntries(at: RoleState, entries: ReadonlyMap<string, TargetFacts>): Targets {
  const made = new Targets(fieldsOf(at));
  const head = made.toJSON();
  const targets = Object.fromEntries(
    [...entries].map(([path, { sha256, length }]) => [path, { length, hashes: { sha256 } }]),
  );
  made.toJSON = () => ({ ...head, targets });
  return made;
}

/** The snapshot: the version of every role below it. */
export function makeSnapshot(at: RoleState, versions: ReadonlyMap<string, number>): Snapshot {
  const made = new Snapshot(fieldsOf(at));
  const head = made.toJSON();
  const meta = Object.fromEntries([...versions].map(([role, version]) => [`${role}.json`, { version }]));
  made.toJSON = () => ({ ...head, meta });
  return made;
}

/** The timestamp: the snapshot by version, length and digest. */
export const makeTimestamp = (at: RoleState, snapshot: { version: number } & TargetFacts): Timestamp =>
  new Timestamp({
    ...fieldsOf(at),
    snapshotMeta: new MetaFile({
      ...{ version: snapshot.version, length: snapshot.length },
      hashes: { sha256: snapshot.sha256 },
    }),
  });
