// Archives that readers take differently (threats.md, 79 and 80), collected by the malo project (tests/vectors/malo.json): what it calls malicious or invalid is
// refused as a wheel or sdist would be, but for what is named here with the reason.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { inspectionLimits } from '#lib/python/limits.ts';
import { requireDistinctPaths, requireSafePath } from '#lib/python/paths.ts';
import { fromBytes, startAllowance } from '#lib/python/source.ts';
import { readTarGzip } from '#lib/python/tar-reader.ts';
import { hashMember, openZip } from '#lib/python/zip-reader.ts';
import { codeOf } from '../support/inspections.ts';

const { files } = JSON.parse(readFileSync(path.join(import.meta.dirname, '../vectors/malo.json'), 'utf8')) as {
  files: Record<string, string>;
};
const all = Object.entries(files).map(([name, text]) => [name, gunzipSync(Buffer.from(text, 'base64'))] as const);

async function readZip(bytes: Buffer): Promise<void> {
  const zip = await openZip(fromBytes(bytes), startAllowance(inspectionLimits));
  for (const member of zip.members) if (!member.isFolder) await hashMember(zip, member, 'sha256');
}

async function readTar(bytes: Buffer): Promise<void> {
  const source = fromBytes(gzipSync(bytes));
  const { members } = await readTarGzip(source, startAllowance(inspectionLimits), () => false);
  for (const { path: place } of members) requireSafePath(place, inspectionLimits.pathBytesMax);
  requireDistinctPaths(members.map(({ path: place, kind }) => ({ path: place, isFolder: kind === 'folder' })));
}

const codeFor = (name: string, bytes: Buffer): Promise<string> =>
  codeOf(() => (name.startsWith('zip/') ? readZip(bytes) : readTar(bytes)));

/** One reading for all readers that we know, and judged by a rule of its own where it matters. */
const oneReading: Record<string, string> = {
  'tar/malicious/hardlink.tar': 'sdists may hold links; tar-links.ts judges where they lead (PEP 721)',
  'tar/malicious/symlink.tar': 'the same',
  'tar/malicious/pax_linkpath_symlink.tar': 'the same',
  'tar/malicious/pax_duplicate_name.tar': 'two spellings of one name in Unicode: a warning (path.lookalike)',
  'tar/malicious/prefix_dir_name_empty.tar': 'a folder whose name stands in the prefix field alone',
  'tar/reject/gnu_longlink.tar': 'long names in the way of GNU tar, which old tools write',
  'tar/reject/gnu_longname.tar': 'the same',
};

describe('an archive with two readings is refused:', () => {
  test.each(all.filter(([name]) => !name.includes('/accept/') && !(name in oneReading)))('%s', async (name, bytes) => {
    expect(await codeFor(name, bytes)).toMatch(/^distribution\./);
  });
});

describe('an archive with one reading is accepted, whatever it is called elsewhere:', () => {
  test.each(all.filter(([name]) => name in oneReading))('%s', async (name, bytes) => {
    expect(await codeFor(name, bytes)).toBe('accepted');
  });
});

test('of what is valid, only what a wheel or sdist has no need of is refused', async () => {
  const refused: string[] = [];
  for (const [name, bytes] of all)
    if (name.includes('/accept/') && (await codeFor(name, bytes)) !== 'accepted') refused.push(name);
  expect(refused).toEqual([
    ...['zip/accept/comment.zip', 'zip/accept/data_descriptor.zip', 'zip/accept/data_descriptor_zip64.zip'],
    ...['zip/accept/normal_deflate_zip64_extra.zip', 'zip/accept/zip64_eocd.zip'],
    ...['tar/accept/global_pax.tar', 'tar/accept/pax_extended_header.tar', 'tar/accept/pax_path_empty_fixed.tar'],
  ]);
});
