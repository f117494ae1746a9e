// Threats 1 and 38: nobody verifies on the side. Whoever judges signatures does it through lib/pgp, and nothing else knows the library.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '..', '..');
const programs = ['app', 'cli', 'components', 'countersigner', 'jobs', 'lib', 'web'];

function sources(folder: string): { file: string; text: string }[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => path.join(folder, name))
    .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));
}

test('web program, countersigner, client and browser verify with the one module', () => {
  const all = programs.flatMap(sources);
  const outside = all.filter(({ file }) => !file.startsWith(path.join('lib', 'pgp')));
  const named = (pattern: RegExp) => outside.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
  expect(named(/from 'openpgp|import\('openpgp|require\('openpgp/)).toEqual([]);
  expect(named(/createVerify|timingSafeVerify|subtle\.verify|crypto\.verify/)).toEqual([]);
  // gpg may hold the index key and signs with it; what it made is checked by the one module.
  expect(named(/spawn\w*\(\s*'(gpg|gpgv|sq|sqv)'/)).toEqual([path.join('countersigner', 'index-signer.ts')]);
  expect(named(/'--verify'/)).toEqual([]);
  const users = named(/#lib\/pgp\/check-signatures\.ts/).map((file) => file.split(path.sep).slice(0, 2).join('/'));
  expect([...new Set(users)].sort()).toEqual(expect.arrayContaining(['cli/commands', 'lib/evidence', 'lib/server']));
  for (const { file, text } of sources('countersigner'))
    if (/checkPackets|checkRelease/.test(text)) expect(`${file}: ${text}`).toMatch(/#lib\/evidence\//);
});
