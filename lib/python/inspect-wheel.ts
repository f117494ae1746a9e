// Looks into a wheel (PEP 427) without unpacking it anywhere. Everything in it is hostile. The steps: structure of the zip
// file, the one .dist-info folder, METADATA against the file name, WHEEL, the .data folder, and RECORD over every file.
import { refuse } from '#lib/core/errors.ts';
import type { WheelName } from './file-name.ts';
import { checkContents, type Entry } from './check-contents.ts';
import { checkMetadata } from './check-metadata.ts';
import { checkWheel } from './check-wheel.ts';
import { found, inOrder, type Finding } from './checks.ts';
import type { Traits } from './content-traits.ts';
import type { Inspection } from './inspection.ts';
import { requireOnePlaceEach } from './install-places.ts';
import { readMetadata } from './metadata.ts';
import { readRecord, requireRecord } from './record.ts';
import { requireSameFolder, requireSameRelease } from './same-release.ts';
import { readExactly, type Allowance, type ByteSource } from './source.ts';
import { readWheelFile } from './wheel-file.ts';
import { openZip, readSmallMember, type Zip, type ZipMember } from './zip-reader.ts';

const dataSchemes = new Set(['purelib', 'platlib', 'headers', 'scripts', 'data']);
const wheelBytesMax = 64 * 1024;
const entryPointsBytesMax = 256 * 1024;
const tarMagicOffset = 257;

/** Establishes that the wheel is one archive, is what its name says, and holds exactly what RECORD lists. Throws `distribution.…`. */
export async function inspectWheel(name: WheelName, source: ByteSource, allowance: Allowance): Promise<Inspection> {
  const { limits } = allowance;
  // 1. One zip file and nothing else.
  const zip = await openZip(source, allowance);
  await requireNoTar(source);
  // 2. The one .dist-info folder.
  const info = findInfoFolder(zip);
  requireSameFolder(name, info.slice(0, -'.dist-info'.length));
  // 3. METADATA says this project and version.
  const metadataPath = `${info}/METADATA`;
  const metadataBytes = await readSmallMember(zip, requireMember(zip, metadataPath), limits.metadataBytesMax);
  const metadata = readMetadata(metadataBytes);
  requireSameRelease(name, metadata);
  // 4. WHEEL and the .data folder.
  const wheel = await readSmallMember(zip, requireMember(zip, `${info}/WHEEL`), wheelBytesMax);
  const tagFindings = checkWheelFile(wheel, name, `${info}/WHEEL`);
  requireKnownData(zip, name);
  requireOnePlaceEach(zip.members);
  // 5. RECORD is complete and true.
  const recordPath = `${info}/RECORD`;
  const record = readRecord(
    await readSmallMember(zip, requireMember(zip, recordPath), limits.recordBytesMax),
    recordPath,
  );
  const traits = await requireRecord(zip, record, recordPath);
  // 6. What asks for a second look.
  const entries = zip.members.map((member) => asEntry(member, traits));
  const entryPoints = await readEntryPointsFile(zip, info);
  return {
    kind: 'wheel',
    fileName: name.fileName,
    project: name.project,
    version: metadata.version,
    tags: name.tags,
    metadata,
    metadataBytes,
    requiresPython: metadata.requiresPython,
    findings: inOrder([
      ...zip.findings,
      ...tagFindings,
      ...checkMetadata(name, metadata, metadataPath),
      ...checkContents(entries),
      ...checkWheel({ name, entries, info, entryPoints }),
    ]),
  };
}

const asEntry = ({ path, isFolder, mode }: ZipMember, traits: ReadonlyMap<string, Traits>): Entry => ({
  ...{ path, mode, kind: isFolder ? 'folder' : 'file' },
  traits: traits.get(path) ?? null,
});

/** Null: there is none. */
async function readEntryPointsFile(zip: Zip, info: string): Promise<Uint8Array | null> {
  const member = zip.members.find(({ path, isFolder }) => path === `${info}/entry_points.txt` && !isFolder);
  return member === undefined ? null : readSmallMember(zip, member, entryPointsBytesMax);
}

/** The end of an archive decides for zip, its start for tar: a file may try to be both. */
async function requireNoTar(source: ByteSource): Promise<void> {
  if (source.size < tarMagicOffset + 5) return;
  const magic = await readExactly(source, tarMagicOffset, 5);
  if (magic.toString('latin1') === 'ustar')
    throw refuse('distribution.polyglot', { why: 'it can also be read as a tar archive' });
}

function requireMember(zip: Zip, path: string) {
  const member = zip.members.find((candidate) => candidate.path === path && !candidate.isFolder);
  if (member === undefined) throw refuse('distribution.missing', { path });
  return member;
}

function topFolders(zip: Zip, suffix: string): string[] {
  const tops = zip.members
    .filter(({ path, isFolder }) => isFolder || path.includes('/'))
    .map(({ path }) => path.split('/')[0] ?? '');
  return [...new Set(tops)].filter((top) => top.toLowerCase().endsWith(suffix));
}

function findInfoFolder(zip: Zip): string {
  const folders = topFolders(zip, '.dist-info');
  const [only] = folders;
  if (only === undefined) throw refuse('distribution.missing', { path: '.dist-info folder' });
  if (folders.length > 1) throw refuse('distribution.layout', { why: `it has ${folders.length} .dist-info folders` });
  if (!only.endsWith('.dist-info'))
    throw refuse('distribution.layout', { why: '.dist-info is not spelled in lower case' });
  return only;
}

// Installers stop or guess at other schemes (PEP 427, “The .data directory”).
function requireKnownData(zip: Zip, name: WheelName): void {
  const [folder, second] = topFolders(zip, '.data');
  if (folder === undefined) return;
  if (second !== undefined) throw refuse('distribution.layout', { why: 'it has several .data folders' });
  requireSameFolder(name, folder.slice(0, -'.data'.length));
  for (const { path } of zip.members) {
    const [top, scheme] = path.split('/');
    if (top === folder && scheme !== undefined && !dataSchemes.has(scheme)) {
      throw refuse('distribution.layout', { why: `its .data folder has an unknown part “${scheme.slice(0, 60)}”` });
    }
  }
}

/** WHEEL: other tags than the file name are only warned about (old tools). */
function checkWheelFile(bytes: Uint8Array, name: WheelName, where: string): Finding[] {
  const { tags } = readWheelFile(bytes);
  if ([...tags].sort().join(' ') === [...name.tags].sort().join(' ')) return [];
  return [found('wheel.other-tags', where, 'The tags in WHEEL are not those of the file name.')];
}
