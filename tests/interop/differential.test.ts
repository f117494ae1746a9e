// Our verdict beside sqv's and gpgv's on every vector and on forged packets. Wherever one of them says something else than we do, the case
// stands in known-differences.json with the reason; a new difference fails, and so does one that is gone.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isRefusal } from '#lib/core/errors.ts';
import { packetBytes } from '#lib/pgp/armor.ts';
import { differentialCases, type DifferentialCase } from '../support/differential.ts';
import { countedKeys } from '../support/pgp.ts';

type Verdicts = { ours: boolean; sqv: boolean; gpgv: boolean };
type Group = { because: string; verdicts: Verdicts; cases: string[] };

const folder = mkdtempSync(path.join(tmpdir(), 'cs-differ-'));
mkdirSync(path.join(folder, 'home'), { mode: 0o700 });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const known = JSON.parse(readFileSync(path.join(import.meta.dirname, 'known-differences.json'), 'utf8')) as Group[];

async function oursOf({ key, signature, data }: DifferentialCase): Promise<boolean> {
  const now = Date.now();
  try {
    return (await countedKeys({ signature, keys: [key], data, received: now, now })).length > 0;
  } catch (fault) {
    if (isRefusal(fault)) return false;
    throw fault;
  }
}

function accepts(command: string, args: string[]): boolean {
  const { status, error } = spawnSync(command, args, { cwd: folder, stdio: 'ignore', timeout: 20_000 });
  if (error) throw error;
  return status === 0;
}

async function judgeByAll(judged: DifferentialCase): Promise<Verdicts> {
  const at = (name: string) => path.join(folder, name);
  writeFileSync(at('key'), packetBytes(judged.key) ?? judged.key);
  writeFileSync(at('signature'), judged.signature);
  writeFileSync(at('data'), judged.data);
  const ours = await oursOf(judged);
  const sqv = accepts('sqv', ['--keyring', at('key'), at('signature'), at('data')]);
  const gpgv = accepts('gpgv', ['--homedir', at('home'), '--keyring', at('key'), at('signature'), at('data')]);
  return { ours, sqv, gpgv };
}

test('sqv and gpgv agree with us but for the known differences, each with its reason', async () => {
  const cases = differentialCases();
  expect(cases.length).toBeGreaterThanOrEqual(228);
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  const differing = new Map<string, Verdicts>();
  for (const judged of cases) {
    const verdicts = await judgeByAll(judged);
    if (verdicts.sqv !== verdicts.ours || verdicts.gpgv !== verdicts.ours) differing.set(judged.name, verdicts);
  }
  const listed = new Map(known.flatMap(({ cases: names, verdicts }) => names.map((name) => [name, verdicts] as const)));
  expect(Object.fromEntries(differing)).toEqual(Object.fromEntries(listed));
});

test('each known difference says why', () => {
  for (const { because, cases } of known) expect(because.length > 20 && cases.length > 0).toBe(true);
});
