// Which places of the index tree may be written by a hand-back, and in which turn: the table is the rule.
import { expect, test } from 'vitest';
import { turnOf } from '#lib/evidence/index-tree.ts';
import { refusalOf } from '../support/pgp.ts';

const sha = 'ab'.repeat(32);
const beside = `files/ab/ab/${sha}/demo-1.0.tar.gz`;
const key = 'A'.repeat(40);

test.each([
  [`${beside}.asc`, 'files'],
  [`${beside}.metadata`, 'files'],
  [`keys/${key}.asc`, 'documents'],
  ['keys/index.asc', 'documents'],
  ['evidence/demo/policy/1.json', 'documents'],
  ['evidence/demo/policy/12.json.asc', 'documents'],
  ['evidence/demo/releases.json', 'documents'],
  ['evidence/demo/releases/1.0/SHA256SUMS', 'documents'],
  ['evidence/demo/releases/1.0/1.json.asc', 'documents'],
  ['evidence/demo/releases/1.0/yank/2.json', 'documents'],
  ['evidence/demo/releases/1.0/yank/2.json.asc', 'documents'],
  ['evidence/demo/status/1.json', 'documents'],
  ['log/tile/0/000', 'log'],
  ['log/tile/1/x001/x234/067.p/5', 'log'],
  ['log/tile/entries/000.p/255', 'log'],
  ['log/number/evidence/demo/releases/1.0/1.json', 'log'],
  ['log/number/keys/index.asc', 'log'],
  ['log/vkey', 'log'],
  ['log/vkey.asc', 'log'],
  ['log/checkpoint', 'pages'],
  ['tuf/1.root.json', 'tuf'],
  ['tuf/12.recent.json', 'tuf'],
  ['tuf/3.bin-a00.json', 'tuf'],
  ['tuf/timestamp.json', 'timestamp'],
  ['simple/index.html', 'pages'],
  ['simple/demo/index.json', 'pages'],
])('%s is written in the turn of %s', (path, turn) => {
  expect(turnOf(path)).toBe(turn);
});

test.each([
  '',
  'x',
  '../x',
  '/simple/index.html',
  'simple//index.html',
  'simple/Demo/index.html',
  'simple/demo/index.html.asc',
  'simple/demo/x/index.html',
  beside,
  `files/ab/cd/${sha}/demo-1.0.tar.gz.asc`,
  `files/ab/ab/${sha}/../demo.asc`,
  `files/ab/ab/${sha.toUpperCase()}/demo-1.0.tar.gz.asc`,
  `keys/${key.toLowerCase()}.asc`,
  'keys/x/index.asc',
  'evidence/demo/policy/0.json',
  'evidence/demo/policy/1.json.asc.asc',
  'evidence/demo/releases/1.0',
  'evidence/demo/releases/1.0/yank/0.json',
  'evidence/demo/releases/yank/1.json',
  'evidence/demo/status/active.json',
  'evidence/demo/releases/01.0/1.json',
  'evidence/../demo/releases.json',
  'tuf/root.json',
  'tuf/0.root.json',
  'tuf/1.timestamp.json',
  'tuf/1.bin-xyz.json',
  'tuf/1.other.json',
  'tuf/x/1.root.json',
  'log/checkpoint.asc',
  'log/number/evidence/../releases/1.0/1.json',
  'log/number/evidence/demo/releases.json',
  'log/number/log/number/keys/index.asc',
  'log/tile/6/000',
  'log/tile/0/0',
  'log/tile/0/000.p/0',
  'log/tile/0/000.p/256',
  'log/tile/0/x000/001',
  'log/tile/0/x001',
  'log/tile/entries/000/..',
  'log/x/tile/0/000',
])('%s is no place that a hand-back may write', async (path) => {
  expect(await refusalOf(() => turnOf(path))).toBe('handback.foreign-path');
});
