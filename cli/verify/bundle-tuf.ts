// The TUF metadata in an evidence bundle, with the objects of @tufjs/models: from a root that is known or given to the roles in which the documents of the
// bundle and the files of the release stand. Times are not looked at: no bundle can be fresh. Everything in it is hostile.
import { Metadata, MetadataKind, type Root, type Targets } from '@tufjs/models';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { Sha256 } from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { isTarget, rolePath, timestampPath } from '#lib/evidence/tuf-tree.ts';
import type { ReleaseBundle } from '#lib/evidence/release-bundle.ts';
import { filePath } from '#lib/simple/page.ts';

export type FollowedRoot = { version: number; sha256: Sha256; metadata: Metadata<Root> };
/** A root that is believed: the pinned one by its number, or a given one by its digest alone. */
export type KnownRoot = { version: number | null; sha256: Sha256 };

type Document = { path: string; bytes: Uint8Array; json: never };
type Facts = { sha256: string; size: number };

/**
 * The newest root: each signed by itself and by the one before, and the known ones among them. Refuses `tuf.missing`, `tuf.other-root`, `tuf.refused`.
 */
export async function requireBundledRoot(bundle: ReleaseBundle, known: readonly KnownRoot[]): Promise<FollowedRoot> {
  const roots: FollowedRoot[] = [];
  for (let version = 1; await bundle.read(rolePath('root', version)); version += 1) {
    const document = await take(bundle, rolePath('root', version));
    const metadata = guarded(document, 'root', ({ json }) => Metadata.fromJSON(MetadataKind.Root, json));
    for (const by of [roots.at(-1)?.metadata ?? metadata, metadata]) requireSigned(by, 'root', metadata);
    if (metadata.signed.version !== version)
      throw refuse('tuf.refused', { role: 'root', why: 'its version is another' });
    roots.push({ version, sha256: hashing.sha256(document.bytes), metadata });
  }
  const newest = roots.at(-1);
  if (!newest) throw refuse('tuf.missing', { address: 'the bundle' });
  requireKnown(roots, known);
  return newest;
}

/**
 * Every role is signed by those who may, and every document of the bundle and file of the release is the target that some role names. Refuses
 * `tuf.refused`, `tuf.not-the-target`, `evidence.missing`.
 */
export async function requireBundledTargets(bundle: ReleaseBundle, root: FollowedRoot): Promise<void> {
  const timestamp = guarded(await take(bundle, timestampPath), 'timestamp', ({ json }) =>
    Metadata.fromJSON(MetadataKind.Timestamp, json),
  );
  requireSigned(root.metadata, 'timestamp', timestamp);
  const stated = timestamp.signed.snapshotMeta;
  const document = await take(bundle, rolePath('snapshot', stated.version));
  const snapshot = guarded(document, 'snapshot', (one) => {
    stated.verify(Buffer.from(one.bytes));
    return Metadata.fromJSON(MetadataKind.Snapshot, one.json);
  });
  requireSigned(root.metadata, 'snapshot', snapshot);
  const rolesAt = async (role: string, by: Metadata<Root | Targets>): Promise<Metadata<Targets>> => {
    const version = snapshot.signed.meta[`${role}.json`]?.version ?? 0;
    const metadata = guarded(await take(bundle, rolePath(role, version)), role, ({ json }) =>
      Metadata.fromJSON(MetadataKind.Targets, json),
    );
    requireSigned(by, role, metadata);
    if (metadata.signed.version !== version) throw refuse('tuf.refused', { role, why: 'its version is another' });
    return metadata;
  };
  const delegating = await rolesAt('targets', root.metadata);
  const read = new Map<string, Promise<Metadata<Targets>>>();
  const roleOf = (role: string): Promise<Metadata<Targets>> => {
    const metadata = read.get(role) ?? rolesAt(role, delegating);
    read.set(role, metadata);
    return metadata;
  };
  for (const [path, facts] of await targetsOf(bundle)) await requireTarget(path, facts, { delegating, roleOf });
}

async function take({ read }: ReleaseBundle, path: string): Promise<Document> {
  const bytes = await read(path);
  if (!bytes) throw refuse('evidence.missing', { what: path });
  try {
    return { path, bytes, json: JSON.parse(Buffer.from(bytes).toString('utf8')) as never };
  } catch (cause) {
    throw refuse('tuf.refused', { role: path, why: 'it is no JSON' }, cause);
  }
}

/** What the library says in sentences for developers, as a refusal. */
function guarded<T>(document: Document, role: string, read: (document: Document) => T): T {
  try {
    return read(document);
  } catch (fault) {
    if (isRefusal(fault)) throw fault;
    throw refuse('tuf.refused', { role, why: 'it cannot be read, or is not what is named' }, fault);
  }
}

type AnyMetadata = Parameters<Metadata<Root>['verifyDelegate']>[1];

function requireSigned(by: Metadata<Root | Targets>, role: string, metadata: AnyMetadata): void {
  try {
    by.verifyDelegate(role, metadata);
  } catch (fault) {
    throw refuse('tuf.refused', { role, why: 'those who may have not signed it' }, fault);
  }
}

/** A pin may be newer than the bundle: then there is nothing to compare. */
function requireKnown(roots: readonly FollowedRoot[], known: readonly KnownRoot[]): void {
  for (const { version, sha256 } of known)
    if ((version ?? 0) <= roots.length && !roots.some((root) => root.sha256 === sha256))
      throw refuse('tuf.other-root', { expected: sha256, newest: roots.length });
}

/** What TUF must name: every document of the bundle as it stands here, and the files as the record has them. */
async function targetsOf({ paths, read, record }: ReleaseBundle): Promise<Map<string, Facts>> {
  const wanted = new Map<string, Facts>();
  for (const path of paths.filter(isTarget)) {
    const bytes = (await read(path)) ?? new Uint8Array();
    wanted.set(path, { sha256: hashing.sha256(bytes), size: bytes.length });
  }
  for (const { name, sha256, size } of record.files) wanted.set(filePath(sha256, name), { sha256, size });
  return wanted;
}

type Roles = { delegating: Metadata<Targets>; roleOf: (role: string) => Promise<Metadata<Targets>> };

/** The first role that may name the path and does is the one that is asked (TUF specification, 5.6.7). */
async function requireTarget(path: string, { sha256, size }: Facts, { delegating, roleOf }: Roles): Promise<void> {
  for (const role of Object.values(delegating.signed.delegations?.roles ?? {})) {
    if (!role.isDelegatedPath(path)) continue;
    const target = (await roleOf(role.name)).signed.targets[path];
    if (!target) continue;
    if (target.hashes['sha256'] === sha256 && target.length === size) return;
    throw refuse('tuf.not-the-target', { path, why: 'its digest or length is another' });
  }
  throw refuse('tuf.not-the-target', { path, why: 'no role names it' });
}
