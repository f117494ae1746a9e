// `countersign download NAME==VERSION… [-d DIR]`: the files of releases, kept only when everything about them holds. Nothing is left in the folder by a refusal.
import { byPins, type TrustOptions } from '#cli/verify/by-pins.ts';
import { keepSeen, seeRelease } from '#cli/verify/judge-release.ts';
import { saveInto } from '#cli/verify/saved-files.ts';
import { renderVerified, renderVerifiedJson } from '#cli/verify/say-verified.ts';
import { readReleases } from '#cli/verify/subjects.ts';
import type { Verified } from '#cli/verify/verify-release.ts';
import type { World } from '#cli/verify/world.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import type { CommandOutcome } from './inspect-distribution.ts';

export type DownloadOptions = TrustOptions & {
  /** Each `NAME==VERSION`. */
  releases: readonly string[];
  /** Where the files go; the working folder where nothing is said. */
  directory?: string | undefined;
  json?: boolean | undefined;
};

/** Downloads and says where. Never throws. */
export async function downloadCommand(options: DownloadOptions, world: World): Promise<CommandOutcome> {
  try {
    const releases = readReleases(options.releases);
    const saved = saveInto(options.directory ?? '.');
    try {
      return await byPins(options, world, async (judging) => {
        const all: Verified[] = [];
        for (const release of releases) all.push(await seeRelease(judging, release, saved.around));
        keepSeen(judging, all);
        const places = await saved.putInPlace(all.flatMap(({ files }) => files));
        return { exit: 0, out: options.json ? all.map(renderVerifiedJson).join('') : render(all, places), err: '' };
      });
    } finally {
      saved.close();
    }
  } catch (fault) {
    return refusalOutcome(fault, options.json ?? false);
  }
}

const render = (all: readonly Verified[], places: readonly string[]): string =>
  `${all.map(renderVerified).join('')}${places.map((place) => `Kept ${safeForTerminal(place)}\n`).join('')}`;
