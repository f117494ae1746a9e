// Which keys the directory knows, on both databases (the web suite asks the same over HTTP, on one).
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findPublicKey, keysOfAddress, wkdHash } from '#lib/server/queries/key-directory.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makePerson, makeProject, type TestPerson } from '../support/story.ts';

let runtime: TestRuntime;
let ada: TestPerson;
beforeAll(async () => {
  runtime = await openTestRuntime();
  ada = await makePerson('ada');
});
afterAll(() => runtime.close());

const ofAda = () => keysOfAddress({ domain: 'example.org', hash: wkdHash('ada'), localPart: null });

it('a proven key becomes public with the first policy that names it and is in force', async () => {
  expect([await findPublicKey(ada.key.fingerprint), await ofAda()]).toEqual([null, null]);
  await makeProject(ada, 'sunrise');
  expect((await findPublicKey(ada.key.fingerprint))?.facts.primary).toBe(ada.key.fingerprint);
  expect(await ofAda()).not.toBeNull();
});

it('a domain cannot be a pattern that fits others', async () => {
  for (const domain of ['%', 'exampl_.org', 'org', ''])
    expect(await keysOfAddress({ domain, hash: wkdHash('ada'), localPart: null })).toBeNull();
});

it('a key that is no longer usable is given by its fingerprint, and not by an address', async () => {
  const lost = { state: 'lost', lostAt: runtime.clock.now() };
  await runtime.db.key.update({ where: { fingerprint: ada.key.fingerprint }, data: lost });
  expect(await findPublicKey(ada.key.fingerprint)).not.toBeNull();
  expect(await ofAda()).toBeNull();
});
