// `countersign trust INDEX [PROJECT…]`: meets an index, and projects of it, by fingerprints that somebody compared: given on the command line, or shown at a
// terminal and answered there. Accepts new rules in the same way. `--forget` is the one way in which a pin goes.
import { sayPolicy } from '#lib/core/say-policy.ts';
import { normaliseProjectName } from '#lib/python/names.ts';
import { openIndex } from '#cli/index/fetch-index.ts';
import { readGiven } from '#cli/trust/given.ts';
import { forgetTrust } from '#cli/trust/store.ts';
import { byPins, type TrustOptions } from '#cli/verify/by-pins.ts';
import { judgePeople, type Met } from '#cli/verify/judge-people.ts';
import type { World } from '#cli/verify/world.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import type { CommandOutcome } from './inspect-distribution.ts';

export type TrustCommandOptions = Omit<TrustOptions, 'index' | 'trust' | 'threshold'> & {
  index: string;
  projects: readonly string[];
  forget?: boolean | undefined;
  json?: boolean | undefined;
};

/** Meets, accepts or forgets. Never throws. */
export async function trustCommand(options: TrustCommandOptions, world: World): Promise<CommandOutcome> {
  try {
    if (options.forget) return await forget(options, world);
    const given = readGiven(options);
    const named = options.projects.map(normaliseProjectName);
    const projects = [...new Set([...named, ...given.policies.keys(), ...given.owners.keys()])];
    const met = await byPins(options, world, (judging) => judgePeople(judging, projects));
    return { exit: 0, out: options.json ? renderJson(met) : render(met), err: '' };
  } catch (fault) {
    return refusalOutcome(fault, options.json ?? false);
  }
}

async function forget({ index, json }: TrustCommandOptions, world: World): Promise<CommandOutcome> {
  const { base } = openIndex(index);
  const tell = (pid: number): void => world.tell(`Waiting for another run (process ${pid}) on this index.`);
  await forgetTrust({ home: world.home, address: base, waiting: { ms: 600_000, tell } });
  const said = `Forgot ${base}: the next time is a first contact.`;
  return { exit: 0, out: `${json ? JSON.stringify({ forgot: base }) : safeForTerminal(said)}\n`, err: '' };
}

function renderJson({ met, projects }: Met): string {
  return `${JSON.stringify({
    ...{ index: met.name, indexKey: met.key.facts.primary },
    projects: projects.map(({ project, people }) => {
      const { policy, sha256 } = people.newest;
      return { project, policy: policy.version, sha256, threshold: policy.threshold };
    }),
  })}\n`;
}

function render({ met, projects }: Met): string {
  const lines = [
    `The index ${met.name} is trusted with the key ${met.key.facts.primary}.`,
    ...projects.flatMap(({ project, people: { newest } }) => [
      `${project} is held to policy ${newest.policy.version}, SHA-256 ${newest.sha256}`,
      ...sayPolicy(newest.policy).map((line) => `  ${line}`),
    ]),
  ];
  return `${lines.map(safeForTerminal).join('\n')}\n`;
}
