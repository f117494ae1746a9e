// The README of an evidence bundle, run as it stands by a shell with real gpg, sqv and sha256sum and without a network: on a 2-of-3 release every
// command holds, and whatever is changed in the release or its evidence, one of them fails.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BundleEntries } from '#lib/evidence/release-bundle.ts';
import { bundleOf, forgedChange, publishedScene, releaseFiles } from '../support/evidence.ts';
import { forgeCertificate } from '../support/forge.ts';
import { changeIndexKey } from '../support/rotated.ts';
import { ada, bo, eve, signer, wheelName, type Scene } from '../support/scene.ts';

type Files = Map<string, Uint8Array>;

let scene: Scene;
let entries: BundleEntries;
beforeAll(async () => {
  scene = await publishedScene();
  entries = await bundleOf(scene);
});
afterAll(() => scene.close());

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** The unpacked bundle with the files of the release beside its README. */
function lay(files: Files): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'evidence-'));
  folders.push(folder);
  for (const [place, bytes] of files) {
    mkdirSync(path.dirname(path.join(folder, place)), { recursive: true });
    writeFileSync(path.join(folder, place), bytes);
  }
  return folder;
}

/** Each tool alone must do. */
const tools = ['sqv', 'gpg'] as const;
type Tool = (typeof tools)[number];
const ofOther: Record<Tool, RegExp> = { sqv: /^(?:gpg |grep "VALIDSIG|.*GNUPGHOME)/, gpg: /^sqv / };

const commandsIn = (readme: string, tool: Tool): string =>
  readme
    .split('\n')
    .filter((line) => line.startsWith('    '))
    .map((line) => line.slice(4))
    .filter((line) => !ofOther[tool].test(line))
    .join('\n');

// A network namespace of its own has no way out; where none may be made, the commands need none either.
const offline = spawnSync('unshare', ['--net', 'true']).status === 0 ? ['unshare', '--net'] : [];

/** Runs the commands of the genuine README in one shell that ends at the first failure. */
function check(files: Files, tool: Tool, told = entries): { status: number | null; says: string } {
  const readme = Buffer.from(told.get('README.txt') ?? []).toString();
  const [program = '', ...args] = [...offline, 'sh', '-e', '-u', '-c', commandsIn(readme, tool)];
  const env = { ...process.env, HOME: '/nonexistent', LC_ALL: 'C' };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: lay(files), env, encoding: 'utf8' });
  return { status, says: `${stdout}${stderr}` };
}

const genuine = (): Files => new Map([...entries, ...releaseFiles()]);

test.each(tools)('every command of the README holds for a 2-of-3 release, with %s', (tool) => {
  const { status, says } = check(genuine(), tool);
  expect([status, says]).toEqual([0, expect.stringContaining(`${wheelName}: OK`)]);
  for (const { key } of [ada, bo]) expect(says).toContain(key);
});

test.each(tools)(
  'the README of an index that changed its key shows how the old one leads to the new one, with %s',
  async (tool) => {
    const changed = await publishedScene();
    const { old, new: second } = await changeIndexKey(changed);
    const { new: third } = await changeIndexKey(changed);
    const made = await bundleOf(changed);
    changed.close();
    const readme = Buffer.from(made.get('README.txt') ?? []).toString();
    expect(readme).toContain(`  ${old} vouches for ${second}\n  ${second} vouches for ${third}\n`);
    const files = (): Files => new Map([...made, ...releaseFiles()]);
    expect(check(files(), tool, made)).toMatchObject({ status: 0 });
    expect(check(forgedChange(files()), tool, made).status).not.toBe(0);
    expect(check(edit(files(), 'keys/index/1.json', '"date": "2026', '"date": "2025'), tool, made).status).not.toBe(0);
  },
);

const flip = (bytes: Uint8Array, from: string, to: string): Buffer =>
  Buffer.from(Buffer.from(bytes).toString().replace(from, to));
const edit = (files: Files, place: string, from: string, to: string): Files =>
  files.set(place, flip(files.get(place) ?? new Uint8Array(), from, to));

const lies: readonly [lie: string, change: (files: Files) => Files][] = [
  ['another byte in a file', (files) => files.set(wheelName, Buffer.from('another'))],
  ['a file that is missing', (files) => (files.delete(wheelName), files)],
  ['another statement', (files) => edit(files, 'statement/SHA256SUMS', 'revision: 1', 'revision: 2')],
  ['the statement without its signatures', (files) => (files.delete('statement/SHA256SUMS.asc'), files)],
  ['the certificate of somebody else', (files) => files.set(`keys/${ada.key}.asc`, forgeCertificate(eve.forged))],
  ['a policy with a lower threshold', (files) => edit(files, 'policy/2.json', '"threshold": 2', '"threshold": 1')],
  [
    'an earlier policy that was written anew',
    (files) => edit(files, 'policy/1.json', '"waitHours": 0', '"waitHours": 1'),
  ],
  ['another record', (files) => edit(files, 'record/1.json', '"serial": 1', '"serial": 7')],
  ['a list that names another record', (files) => edit(files, 'releases.json', '"serial": 1,', '"serial": 2,')],
  ['another index key', (files) => files.set('keys/index.asc', forgeCertificate(signer('evil').forged))],
  ['a proof of another entry', (files) => edit(files, 'record/1.json.tlog-proof', 'index 6', 'index 5')],
  [
    'a checkpoint with another root',
    (files) => files.set('record/1.json.tlog-proof', files.get('policy/1.json.tlog-proof') ?? Buffer.alloc(0)),
  ],
];

describe('a command of the README fails for', () => {
  test.each(lies)('%s', (_, change) => {
    const before = genuine();
    const after = change(genuine());
    expect([...after].map(([place, bytes]) => [place, Buffer.from(bytes).toString('hex')])).not.toEqual(
      [...before].map(([place, bytes]) => [place, Buffer.from(bytes).toString('hex')]),
    );
    for (const tool of tools) expect(check(after, tool).status, tool).not.toBe(0);
  });
});

describe('the twenty lines of shell in docs/formats/evidence.md', () => {
  const shell = /```sh\n([^]*?)```/.exec(readFileSync('docs/formats/evidence.md', 'utf8'))?.[1] ?? '';
  const run = (files: Files, indexKey = scene.keys.key.fingerprint as string) =>
    spawnSync('sh', ['-c', shell, 'sh', indexKey], { cwd: lay(files), encoding: 'utf8' }).status;

  test('accept a 2-of-3 release of the index that is asked for, and of no other', () => {
    expect(shell.trim().split('\n')).toHaveLength(20);
    expect(run(genuine())).toBe(0);
    expect(run(genuine(), ada.key)).not.toBe(0);
  });

  // They do not look at the log, and at signatures over single files.
  test.each(lies.filter(([lie]) => !/log|proof|checkpoint/.test(lie)))('refuse %s', (_, change) => {
    expect(run(change(genuine()))).not.toBe(0);
  });
});
