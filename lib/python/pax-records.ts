// The records of a pax extension header (POSIX.1-2001, “pax Extended Header”): `LENGTH KEY=VALUE\n`. Hostile bytes. Readers
// stop quietly at a bad record and take the last of two; here each record must fit exactly, each key stands once, and only
// keys that describe a plain member are known: no second size, no sparse maps, no other character sets.
import { refuse } from '#lib/core/errors.ts';

const plainKeys = new Set(['path', 'linkpath', 'mtime', 'atime', 'ctime', 'uid', 'gid', 'uname', 'gname', 'comment']);
const vendorKey =
  /^(?:SCHILY\.(?:dev|ino|nlink|fflags|xattr\.[\x21-\x3c\x3e-\x7e]+)|LIBARCHIVE\.(?:creationtime|xattr\.[\x21-\x3c\x3e-\x7e]+))$/;
// `git archive` writes its commit here; anything else in a global header would speak for every later member.
const globalKeys = new Set(['comment']);

function odd(where: string, why: string) {
  return refuse('distribution.ambiguous-archive', { where, why: `a pax header ${why}` });
}

/** Reads all records or refuses; `where` names the member for people. */
export function readPaxRecords(body: Buffer, where: string, isGlobal: boolean): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at);
    const length = readLength(body.toString('latin1', at, space === -1 ? at : space), where);
    const record = body.subarray(at, at + length);
    if (record.length !== length || record[length - 1] !== 0x0a) throw odd(where, 'has a record of the wrong length');
    const [key, value] = splitRecord(record.subarray(space - at + 1, -1), where);
    requireKnownKey(key, where, isGlobal);
    if (records.has(key)) throw odd(where, `gives “${key}” twice`);
    records.set(key, value);
    at += length;
  }
  return records;
}

function readLength(digits: string, where: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(digits)) throw odd(where, 'has a record without length');
  return Number(digits);
}

function splitRecord(record: Buffer, where: string): [string, string] {
  const equals = record.indexOf(0x3d);
  if (equals < 1) throw odd(where, 'has a record without key');
  const key = record.toString('latin1', 0, equals);
  const value = record.subarray(equals + 1);
  const isName = key === 'path' || key === 'linkpath';
  if (isName && (value.length === 0 || value.includes(0))) throw odd(where, `gives an empty or cut “${key}”`);
  return [key, value.toString('utf8')];
}

function requireKnownKey(key: string, where: string, isGlobal: boolean): void {
  const isKnown = isGlobal ? globalKeys.has(key) : plainKeys.has(key) || vendorKey.test(key);
  if (!isKnown) throw odd(where, `sets “${key.slice(0, 60)}”`);
}
