// `countersign verify NAME==VERSION | FILE…`: decides releases of one index by itself, from the evidence that the index serves and what is pinned of it, by the
// very code that the countersigner uses. For files that are here already, exactly those are looked at.
// Exit codes: docs/formats/exit-codes.md.
import { byPins, type TrustOptions } from '#cli/verify/by-pins.ts';
import { keepSeen, seeRelease } from '#cli/verify/judge-release.ts';
import { readSubjects } from '#cli/verify/subjects.ts';
import { withLocalFiles } from '#cli/verify/local-files.ts';
import { renderVerified, renderVerifiedJson } from '#cli/verify/say-verified.ts';
import type { Verified } from '#cli/verify/verify-release.ts';
import type { World } from '#cli/verify/world.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import type { CommandOutcome } from './inspect-distribution.ts';

export type VerifyOptions = TrustOptions & {
  /** Each `NAME==VERSION`, in any spelling that PEP 503 and PEP 440 allow, or a wheel or sdist on this machine. */
  what: readonly string[];
  json?: boolean | undefined;
};

/** Verifies and says what was found. Never throws. */
export async function verifyCommand(options: VerifyOptions, world: World): Promise<CommandOutcome> {
  try {
    const subjects = readSubjects(options.what);
    const verified = await byPins(options, world, async (judging) => {
      const all: Verified[] = [];
      for (const subject of subjects)
        all.push(await seeRelease(judging, subject, (source) => withLocalFiles(source, subject.paths)));
      keepSeen(judging, all);
      return all;
    });
    const render = options.json ? renderVerifiedJson : renderVerified;
    return { exit: 0, out: verified.map(render).join(''), err: '' };
  } catch (fault) {
    return refusalOutcome(fault, options.json ?? false);
  }
}
