// The TUF metadata that speaks for some targets, out of the index tree: every root, timestamp, snapshot, targets, and of the delegated roles those in which
// the targets stand (docs/formats/tuf.md). It is only collected here: read as far as the way to the next document goes, and believed nowhere.
import { readFields, readText, readWhole, type Fields } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import type { Sha256 } from '#lib/core/ids.ts';
import type { ReadPath } from './served-log.ts';
import { rolePath, timestampPath } from './tuf-tree.ts';

type Metadata = Map<string, Uint8Array>;

const rootsMost = 1000;
const rolesMost = 2000;

/**
 * Path in the tree → bytes, for these targets. Refuses `evidence.missing` (a document, or a target that no role names) and `evidence.malformed`. Empty
 * where the index has no TUF metadata at all.
 */
export async function gatherTuf(
  read: ReadPath,
  targets: readonly string[],
  sha256: (bytes: Uint8Array) => Sha256,
): Promise<Metadata> {
  const found: Metadata = new Map();
  const take = async (path: string): Promise<Fields> => {
    const bytes = found.get(path) ?? (await read(path));
    if (!bytes) throw refuse('evidence.missing', { what: path });
    found.set(path, bytes);
    return signedOf(bytes, path);
  };
  if (!(await takeRoots(read, found))) return found;
  const timestamp = await take(timestampPath);
  const snapshot = await take(rolePath('snapshot', versionIn(timestamp, 'snapshot')));
  const delegating = await take(rolePath('targets', versionIn(snapshot, 'targets')));
  const roles = rolesOf(delegating);
  for (const target of targets) {
    const place = sha256(new TextEncoder().encode(target));
    const holding = roles.filter(({ prefixes }) => prefixes.some((prefix) => place.startsWith(prefix)));
    await takeHolding(
      target,
      holding.map(({ name }) => rolePath(name, versionIn(snapshot, name))),
      take,
    );
  }
  return found;
}

/** All of them from version 1: a reader who knows one follows to the newest. */
async function takeRoots(read: ReadPath, found: Metadata): Promise<boolean> {
  for (let version = 1; version <= rootsMost; version += 1) {
    const bytes = await read(rolePath('root', version));
    if (!bytes) return version > 1;
    found.set(rolePath('root', version), bytes);
  }
  throw refuse('evidence.malformed', { why: `it has more than ${rootsMost} roots` });
}

/** The roles are asked in their order, and the first that names the target has it (TUF specification, 5.6.7). */
async function takeHolding(
  target: string,
  paths: readonly string[],
  take: (path: string) => Promise<Fields>,
): Promise<void> {
  for (const path of paths) {
    const targets = readFields((await take(path))['targets'], path);
    if (Object.hasOwn(targets, target)) return;
  }
  throw refuse('evidence.missing', { what: `${target} among the targets of TUF` });
}

function signedOf(foreignBytes: Uint8Array, what: string): Fields {
  try {
    const parsed: unknown = JSON.parse(readText(foreignBytes, what));
    return readFields(readFields(parsed, what)['signed'], what);
  } catch (cause) {
    throw refuse('evidence.malformed', { why: `${what} is no TUF metadata` }, cause);
  }
}

function versionIn(signed: Fields, role: string): number {
  const meta = readFields(signed['meta'], 'TUF metadata');
  return readWhole(readFields(meta[`${role}.json`], 'TUF metadata')['version'], `the version of ${role}`, 1, 1e9);
}

function rolesOf(signed: Fields): { name: string; prefixes: readonly string[] }[] {
  const { roles } = readFields(signed['delegations'], 'the delegations');
  if (!Array.isArray(roles) || roles.length > rolesMost)
    throw refuse('evidence.malformed', { why: 'its roles cannot be read' });
  return roles.map((role) => {
    const { name, path_hash_prefixes: prefixes } = readFields(role, 'a delegated role');
    if (typeof name !== 'string' || !Array.isArray(prefixes))
      throw refuse('evidence.malformed', { why: 'a role cannot be read' });
    return { name, prefixes: prefixes.filter((prefix): prefix is string => typeof prefix === 'string') };
  });
}
