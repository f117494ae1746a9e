// Real pip: Debian's, and the newest that can be had here. The newest comes through pip itself, as a wheel that is run as it is; where it cannot be had,
// Debian's is the newest.
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ask, type Said } from '../../scripts/demo/checks.ts';

const python = '/usr/bin/python3';
const quiet = ['--disable-pip-version-check', '--no-input', '--no-cache-dir'];

export type Pip = {
  version: string;
  /** Runs pip with these parameters, and with no settings but ours. */
  run(parameters: readonly string[], folder: string): Promise<Said>;
};

/** 23.2 knows PEP 714, 25.1 goes on with a download that broke off. */
export function isAtLeast({ version }: Pip, least: number, leastMinor: number): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > least || (major === least && minor >= leastMinor);
}

/** Debian's pip, and the newest one if that is another. */
export async function findPips(folder: string): Promise<Pip[]> {
  const debian = await open({});
  const place = path.join(folder, 'newest-pip');
  mkdirSync(place);
  // The settings of this machine say where packages come from.
  await ask(python, ['-m', 'pip', 'download', ...quiet, '--no-deps', '--dest', place, 'pip'], folder);
  const wheel = readdirSync(place).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) return [debian];
  const newest = await open({ PYTHONPATH: path.join(place, wheel) });
  return newest.version === debian.version ? [debian] : [debian, newest];
}

async function open(env: Record<string, string>): Promise<Pip> {
  const alone = { ...env, PIP_CONFIG_FILE: '/dev/null' };
  const run: Pip['run'] = ([verb = '', ...rest], folder) =>
    ask(python, ['-m', 'pip', '--isolated', verb, ...quiet, ...rest], folder, alone);
  const said = await run(['--version'], '/tmp');
  return { version: /^pip (\S+)/.exec(said.text)?.[1] ?? '0', run };
}
