// TUF metadata of each role as the objects of @tufjs/models (specification 1.0; docs/formats/tuf.md), to be signed as they are. Trusts what it is
// given: our own state. Lists of targets and of versions are put in by themselves, since the library copies the whole list for each entry.
import { MetaFile, Root, Snapshot, Targets, Timestamp } from '@tufjs/models';
import { renderInstant, type IndexName } from '#lib/core/ids.ts';
import { recentRole } from '#lib/evidence/tuf-tree.ts';
import { prefixesOf } from './bins.ts';
import { onlineRoles, publicKeyOf, type KeyedRole } from './role-keys.ts';
import type { Bin, RoleState, TargetFacts } from './state.ts';

const specVersion = '1.0.31';

const fieldsOf = ({ version, expires }: RoleState) => ({ specVersion, version, expires: renderInstant(expires) });

/** Who may act: for each role keys (64 hex digits each) and how many of them must sign. */
export type RootRoles = Record<KeyedRole, { keys: readonly string[]; threshold: number }>;

/** The stage of a root, in its field `x-countersign`: one that the countersigner made for itself, or one that people hold. */
export type RootStage = 'development' | 'offline';

/** A root, unsigned. */
export function makeRoot(at: RoleState, given: { index: IndexName; stage: RootStage; roles: RootRoles }): Root {
  const { index, stage, roles } = given;
  const named = (['root', ...onlineRoles] as const).map((role) => {
    const keys = roles[role].keys.map(publicKeyOf);
    return { role, keys, field: { keyids: keys.map((key) => key.keyID), threshold: roles[role].threshold } };
  });
  const keys = named.flatMap((entry) => entry.keys);
  return Root.fromJSON({
    _type: 'root',
    ...{ spec_version: specVersion, version: at.version, expires: renderInstant(at.expires) },
    consistent_snapshot: true,
    keys: Object.fromEntries(keys.map((key) => [key.keyID, key.toJSON()])),
    roles: Object.fromEntries(named.map(({ role, field }) => [role, field])),
    'x-countersign': { index, stage },
  });
}

/** The role `targets`: nothing of its own; first what is recent, then the bins, each by the key that signed it. */
export function makeTargets(at: RoleState, recentKey: string, bins: readonly Bin[]): Targets {
  const keyIdOf = (publicHex: string): string => publicKeyOf(publicHex).keyID;
  const role = (name: string, key: string, terminating: boolean, prefixes: string[]) => ({
    ...{ name, keyids: [keyIdOf(key)], threshold: 1, terminating, path_hash_prefixes: prefixes },
  });
  const keys = [...new Set([recentKey, ...bins.map((bin) => bin.key)])].map(publicKeyOf);
  return Targets.fromJSON({
    _type: 'targets',
    ...{ spec_version: specVersion, version: at.version, expires: renderInstant(at.expires), targets: {} },
    delegations: {
      keys: Object.fromEntries(keys.map((key) => [key.keyID, key.toJSON()])),
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
