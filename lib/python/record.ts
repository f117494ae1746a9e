// RECORD: the list of a wheel's files with digests (PEP 376, PEP 427 “Signed wheel files”). Its bytes are hostile. PyPI does not
// hold wheels to it; installers differ in what they do with files that it leaves out, so here it must be complete and true
// (threats.md, row 84).
import { refuse } from '#lib/core/errors.ts';
import { startLook, type Traits } from './content-traits.ts';
import { hashMember, type Zip, type ZipMember } from './zip-reader.ts';

export type RecordRow = {
  readonly path: string;
  /** Null only for what cannot be listed with one (RECORD itself). */
  readonly digest: { readonly algorithm: string; readonly text: string } | null;
  readonly bytes: number | null;
};

// A regular expression over megabytes of one hostile row would exhaust its own stack.
const rowLengthMax = 4096;
const digestLengths = new Map([
  ['sha256', 43],
  ['sha384', 64],
  ['sha512', 86],
]);

function wrong(path: string, why: string) {
  return refuse('distribution.record', { path, why });
}

/** Reads RECORD into its rows by path; refuses rows it cannot read in one way, weak digests and a path listed twice. */
export function readRecord(bytes: Uint8Array, where: string): Map<string, RecordRow> {
  const rows = new Map<string, RecordRow>();
  for (const line of decode(bytes, where).split(/\r?\n/)) {
    if (line === '') continue;
    const row = readRow(line, where);
    if (rows.has(row.path)) throw wrong(row.path, 'it is listed twice');
    rows.set(row.path, row);
  }
  return rows;
}

function decode(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw refuse('distribution.record', { path: where, why: 'it is not UTF-8' }, cause);
  }
}

function readRow(line: string, where: string): RecordRow {
  if (line.length > rowLengthMax) throw wrong(where, 'a row is too long');
  const match = /^(?:"(?<quoted>(?:[^"]|"")*)"|(?<plain>[^",]*)),(?<hash>[^",]*),(?<size>[0-9]{0,12})$/.exec(
    line,
  )?.groups;
  if (match === undefined) throw wrong(where, `“${line.slice(0, 80)}” is no row of path, digest and size`);
  const { quoted, plain = '', hash = '', size = '' } = match;
  const path = quoted === undefined ? plain : quoted.replaceAll('""', '"');
  return { path, digest: readDigest(hash, path), bytes: size === '' ? null : Number(size) };
}

function readDigest(hash: string, path: string): RecordRow['digest'] {
  if (hash === '') return null;
  const [, algorithm = '', text = ''] = /^([a-z0-9]+)=([A-Za-z0-9_-]+)=*$/.exec(hash) ?? [];
  if (digestLengths.get(algorithm) === text.length) return { algorithm, text };
  throw wrong(path, 'its digest is not SHA-256, SHA-384 or SHA-512 as PEP 427 writes it');
}

/**
 * Every file is listed, every listed file is there, and digests and sizes are those of the content. All of it is read, so what stands out in it comes
 * back, by path.
 */
export async function requireRecord(
  zip: Zip,
  rows: ReadonlyMap<string, RecordRow>,
  recordPath: string,
): Promise<Map<string, Traits>> {
  const files = zip.members.filter((member) => !member.isFolder);
  const present = new Set(files.map((member) => member.path));
  for (const path of rows.keys()) {
    if (!present.has(path)) throw wrong(path.slice(0, 120), 'it is listed but not in the wheel');
  }
  // RECORD cannot hold its own digest; the two signature files of PEP 427 sign RECORD and so are not in it.
  const exempt = new Set([recordPath, `${recordPath}.jws`, `${recordPath}.p7s`]);
  const traits = new Map<string, Traits>();
  for (const file of files) {
    const row = rows.get(file.path);
    if (row === undefined && !exempt.has(file.path)) throw wrong(file.path, 'it is in the wheel but not listed');
    if (row?.digest === null && !exempt.has(file.path)) throw wrong(file.path, 'it is listed without a digest');
    traits.set(file.path, await requireContent(zip, file, row));
  }
  return traits;
}

// Read even without a row to compare with: a member's CRC and size must be true in any case.
async function requireContent(zip: Zip, file: ZipMember, row: RecordRow | undefined): Promise<Traits> {
  const { algorithm, text } = row?.digest ?? { algorithm: 'sha256', text: null };
  const look = startLook(file.path);
  const digest = (await hashMember(zip, file, algorithm, look)).toString('base64url');
  if (text !== null && text !== digest) throw wrong(file.path, 'the digest is not that of the file');
  const stated = row?.bytes ?? file.bytes;
  if (stated !== file.bytes) throw wrong(file.path, `it says ${stated} bytes, the file has ${file.bytes}`);
  return look.end();
}
