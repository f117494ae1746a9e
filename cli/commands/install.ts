// `countersign install NAME==VERSION…`: pip resolves what is needed from wheels of the index, every one of them is verified as `verify` does it, and pip gets
// exactly those files, with their digests and no network. What is installed already is left as it is.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import { readDistributionName } from '#lib/python/file-name.ts';
import { readRequirement } from '#cli/requirement.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import { byPins, type Judging, type TrustOptions } from '#cli/verify/by-pins.ts';
import { keepSeen, seeRelease } from '#cli/verify/judge-release.ts';
import { install, resolve, type Chosen } from '#cli/verify/pip.ts';
import { saveInto } from '#cli/verify/saved-files.ts';
import type { Verified, Wanted } from '#cli/verify/verify-release.ts';
import type { World } from '#cli/verify/world.ts';
import type { CommandOutcome } from './inspect-distribution.ts';

export type InstallOptions = TrustOptions & {
  /** Each `NAME==VERSION`. */
  releases: readonly string[];
  /** Whose pip installs. */
  python?: string | undefined;
  /** False: nothing that these releases need besides themselves. */
  deps?: boolean | undefined;
  json?: boolean | undefined;
};

/** Installs and says what. Never throws. */
export async function installCommand(options: InstallOptions, world: World): Promise<CommandOutcome> {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-install-'));
  try {
    const requirements = options.releases.map((one) => readRequirement(one).join('=='));
    const all = await byPins(options, world, (judging) => fetchAll(judging, { options, requirements, folder }));
    const list = path.join(folder, 'requirements.txt');
    writeFileSync(list, all.map(requirementOf).join(''));
    if (all.length > 0) await install({ python: pythonOf(options) }, folder, list);
    return { exit: 0, out: options.json ? renderJson(all) : render(all), err: '' };
  } catch (fault) {
    return refusalOutcome(fault, options.json ?? false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const pythonOf = ({ python = 'python3' }: InstallOptions): string => python;

type Fetching = { options: InstallOptions; requirements: readonly string[]; folder: string };

/** Resolves, verifies each release that pip chose a wheel of, and keeps those wheels. */
async function fetchAll(judging: Judging, { options, requirements, folder }: Fetching): Promise<Verified[]> {
  const pip = { python: pythonOf(options), base: judging.source.from };
  const chosen = await resolve(pip, requirements, options.deps === false ? ['--no-deps'] : []);
  const saved = saveInto(folder);
  const all: Verified[] = [];
  for (const one of chosen) all.push(await seeRelease(judging, wantedOf(one), saved.around));
  keepSeen(judging, all);
  await saved.putInPlace(all.flatMap(({ files }) => files));
  return all;
}

/** The one file that pip chose, which must be in the release with these bytes. */
function wantedOf({ fileName, sha256 }: Chosen): Wanted {
  const { project, version } = readDistributionName(fileName);
  return {
    ...{ project, version },
    files: ({ files }) => {
      const file = files.find(({ name }) => name === fileName);
      if (!file) throw refuse('verify.not-in-release', { name: fileName, project, version });
      if (file.sha256 !== sha256)
        throw refuse('verify.other-file', { name: fileName, found: sha256, expected: file.sha256 });
      return [file];
    },
  };
}

const requirementOf = ({ collected, files }: Verified): string => {
  const { project, version } = collected.record.record;
  return `${project}==${version} ${files.map(({ sha256 }) => `--hash=sha256:${sha256}`).join(' ')}\n`;
};

const installed = (all: readonly Verified[]) =>
  all.map(({ collected, files }) => {
    const { project, version } = collected.record.record;
    return { project, version, files: files.map(({ name, sha256 }) => ({ name, sha256 })) };
  });

const renderJson = (all: readonly Verified[]): string => `${JSON.stringify({ installed: installed(all) })}\n`;

function render(all: readonly Verified[]): string {
  if (all.length === 0) return 'Everything is installed already; nothing was changed.\n';
  const lines = installed(all).flatMap(({ project, version, files }) => [
    `Installed ${project} ${version}`,
    ...files.map(({ name, sha256 }) => `  ${name}, SHA-256 ${sha256}`),
  ]);
  return `${lines.map(safeForTerminal).join('\n')}\n`;
}
