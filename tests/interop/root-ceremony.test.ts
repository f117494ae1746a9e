// A root ceremony as docs/guide/root-ceremony.md tells it: its commands, as they stand there, with the real programs in folders of their own. And what a
// holder's key refuses.
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashing } from '#lib/digest/hashing.ts';
import { readRoot } from '#lib/evidence/root-document.ts';
import { rootKeyCommand, rootSignCommand } from '#cli/commands/root.ts';

const repository = path.join(import.meta.dirname, '..', '..');
const passphrase = 'correct horse battery';
let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'root-guide-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => path.join(folder, name);
const ask =
  (said = passphrase) =>
  () =>
    Promise.resolve(said);

type Said = { code: number; out: string; err: string };

/** One line of the guide in a shell, with both programs under their names; the passphrase comes on standard input. */
function shell(line: string, environment: Record<string, string>): Promise<Said> {
  const program = (name: string, entry: string): string =>
    `${name}() { "${process.execPath}" --import "${repository}/node_modules/tsx/dist/esm/index.mjs" "${repository}/${entry}" "$@"; }`;
  const script = [program('countersign', 'cli/main.ts'), program('countersigner', 'countersigner/main.ts'), line];
  const env: NodeJS.ProcessEnv = {
    ...{ NODE_ENV: 'test', PATH: process.env['PATH'], HOME: folder, STATE_DIR: at('state') },
    ...{ INDEX_NAME: 'sign.example.org', ...environment },
  };
  return new Promise((resolve) => {
    const child = execFile('/bin/bash', ['-c', script.join('\n')], { cwd: folder, env }, (fault, out, err) =>
      resolve({ code: typeof fault?.code === 'number' ? fault.code : 0, out, err }),
    );
    child.stdin?.end(`${passphrase}\n`);
  });
}

const guide = readFileSync(path.join(repository, 'docs', 'guide', 'root-ceremony.md'), 'utf8');
const blocks = [...guide.matchAll(/```\n([^`]*)```/g)].map(([, block = '']) => block.trim());

test('the commands of the guide make a root that two of three people hold, and the countersigner starts on it', async () => {
  const [key = '', write = '', ...rest] = blocks;
  expect(rest).toHaveLength(3);
  const people = ['uma', 'vic', 'wes'];
  const keys: Record<string, string> = {};
  for (const person of people) {
    const said = await shell(key.replaceAll('uma', person), {});
    expect([said.code, said.err]).toEqual([0, expect.stringContaining('public half')]);
    keys[person.toUpperCase()] = said.out.trim();
  }
  for (const block of [write, ...rest]) expect(await shell(`set -e\n${block}`, keys), block).toMatchObject({ code: 0 });
  const { facts } = readRoot(readFileSync(at('state/tuf/accepted/1.root.json')), hashing);
  expect(facts).toMatchObject({ version: 1, stage: 'offline', index: 'sign.example.org' });
  expect(facts.roles.root).toEqual({ keys: people.map((person) => keys[person.toUpperCase()]), threshold: 2 });
  // A public address: it gets as far as asking the web program, which is not there.
  const there = {
    COUNTERSIGN_URL: 'http://127.0.0.1:1',
    PUBLIC_URL: 'https://sign.example.org',
    HANDOFF_TOKEN: 'x'.repeat(40),
  };
  expect(await shell('countersigner once', there)).toMatchObject({ code: 3 });
});

test('without a root that people hold, the countersigner does not start for a public address, and says what to do', async () => {
  await shell('countersigner init', {});
  const token = { HANDOFF_TOKEN: 'x'.repeat(40) };
  for (const environment of [
    { ...token, COUNTERSIGN_URL: 'http://127.0.0.1:1', PUBLIC_URL: 'https://sign.example.org' },
    { ...token, COUNTERSIGN_URL: 'https://192.0.2.1' },
  ]) {
    const said = await shell('countersigner once', environment);
    expect([said.code, said.err]).toEqual([1, expect.stringContaining('root-ceremony.md')]);
  }
  const own = { ...token, COUNTERSIGN_URL: 'http://127.0.0.1:1', PUBLIC_URL: 'http://localhost:3000' };
  expect(await shell('countersigner once', own)).toMatchObject({ code: 3 });
});

describe("a holder's key", () => {
  test('is for its owner alone, holds nothing in the clear, and is never written over', async () => {
    const made = await rootKeyCommand(at('uma.rootkey'), ask());
    expect([made.exit, made.out]).toEqual([0, expect.stringMatching(/^[0-9a-f]{64}\n$/)]);
    const bytes = readFileSync(at('uma.rootkey'));
    expect(statSync(at('uma.rootkey')).mode & 0o777).toBe(0o600);
    expect(await rootKeyCommand(at('uma.rootkey'), ask())).toMatchObject({ exit: 2, out: '' });
    expect(readFileSync(at('uma.rootkey'))).toEqual(bytes);
  });

  test('is refused with a short passphrase, and nothing is written', async () => {
    expect(await rootKeyCommand(at('uma.rootkey'), ask('too short'))).toMatchObject({
      exit: 2,
      err: expect.stringContaining('root-key.short-passphrase') as string,
    });
    expect(() => statSync(at('uma.rootkey'))).toThrow();
  });

  test('signs nothing with another passphrase, when others can read it, or when the root does not name it', async () => {
    const { out } = await rootKeyCommand(at('uma.rootkey'), ask());
    await rootKeyCommand(at('eve.rootkey'), ask());
    await shell(`countersigner init && countersigner root new --holder ${out.trim()} --threshold 1 new.root.json`, {});
    const before = readFileSync(at('new.root.json'));
    const sign = async (key: string, said = passphrase) =>
      (await rootSignCommand({ root: at('new.root.json'), key: at(key) }, { ask: ask(said), show: () => undefined }))
        .err;
    expect(await sign('uma.rootkey', 'wrong horse battery')).toContain('root-key.wrong-passphrase');
    expect(await sign('eve.rootkey')).toContain('root.not-a-holder');
    chmodSync(at('uma.rootkey'), 0o644);
    expect(await sign('uma.rootkey')).toContain('root-key.loose-mode');
    writeFileSync(at('eve.rootkey'), '{}', { mode: 0o600 });
    expect(await sign('eve.rootkey')).toContain('input.');
    expect(readFileSync(at('new.root.json'))).toEqual(before);
    chmodSync(at('uma.rootkey'), 0o600);
    expect(await sign('uma.rootkey')).toBe('');
    expect(readRoot(readFileSync(at('new.root.json')), hashing).signatures).toHaveLength(1);
  });
});
