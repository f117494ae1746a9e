// A decision by the pins of an index: one run at a time, what was accepted is kept all at once at its end, and a refusal leaves everything as it was. The
// one thing that is kept in any case is the proof that an index contradicted itself.
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readDemand, standingDemands, type Demand, type TrustMode } from '#cli/trust/demand.ts';
import { readGiven, type Given, type GivenOptions } from '#cli/trust/given.ts';
import type { IndexPin } from '#cli/trust/pin.ts';
import { pinnedIndexes, withTrust, type Trust } from '#cli/trust/store.ts';
import { readInput } from '#cli/read-input.ts';
import { openIndex, type IndexReader } from '#cli/index/fetch-index.ts';
import { asOfOneMoment } from '#cli/index/one-moment.ts';
import { readAccountName, type ProjectName } from '#lib/core/ids.ts';
import type { Held } from './held.ts';
import { sourceOfIndex } from './index-source.ts';
import type { Source } from './source.ts';
import type { World } from './world.ts';

export type TrustOptions = GivenOptions & {
  index?: string | undefined;
  /** `index`, `threshold` (where nothing is said) or `people=ada,bo`. */
  trust?: string | undefined;
  threshold?: string | undefined;
  /** A file with demands of the user's own. */
  demand?: string | undefined;
};

export type Judging = {
  source: Source;
  /** What the index is held to; with what the user demands of this project always. */
  heldFor: (project: ProjectName | null) => Held;
  pin: IndexPin | null;
  /** Keeps what was accepted, with the metadata of TUF that it was accepted by. */
  commit: (next: Omit<IndexPin, 'tuf'>) => void;
};

/** Does this work with what is trusted about the index that the options name. */
export async function byPins<T>(
  options: TrustOptions,
  world: World,
  work: (judging: Judging) => Promise<T>,
): Promise<T> {
  const asked = {
    given: readGiven(options),
    mode: await readMode(options),
    index: openIndex(options.index ?? theOneIndex(world)),
  };
  const tell = (pid: number): void => world.tell(`Waiting for another run (process ${pid}) on this index.`);
  const place = { home: world.home, address: asked.index.base, waiting: { ms: waitsMs, tell } };
  const asking = askingOnce(world);
  return withTrust(place, async (trust) => {
    try {
      return await asOfOneMoment(() => judge({ ...asked, trust, world: asking }, work), ofTwoMoments);
    } catch (fault) {
      keepContradiction(fault, trust, world);
      throw fault;
    }
  });
}

const waitsMs = 600_000;

type Asked = { given: Given; mode: Mode; index: IndexReader; trust: Trust; world: World };

async function judge<T>(asked: Asked, work: (judging: Judging) => Promise<T>): Promise<T> {
  const { given, mode, index, trust, world } = asked;
  const { openTuf } = await import('#cli/index/tuf.ts');
  const tuf = await openTuf(index, { known: trust.tuf, givenRoot: given.root, now: world.now });
  const { pin } = trust;
  try {
    return await work({
      ...{ pin, source: sourceOfIndex(index, tuf) },
      heldFor: (project) => ({
        ...{ pin, given, ask: world.ask, trust: mode.trust, now: world.now, root: tuf.root },
        demands: [...mode.demands, ...(project === null ? [] : standingDemands(world.home, project))],
      }),
      commit: (next) => {
        const { version, sha256 } = tuf.root;
        trust.commit({ ...next, tuf: { rootVersion: version, rootSha256: sha256, from: tuf.folder } });
      },
    });
  } finally {
    tuf.close();
  }
}

function theOneIndex({ home }: World): string {
  const known = pinnedIndexes(home);
  const [only] = known;
  if (!only || known.length > 1) throw refuse('trust.no-index', { known: known.length });
  return only.address;
}

type Mode = { trust: TrustMode; demands: Demand[] };

export async function readMode({ trust = 'threshold', threshold, demand }: TrustOptions): Promise<Mode> {
  const none: Demand = { threshold: null, people: [], keys: null };
  const own = demand === undefined ? [] : [readDemand(await readInput(demand, 1024 ** 2), demand)];
  const stricter = threshold === undefined ? own : [...own, { ...none, threshold: readThreshold(threshold) }];
  if (trust === 'index' && stricter.length === 0) return { trust: 'index', demands: [] };
  if (trust === 'threshold') return { trust: 'threshold', demands: stricter };
  const names = /^people=(.+)$/.exec(trust)?.[1]?.split(',').map(readAccountName);
  if (!names)
    throw refuse('input.not-a', { what: 'index, threshold or people=NAME,NAME', claimed: trust.slice(0, 80) });
  return { trust: 'threshold', demands: [{ ...none, people: names }, ...stricter] };
}

function readThreshold(claimed: string): number {
  if (/^[1-9][0-9]{0,2}$/.test(claimed)) return Number(claimed);
  throw refuse('input.not-a', { what: 'a number of people', claimed: claimed.slice(0, 80) });
}

/** What somebody said yes to is not asked again when the evidence is looked at for a second time. */
function askingOnce(world: World): World {
  const { ask } = world;
  const accepted = new Set<string>();
  if (ask === null) return world;
  return {
    ...world,
    ask: async (question) => {
      const text = JSON.stringify(question);
      const yes = accepted.has(text) || (await ask(question));
      if (yes) accepted.add(text);
      return yes;
    },
  };
}

/** Two checkpoints that contradict each other are kept whatever else happens: both are signed, and anybody can check them. */
function keepContradiction(fault: unknown, trust: Trust, world: World): void {
  if (!isRefusal(fault) || (fault.code !== 'log.forked' && fault.code !== 'log.went-back')) return;
  const { seen, served } = fault.details as { seen: string; served: string };
  const bytes = Buffer.from(`${JSON.stringify({ code: fault.code, seen, served }, null, 2)}\n`);
  const place = trust.keepEvidence(`${fault.code}-${world.now}.json`, bytes);
  world.tell(`Both checkpoints are kept in ${place}; show them to others who use this index.`);
}

/** What documents of two moments look like. */
const ofTwoMoments = ['evidence.record-differs', 'log.not-in-log', 'tuf.not-the-target'] as const;
