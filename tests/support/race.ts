// Two things at once. What may come of them is not written down: it is what comes of them one after the other, in either order, and the race must end
// in one of the two, whichever way its steps interleave. So a second publication, entry of history or mail is found without being looked for.
import { expect, it } from 'vitest';
import type { Apps, Hold } from './apps.ts';
import { databaseKind } from './database.ts';
import { rounds } from './long.ts';
import type { Ready } from './race-commands.ts';

export type Race = {
  /** In two apps at the same time. */
  first: Ready;
  second: Ready;
  /** Everything that matters afterwards, without times, ids and the names that differ from round to round. */
  look(): Promise<object>;
};
type Outcome = { answers: [string, string] } & object;

/** A way in which the steps of the two interleave. */
type Interleaving = (apps: Apps, race: Race) => Promise<[string, string]>;

const answerOf = async (run: ReturnType<Apps['run']>): Promise<string> => (await run).answer;

/** One after the other. */
const inOrder: Interleaving = async (apps, { first, second }) => {
  const before = await answerOf(apps.run(0, first));
  return [before, await answerOf(apps.run(1, second))];
};
const inOtherOrder: Interleaving = async (apps, race) => {
  const after = await inOrder(apps, { ...race, first: race.second, second: race.first });
  return [after[1], after[0]];
};

/** As they come. */
const free: Interleaving = ({ run }, { first, second }) =>
  Promise.all([answerOf(run(0, first)), answerOf(run(1, second))]);

/** Both wait at such a point until both are there (or one has ended): they have read the same state. */
const together =
  (points: RegExp): Interleaving =>
  async (apps, { first, second }) => {
    let arrived = 0;
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    apps.hold = async (point) => {
      if (!points.test(point)) return;
      arrived += 1;
      if (arrived === 2) open();
      await gate;
    };
    const runs = [apps.run(0, first).finally(open), apps.run(1, second).finally(open)] as const;
    return [await answerOf(runs[0]), await answerOf(runs[1])];
  };

/** The first waits at such a point until the second has begun and ended: what it has read is old. */
const overtaken =
  (points: RegExp): Interleaving =>
  async (apps, { first, second }) => {
    let isThere: () => void = () => undefined;
    let goOn: () => void = () => undefined;
    const there = new Promise<void>((resolve) => (isThere = resolve));
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    let isHeld = false;
    const hold: Hold = async (point) => {
      if (isHeld || !points.test(point)) return;
      isHeld = true;
      isThere();
      await gate;
    };
    apps.hold = hold;
    const run = apps.run(0, first).finally(() => {
      isHeld = true; // it has ended without coming by: nobody is held any more
      isThere();
    });
    await there;
    const after = await answerOf(apps.run(1, second));
    goOn();
    return [await answerOf(run), after];
  };

const swapped =
  (interleaving: Interleaving): Interleaving =>
  async (apps, race) => {
    const [second, first] = await interleaving(apps, { ...race, first: race.second, second: race.first });
    return [first, second];
  };

/** Before the transaction, after the signatures were checked. */
const checked = /\.checked$/;
/** In the transaction, before a row is locked. The embedded database has one transaction at a time: nobody can overtake there. */
const locking = /^lock\./;

function interleavings(): Interleaving[] {
  const outside = [together(checked), overtaken(checked), swapped(overtaken(checked)), free];
  const inside = [together(locking), overtaken(locking), swapped(overtaken(locking))];
  return databaseKind() === 'postgres' ? [...outside, ...inside] : outside;
}

/** Names that differ from round to round end in its number, which is left out of the outcome. No number comes twice in a file of tests. */
let begun = 10_000;

async function outcomeOf(
  apps: Apps,
  interleaving: Interleaving,
  prepare: (round: string) => Promise<Race>,
): Promise<Outcome> {
  const round = String((begun += 1));
  const race = await prepare(round);
  try {
    const answers = await interleaving(apps, race);
    const outcome = JSON.stringify({ answers, ...(await race.look()) });
    return JSON.parse(outcome.replaceAll(`-${round}`, '')) as Outcome;
  } finally {
    apps.hold = async () => undefined;
  }
}

/** Each round makes a project anew; on a busy machine that takes seconds. */
const patience = rounds(300_000, 4 * 3_600_000);

/**
 * The test of one race: each interleaving once, 200 rounds of them in the long run. `prepare` makes a fresh setting for each round;
 * `check` says what must hold of both serial orders, so that the comparison stands on firm ground.
 */
export function race(
  title: string,
  apps: () => Apps,
  prepare: (round: string) => Promise<Race>,
  check: (serial: Outcome) => void = () => undefined,
): void {
  it(
    title,
    async () => {
      const serial = [await outcomeOf(apps(), inOrder, prepare), await outcomeOf(apps(), inOtherOrder, prepare)];
      for (const outcome of serial) check(outcome);
      const ways = interleavings();
      for (let round = 0; round < rounds(ways.length, 200); round += 1) {
        const way = ways[round % ways.length] ?? free;
        const outcome = await outcomeOf(apps(), way, prepare);
        if (!serial.some((one) => JSON.stringify(one) === JSON.stringify(outcome))) expect(outcome).toEqual(serial[0]);
      }
    },
    patience,
  );
}
