// Limits of how often somebody may try are those of the instance, not of one web program: counted in the database, without anybody's address, forgotten when they are over.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { forgetEnded } from '#lib/server/commands/forget-ended.ts';
import { limits } from '#lib/server/limits.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import { countRate, requireRate, spendRate } from '#lib/server/rate-limits.ts';
import { dropRuntime, type Runtime } from '#lib/server/runtime.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';

let world: TestRuntime;
let other: Runtime;

beforeAll(async () => {
  world = await openTestRuntime({ environment: { SESSION_SECRET: 's'.repeat(43) } });
});
afterAll(() => other.close());

const most = limits.signInMailsPerAddress;

it('what one web program counted is counted for the next one, and a restart forgives nothing', async () => {
  for (let left = most - 1; left > 0; left -= 1)
    expect(await countRate('sign-in-mail-to-address', 'ada@example.org')).toBe(left);
  dropRuntime(world);
  other = await openRuntime(world.config, { database: world.database });
  expect(await countRate('sign-in-mail-to-address', 'ada@example.org')).toBe(0);
  expect(await countRate('sign-in-mail-to-address', 'ada@example.org')).toBeNull();
  await expect(requireRate('sign-in-mail-to-address', 'ada@example.org')).rejects.toMatchObject({
    code: 'sign-in.too-many',
    details: { minutes: limits.signInWindowSeconds / 60 },
  });
  expect(await countRate('sign-in-mail-to-address', 'bo@example.org')).toBe(most - 1);
});

it('as many as there may be get through, however many ask at once', async () => {
  const asked = Array.from({ length: 2 * most }, () => spendRate('sign-in-mail-to-address', 'eve@example.org'));
  const through = (await Promise.all(asked)).filter(({ remaining }) => remaining !== null);
  expect(through.map(({ remaining }) => remaining).sort()).toEqual(Array.from({ length: most }, (_, left) => left));
});

it('whoever is over the limit costs the database nothing more, and no row says who it is', async () => {
  const rows = await other.db.rateLimit.findMany();
  for (let tries = 0; tries < 3; tries += 1)
    expect(await countRate('sign-in-mail-to-address', 'eve@example.org')).toBeNull();
  expect(await other.db.rateLimit.findMany()).toEqual(rows);
  expect(rows.map(({ key }) => key).join(' ')).not.toMatch(/ada|bo|eve|example/);
});

it('a window that is over counts nothing, and its row goes', async () => {
  const [row] = await other.db.rateLimit.findMany({ orderBy: { key: 'asc' } });
  await other.db.rateLimit.updateMany({ where: { key: row?.key ?? '' }, data: { expire: 1n } });
  const kept = (await other.db.rateLimit.count()) - 1;
  await forgetEnded();
  expect(await other.db.rateLimit.count()).toBe(kept);
});
