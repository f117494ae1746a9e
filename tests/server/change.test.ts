// change(): one transaction, history or nothing, conflicts tried again, mail only with the commit.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountName } from '#lib/core/ids.ts';
import { readAccountName } from '#lib/core/ids.ts';
import { refuse } from '#lib/core/errors.ts';
import type { Actor } from '#lib/core/people.ts';
import { change, keepingRefusals, requireHit, type Change } from '#lib/server/change.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { orTaken } from '#lib/server/db/faults.ts';
import { readMailAddress } from '#lib/server/mail/address.ts';
import { databaseKind } from '../support/database.ts';
import { expectRefusal, takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';

let world: TestRuntime;
beforeAll(async () => {
  world = await openTestRuntime();
});
afterAll(() => world.close());

const ada: Actor = { kind: 'person', name: readAccountName('ada') };
const name = (text: string): AccountName => readAccountName(text);
const createPerson = ({ tx, now }: Change, person: string) =>
  tx.person.create({ data: { name: person, createdAt: now } });
const taken = () => refuse('input.not-a', { what: 'a free name', claimed: 'ada' });

describe('a change', () => {
  it('commits its rows together with its history entry', async () => {
    await change(ada, 'web', async (one) => {
      await createPerson(one, 'committed');
      await one.record('person.created', { person: name('committed'), details: { how: 'test' } });
    });
    expect(await world.db.person.count({ where: { name: 'committed' } })).toBe(1);
    const entry = await world.db.historyEntry.findFirst({ where: { personName: 'committed' } });
    expect(entry).toMatchObject({
      actor: 'ada',
      kind: 'person.created',
      via: 'web',
      at: world.clock.now(),
      details: { how: 'test' },
    });
  });

  it('that writes no history entry is not committed', async () => {
    const before = await takePicture();
    await expect(change(ada, 'web', (one) => createPerson(one, 'silent'))).rejects.toThrow(/no history entry/);
    expect(await takePicture()).toEqual(before);
  });

  it('that is refused leaves neither rows nor history nor mail', async () => {
    await expectRefusal(
      () =>
        change(ada, 'web', async (one) => {
          await createPerson(one, 'halfway');
          await one.record('person.created');
          await one.mail(
            { address: readMailAddress('ada@example.org') },
            { event: 'sign-in', subject: 'x', parts: [], reason: 'x' },
          );
          throw taken();
        }),
      'input.not-a',
    );
  });

  it('whose refusal belongs to history records it, and nothing else', async () => {
    const refused = { kind: 'signature.refused', person: name('ada') } as const;
    await expectRefusal(
      () => keepingRefusals(ada, 'web', refused, () => change(ada, 'web', () => Promise.reject(taken()))),
      'input.not-a',
      'signature.refused',
    );
  });

  it('that meets a taken unique name is refused with the words of the caller', async () => {
    const create = () =>
      change(ada, 'web', async (one) => {
        await orTaken(createPerson(one, 'unique'), taken);
        await one.record('person.created');
      });
    await create();
    await expectRefusal(create, 'input.not-a');
  });

  it('whose conditional write hits no row is a refusal', () => {
    expect(() => requireHit({ count: 0 }, taken)).toThrow(expect.objectContaining({ code: 'input.not-a' }));
    expect(() => requireHit({ count: 1 }, taken)).not.toThrow();
  });

  it('wakes the jobs loop after the commit, never before', async () => {
    const seen: number[] = [];
    world.wake.jobs = () => void seen.push(1);
    await change(ada, 'web', async (one) => {
      await one.record('session.started');
      expect(seen).toEqual([]);
    });
    expect(seen).toEqual([1]);
    world.wake.jobs = () => undefined;
  });
});

describe('changes at once', () => {
  const count = async (one: Change): Promise<void> => {
    await lockRow(one.tx, 'Project', 'counter');
    const project = await one.tx.project.findUniqueOrThrow({ where: { name: 'counter' } });
    await one.tx.project.update({
      where: { name: 'counter' },
      data: { policyInForce: (project.policyInForce ?? 0) + 1 },
    });
    await one.record('project.created');
  };

  it('lose no update: each is applied to what the other left', async () => {
    await world.db.project.create({ data: { name: 'counter', createdBy: 'ada', createdAt: world.clock.now() } });
    await Promise.all(Array.from({ length: 6 }, () => change(ada, 'web', count)));
    const project = await world.db.project.findUniqueOrThrow({ where: { name: 'counter' } });
    expect(project.policyInForce).toBe(6);
  });

  it('that read the same rows and write are tried again until they agree', async () => {
    let attempts = 0;
    const addWhenFew = async (one: Change): Promise<void> => {
      attempts += 1;
      const people = await one.tx.person.count({ where: { name: { startsWith: 'race-' } } });
      await one.hold('counted');
      if (people === 0) await createPerson(one, `race-${attempts}`);
      await one.record('person.created');
    };
    // On PostgreSQL both are held until both have counted; on PGlite there is one transaction at a time.
    const held = databaseKind() === 'postgres' ? meet(2) : async () => undefined;
    world.hold = held;
    await Promise.all([change(ada, 'web', addWhenFew), change(ada, 'web', addWhenFew)]);
    delete world.hold;
    expect(await world.db.person.count({ where: { name: { startsWith: 'race-' } } })).toBe(1);
    expect(attempts).toBe(databaseKind() === 'postgres' ? 3 : 2);
  });

  it('that never end in agreement are refused as busy, and nothing is changed', async () => {
    const conflict = Object.assign(new Error('could not serialize access'), { code: 'P2034' });
    await expectRefusal(() => change(ada, 'web', () => Promise.reject(conflict)), 'database.busy');
  });
});

/** Waits until so many have arrived, then lets everybody through. */
function meet(people: number): () => Promise<void> {
  let arrived = 0;
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return () => {
    arrived += 1;
    if (arrived >= people) open();
    return opened;
  };
}
