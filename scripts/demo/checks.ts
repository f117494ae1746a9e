// What people do with a published release: pip, gpg, sqv, sha256sum, and our own command line, each as a process of its own on files in a
// temporary folder. Answers what the tool said; a tool that refuses is an answer, not an exception.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type Said = { code: number; text: string };

/** Runs a tool to its end, bounded to two minutes. */
export function ask(
  command: string,
  parameters: string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Said> {
  return new Promise((resolve) => {
    const options = { cwd, timeout: 120_000, env: { ...process.env, ...env }, maxBuffer: 1 << 24 };
    execFile(command, parameters, options, (fault, stdout, stderr) => {
      const code = fault === null ? 0 : typeof fault.code === 'number' ? fault.code : 127;
      resolve({ code, text: `${stdout}${stderr}` });
    });
  });
}

// Debian's own Python first: a version manager's shim may stand before it in PATH.
const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

// pip reads settings of its user and machine, and asks for news of itself; neither belongs into a check.
const pipAlone = { PIP_CONFIG_FILE: '/dev/null' };
const pip = ['-m', 'pip', '--isolated', '--disable-pip-version-check', '--no-input', '--no-cache-dir'];

/** `pip download` of one project from our index and nothing else. `binary`: `:all:` for the wheel, `:none:` for the sdist. */
export function pipDownload(base: string, project: string, folder: string, kind: 'wheel' | 'sdist'): Promise<Said> {
  const format = kind === 'wheel' ? '--only-binary=:all:' : '--no-binary=:all:';
  const parameters = [...pip, 'download', '--no-deps', '--no-build-isolation', format, '--dest', folder];
  return ask(python, [...parameters, '--index-url', `${base}/simple/`, project], folder, pipAlone);
}

/** Makes a virtual environment; answers the path of its Python. */
export async function makeVenv(folder: string): Promise<string> {
  const said = await ask(python, ['-m', 'venv', '--system-site-packages', path.join(folder, 'venv')], folder);
  if (said.code !== 0) throw new Error(`No virtual environment: ${said.text}`);
  return path.join(folder, 'venv', 'bin', 'python');
}

/** `pip install` into a virtual environment, from our index and nothing else. */
export function pipInstall(venv: string, base: string, project: string, kind: 'wheel' | 'sdist'): Promise<Said> {
  const format = kind === 'wheel' ? '--only-binary=:all:' : '--no-binary=:all:';
  const parameters = [...pip, 'install', '--no-deps', '--no-build-isolation', '--force-reinstall', format];
  return ask(venv, [...parameters, '--index-url', `${base}/simple/`, project], path.dirname(venv), pipAlone);
}

/** `gpg --verify` in an empty home that knows these certificates alone; answers how many good signatures it saw, and what it said. */
export async function gpgVerify(
  certificates: string[],
  signature: string,
  data: string,
  folder: string,
): Promise<{ good: number } & Said> {
  const home = mkdtempSync(path.join(tmpdir(), 'cs-gpg-'));
  const always = ['--homedir', home, '--batch', '--no-tty'];
  try {
    await ask('gpg', [...always, '--import', ...certificates], folder);
    const said = await ask('gpg', [...always, '--status-fd', '1', '--verify', signature, data], folder);
    return { ...said, good: said.code === 0 ? (said.text.match(/^\[GNUPG:\] VALIDSIG /gm) ?? []).length : 0 };
  } finally {
    await ask('gpgconf', ['--homedir', home, '--kill', 'all'], folder);
    rmSync(home, { recursive: true, force: true });
  }
}

/** Fetches an address into a file of the folder. */
export async function fetchInto(folder: string, address: string, name: string): Promise<void> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  writeFileSync(path.join(folder, name), new Uint8Array(await response.arrayBuffer()));
}

/** Our own command line, as it is built; what it trusts is kept below the folder, not in the home of whoever runs this. */
export const countersign = (parameters: string[], cwd: string): Promise<Said> =>
  ask(process.execPath, [path.join(import.meta.dirname, '..', '..', '.build', 'cli.mjs'), ...parameters], cwd, {
    COUNTERSIGN_HOME: path.join(cwd, '.countersign'),
  });

/** docs/verify_release.py: Python's standard library, and gpgv or sqv. */
export const verifyByPython = (parameters: string[], cwd: string): Promise<Said> =>
  ask(python, [path.join(import.meta.dirname, '..', '..', 'docs', 'verify_release.py'), ...parameters], cwd);

/** `countersign verify` of one release, by somebody who compares whatever fingerprints it shows, and then gives them. */
export async function verifyRelease(index: string, release: string, cwd: string, given: string[] = []): Promise<Said> {
  const said = await countersign(['verify', release, '--index', index, ...given], cwd);
  const shown = said.code === 4 ? /^Given on the command line: (--\S+ \S+)/m.exec(said.text)?.[1] : undefined;
  if (shown === undefined || given.length > 8) return said;
  return verifyRelease(index, release, cwd, [...given, ...shown.split(' ')]);
}
