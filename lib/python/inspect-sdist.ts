// Looks into an sdist (PEP 517 “Source distributions”, PEP 625, PEP 721) without unpacking it anywhere. Everything in it is
// hostile. The steps: one gzip member and one tar archive, one top folder named after the release, safe paths and links,
// PKG-INFO against the file name.
import { refuse } from '#lib/core/errors.ts';
import type { SdistName } from './file-name.ts';
import { checkContents } from './check-contents.ts';
import { checkMetadata } from './check-metadata.ts';
import { checkSdist } from './check-sdist.ts';
import { inOrder } from './checks.ts';
import type { Inspection } from './inspection.ts';
import { renderBytes } from './limits.ts';
import { readMetadata } from './metadata.ts';
import { requireDistinctPaths, requireSafePath } from './paths.ts';
import { requireSameFolder, requireSameRelease } from './same-release.ts';
import { readExactly, type Allowance, type ByteSource } from './source.ts';
import { requireSafeLinks } from './tar-links.ts';
import { readTarGzip, type Tar, type TarMember } from './tar-reader.ts';

const zipEndBytes = 22;

/** Establishes that the sdist is one archive in one folder and says the project and version of its name. Throws `distribution.…`. */
export async function inspectSdist(name: SdistName, source: ByteSource, allowance: Allowance): Promise<Inspection> {
  const { limits } = allowance;
  // 1. One archive and nothing else.
  await requireNoZip(source);
  const tar = await readTarGzip(
    source,
    allowance,
    (path) => path.split('/').length === 2 && path.endsWith('/PKG-INFO'),
  );
  // 2. Paths, then the one top folder.
  const members = withoutRepeatedFolders(tar.members);
  for (const member of members) requireSafePath(member.path, limits.pathBytesMax);
  const top = findTopFolder(members);
  requireSameFolder(name, top);
  // 3. Links stay inside, and no two members are at one path.
  requireSafeLinks(members, top);
  const findings = requireDistinctPaths(members.map(({ path, kind }) => ({ path, isFolder: kind === 'folder' })));
  // 4. PKG-INFO says this project and version.
  const metadataPath = `${top}/PKG-INFO`;
  const metadataBytes = requirePkgInfo(tar, metadataPath, limits.metadataBytesMax);
  const metadata = readMetadata(metadataBytes);
  requireSameRelease(name, metadata);
  // 5. What asks for a second look.
  const entries = members.map((member) => ({ ...member, traits: tar.traits.get(member.path) ?? null }));
  return {
    kind: 'sdist',
    fileName: name.fileName,
    project: name.project,
    version: metadata.version,
    tags: [],
    metadata,
    metadataBytes,
    requiresPython: metadata.requiresPython,
    findings: inOrder([
      ...findings,
      ...checkMetadata(name, metadata, metadataPath),
      ...checkContents(entries),
      ...checkSdist(entries, top),
    ]),
  };
}

/** The end decides for zip: an end record whose numbers fit the file would make it a zip file as well. */
async function requireNoZip(source: ByteSource): Promise<void> {
  const length = Math.min(source.size, zipEndBytes + 0xffff);
  const start = source.size - length;
  const tail = await readExactly(source, start, length);
  const signature = Buffer.from('PK\x05\x06', 'latin1');
  for (
    let at = tail.indexOf(signature);
    at !== -1 && at + zipEndBytes <= length;
    at = tail.indexOf(signature, at + 1)
  ) {
    if (tail.readUInt32LE(at + 12) + tail.readUInt32LE(at + 16) <= start + at) {
      throw refuse('distribution.polyglot', { why: 'it can also be read as a zip file' });
    }
  }
}

// Tools that add a folder twice do no harm; two files at one path do.
function withoutRepeatedFolders(members: readonly TarMember[]): TarMember[] {
  const seen = new Set<string>();
  return members.filter(({ path, kind }) => {
    if (kind !== 'folder') return true;
    const isNew = !seen.has(path);
    seen.add(path);
    return isNew;
  });
}

function findTopFolder(members: readonly TarMember[]): string {
  const tops = new Set(members.map(({ path }) => path.split('/')[0] ?? ''));
  const [top] = tops;
  if (top === undefined) throw refuse('distribution.layout', { why: 'the archive is empty' });
  if (tops.size > 1)
    throw refuse('distribution.layout', {
      why: `it has ${tops.size} folders or files at the top, where one folder is expected`,
    });
  const isFile = members.some(({ path, kind }) => path === top && kind !== 'folder');
  if (isFile) throw refuse('distribution.layout', { why: 'at the top is no folder' });
  return top;
}

function requirePkgInfo(tar: Tar, path: string, bytesMax: number): Uint8Array {
  const member = tar.members.find((candidate) => candidate.path === path && candidate.kind === 'file');
  if (member === undefined) throw refuse('distribution.missing', { path });
  const bytes = tar.kept.get(path);
  if (bytes === undefined)
    throw refuse('distribution.too-large', { what: `size of “${path}”`, most: renderBytes(bytesMax) });
  return bytes;
}
