// The contents of a wheel. Digests come from RECORD, which inspection held to be complete and true when the wheel was uploaded: so nothing is unpacked
// but the few texts that are read. RECORD itself is left out: it says nothing that the other files do not.
import { hashMember, openZip, readSmallMember, type Zip, type ZipMember } from '#lib/python/zip-reader.ts';
import { readRecord, type RecordRow } from '#lib/python/record.ts';
import type { Allowance, ByteSource } from '#lib/python/source.ts';
import { entryPointsBytesMax, missing, type Content, type Distribution } from './contents.ts';

/** Throws `distribution.…`. */
export async function openWheel(source: ByteSource, allowance: Allowance): Promise<Distribution> {
  const { limits } = allowance;
  const zip = await openZip(source, allowance);
  const files = zip.members.filter(({ isFolder }) => !isFolder);
  const find = (path: string): ZipMember | undefined => files.find((member) => member.path === path);
  const info = folderOf(files, '.dist-info');
  const whole = async (member: ZipMember | undefined, bytesMax: number): Promise<Uint8Array> => {
    if (member === undefined) throw missing(`${info}/…`);
    return readSmallMember(zip, member, bytesMax);
  };
  const recordPath = `${info}/RECORD`;
  const record = readRecord(await whole(find(recordPath), limits.recordBytesMax), recordPath);
  const members = new Map<string, ZipMember>();
  const contents: Content[] = [];
  for (const member of files) {
    if (member.path === recordPath) continue;
    const path = withoutVersion(member.path, info);
    members.set(path, member);
    contents.push({ path, bytes: member.bytes, sha256: await digestOf(zip, member, record), target: null });
  }
  const entryPoints = find(`${info}/entry_points.txt`);
  return {
    ...{ kind: 'wheel', contents, topLevel: topLevelOf(contents) },
    metadataBytes: await whole(find(`${info}/METADATA`), limits.metadataBytesMax),
    entryPoints: entryPoints === undefined ? null : await readSmallMember(zip, entryPoints, entryPointsBytesMax),
    read: async (paths) => {
      const texts = new Map<string, Uint8Array>();
      for (const path of paths) texts.set(path, await whole(members.get(path), limits.unpackedBytesMax));
      return texts;
    },
  };
}

async function digestOf(zip: Zip, member: ZipMember, record: ReadonlyMap<string, RecordRow>): Promise<string> {
  const digest = record.get(member.path)?.digest;
  if (digest?.algorithm === 'sha256') return Buffer.from(digest.text, 'base64url').toString('hex');
  return (await hashMember(zip, member, 'sha256')).toString('hex');
}

function folderOf(files: readonly ZipMember[], suffix: string): string {
  const top = files.map(({ path }) => path.split('/')[0] ?? '').find((part) => part.endsWith(suffix));
  if (top === undefined) throw missing(suffix);
  return top;
}

/** `demo-1.0.dist-info/x` → `demo.dist-info/x`, and the same for `.data`. */
function withoutVersion(path: string, info: string): string {
  const stem = info.slice(0, -'.dist-info'.length);
  const name = stem.slice(0, Math.max(0, stem.indexOf('-'))) || stem;
  for (const suffix of ['.dist-info', '.data']) {
    if (path.startsWith(`${stem}${suffix}/`)) return `${name}${suffix}/${path.slice(stem.length + suffix.length + 1)}`;
  }
  return path;
}

/** Folders and modules at the top, also those that the .data folder puts there. */
function topLevelOf(contents: readonly Content[]): string[] {
  const placed = contents.flatMap(({ path }) => {
    const [top = '', scheme = '', ...rest] = path.split('/');
    if (top.endsWith('.dist-info')) return [];
    if (!top.endsWith('.data')) return [path];
    return scheme === 'purelib' || scheme === 'platlib' ? [rest.join('/')] : [];
  });
  return [...new Set(placed.map((path) => path.split('/')[0] ?? ''))].filter((name) => name !== '').sort();
}
