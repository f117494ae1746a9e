// A shortened fingerprint is nobody's identity: keys with chosen last 8 or 16 digits are cheap to make. No program here cuts one or asks for a
// key id to show; the mails and pages that people read are searched for one in tests/e2e/passkeys.test.ts.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const sources = ['app', 'components', 'cli', 'countersigner', 'jobs', 'lib', 'web', 'scripts'].flatMap((room) =>
  readdirSync(room, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|tsx|mjs)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.includes(`${path.sep}generated${path.sep}`)),
);

it.each([
  ['takes the last 8 or 16 digits of anything', /\.(?:slice|substring|substr)\(\s*-(?:8|16)\b/],
  [
    'takes the first 8 or 16 digits of a key',
    /(?:fingerprint|primary|issuer|key)\)?\.(?:slice|substring|substr)\(\s*0,\s*(?:8|16)\s*\)/i,
  ],
  ['shows a key id', /\bgetKeyIDs?\(\)\s*\.toHex|\bkeyID\.toHex|--keyid-format[ =](?:short|long)/i],
])('no source %s', (_, pattern) => {
  expect(sources.length).toBeGreaterThan(200);
  expect(sources.filter((file) => pattern.test(readFileSync(file, 'utf8')))).toEqual([]);
});
