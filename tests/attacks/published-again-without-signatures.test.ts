// An intruder in the web program's database sets a quarantined release back to approved or published, and hands over what was there before.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fruitlessRound, openQuarantined, type Quarantined } from '../support/quarantined.ts';

let held: Quarantined;
beforeEach(async () => {
  held = await openQuarantined();
});
afterEach(() => held.scene.close());

test('a release stays quarantined though the web program calls it approved, with the signatures it had', async () => {
  held.draft.approved = true;
  expect((await fruitlessRound(held.scene)).quarantined).toEqual([]);
});

test('a release stays quarantined though one of its old signatures is handed over twice', async () => {
  held.draft.approved = true;
  held.draft.packets.push(...held.draft.packets);
  expect((await fruitlessRound(held.scene)).quarantined).toEqual([]);
});

test('a release stays quarantined though the web program no longer lists it', async () => {
  held.scene.drafts.clear();
  expect((await fruitlessRound(held.scene)).quarantined).toEqual([]);
});
