// pip as a child process: it resolves what is needed, and installs files that were verified. It runs alone (no settings of its user, no other index, no cache), and
// resolves wheels only, so that nothing of a package runs before it was verified. What it says is hostile text.
import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import { readFields, readList } from '#lib/core/document.ts';
import { readSha256, type Sha256 } from '#lib/core/ids.ts';

export type Pip = { python: string; base: string };

/** A wheel that pip chose, by what its index said. */
export type Chosen = { fileName: string; sha256: Sha256 };

const alone = ['-m', 'pip', '--isolated', '--disable-pip-version-check', '--no-input', '--no-cache-dir'];
const outputBytesMax = 64 * 1024 ** 2;
const patienceMs = 30 * 60_000;

/** The wheels that these requirements need here and that are not installed yet. Refuses `install.no-python`, `install.not-resolved`, `install.elsewhere`. */
export async function resolve(
  { python, base }: Pip,
  requirements: readonly string[],
  more: readonly string[],
): Promise<Chosen[]> {
  const said = await run(python, [
    ...[...alone, 'install', '--dry-run', '--quiet', '--report', '-', '--only-binary', ':all:'],
    ...['--index-url', `${base}simple/`, ...more, '--', ...requirements],
  ]);
  if (said.code !== 0) throw whyNot(python, said);
  const report = readFields(parse(said.out, python), 'a report of pip');
  return readList(report['install'], 'what pip would install', 10_000, (entry) => readChosen(entry, base));
}

function readChosen(claimed: unknown, base: string): Chosen {
  const info = readFields(readFields(claimed, 'an entry')['download_info'], 'where it comes from');
  const url = String(info['url']);
  if (!url.startsWith(base)) throw refuse('install.elsewhere', { url: url.slice(0, 300) });
  const hashes = readFields(readFields(info['archive_info'], 'the archive')['hashes'], 'its digests');
  return { fileName: basename(decodeURIComponent(new URL(url).pathname)), sha256: readSha256(hashes['sha256']) };
}

/** Installs exactly these wheels from a folder. Refuses `install.pip-failed`. */
export async function install(
  { python }: Pick<Pip, 'python'>,
  folder: string,
  requirementsFile: string,
): Promise<void> {
  const said = await run(python, [
    ...[...alone, 'install', '--quiet', '--no-index', '--no-deps', '--only-binary', ':all:', '--require-hashes'],
    ...['--find-links', folder, '-r', requirementsFile],
  ]);
  if (said.code !== 0) throw refuse('install.pip-failed', { shows: lastLines(said.err) });
}

type Said = { code: number | string; out: string; err: string };

function run(python: string, parameters: readonly string[]): Promise<Said> {
  return new Promise((resolve) => {
    const env = { ...process.env, PIP_CONFIG_FILE: '/dev/null', PYTHONSAFEPATH: '1' };
    const options = { env, maxBuffer: outputBytesMax, timeout: patienceMs };
    execFile(python, [...parameters], options, (fault, out, err) =>
      resolve({ code: fault === null ? 0 : (fault.code ?? 'killed'), out, err }),
    );
  });
}

function whyNot(python: string, { code, err }: Said): Error {
  const isMissing = typeof code === 'string' || /No module named pip|no such option/.test(err);
  if (isMissing) return refuse('install.no-python', { python, why: lastLines(err).at(-1) ?? String(code) });
  return refuse('install.not-resolved', { shows: lastLines(err) });
}

const lastLines = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-12)
    .map((line) => `pip: ${line.slice(0, 300)}`);

function parse(text: string, python: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refuse('install.no-python', { python, why: 'its report is not JSON' }, cause);
  }
}
