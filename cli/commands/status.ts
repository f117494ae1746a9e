// `countersign status`: what is trusted here, and how fresh it was when it was looked at last. Asks no network; an index whose pins are damaged is told as such.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { renderInstant } from '#lib/core/ids.ts';
import { readNote } from '#lib/evidence/checkpoint.ts';
import { pinnedPlaces, type PinnedPlace } from '#cli/trust/store.ts';
import { factsOf } from '#cli/index/tuf-faults.ts';
import type { World } from '#cli/verify/world.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import type { CommandOutcome } from './inspect-distribution.ts';

/** Says it. Never throws. */
export function statusCommand({ json }: { json?: boolean | undefined }, { home, now }: World): CommandOutcome {
  try {
    const indexes = pinnedPlaces(home).map((place) => statusOf(place, now));
    if (json) return { exit: 0, out: `${safeForTerminal(JSON.stringify({ indexes }))}\n`, err: '' };
    const lines = indexes.length === 0 ? ['No index is trusted yet.'] : indexes.flatMap(sayIndex);
    return { exit: 0, out: `${lines.map(safeForTerminal).join('\n')}\n`, err: '' };
  } catch (fault) {
    return refusalOutcome(fault, json ?? false);
  }
}

type IndexStatus = ReturnType<typeof statusOf>;

function statusOf({ pin, tuf }: PinnedPlace, now: number) {
  const { address, index, indexKey, pinnedAt, checkedAt } = pin;
  const timestamp = tuf === null ? null : factsOf(readFileSync(path.join(tuf, 'timestamp.json')));
  const checkpoint = pin.log && readNote(new TextEncoder().encode(pin.log.checkpoint)).checkpoint;
  return {
    ...{ address, index, indexKey, pinnedAt, checkedAt },
    root: pin.tuf && { version: pin.tuf.rootVersion, sha256: pin.tuf.rootSha256 },
    freshUntil: timestamp && renderInstant(timestamp.expires),
    isFresh: timestamp !== null && timestamp.expires > now,
    log: checkpoint && { size: checkpoint.size, root: Buffer.from(checkpoint.root).toString('base64') },
    projects: Object.entries(pin.projects).map(([project, { policies, list, versions }]) => ({
      ...{ project, policy: policies.length === 0 ? null : policies.length, sha256: policies.at(-1) ?? null },
      ...{ list: list.serial, versions: Object.keys(versions).length },
    })),
  };
}

function sayIndex({
  index,
  address,
  indexKey,
  root,
  freshUntil,
  isFresh,
  log,
  checkedAt,
  projects,
}: IndexStatus): string[] {
  return [
    `${index} at ${address}`,
    `  index key   ${indexKey}`,
    ...(root ? [`  TUF root    ${root.version}, SHA-256 ${root.sha256}`] : []),
    `  looked at   ${checkedAt}${freshUntil === null ? '' : `; ${isFresh ? 'fresh' : 'was fresh'} until ${freshUntil}`}`,
    ...(log ? [`  log         ${log.size} entries, root ${log.root}`] : []),
    ...projects.map(({ project, policy, sha256, list, versions }) => {
      const rules = policy === null ? 'by the index alone' : `policy ${policy}, SHA-256 ${sha256 ?? ''}`;
      return `  project     ${project}: ${rules}; ${versions} ${versions === 1 ? 'version' : 'versions'}, list ${list}`;
    }),
  ];
}
