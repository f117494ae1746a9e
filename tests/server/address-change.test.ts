// The change of an address: proven at the new mailbox, by the person, freshly signed in; told to both mailboxes; and what the old one opened ends.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '#lib/core/people.ts';
import { askAddressChange } from '#lib/server/commands/ask-address-change.ts';
import { confirmAddressChange } from '#lib/server/commands/confirm-address-change.ts';
import { confirmSignIn } from '#lib/server/commands/confirm-sign-in.ts';
import { dropAddressChange } from '#lib/server/commands/drop-address-change.ts';
import { requestSignIn } from '#lib/server/commands/request-sign-in.ts';
import { findSession } from '#lib/server/http/session.ts';
import { limits } from '#lib/server/limits.ts';
import { addressLink, addressPage } from '#lib/server/queries/address-page.ts';
import { expectRefusal, takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeAccount, makeDraft, makeWorld, visitor, type TestPerson } from '../support/story.ts';

let world: TestRuntime;
let count = 0;
let ada: Pick<TestPerson, 'actor' | 'address'>;
let wanted: string;
beforeAll(async () => {
  world = await openTestRuntime();
});
afterAll(() => world.close());
beforeEach(async () => {
  count += 1;
  ada = await makeAccount(`ada-${count}`);
  wanted = `ada-${count}@new.example`;
});

const stale = (actor: Actor): Actor => ({ ...actor, freshUntil: world.clock.now().getTime() }) as Actor;

const mailsTo = (toAddress: string) => world.db.mail.findMany({ where: { toAddress }, orderBy: { event: 'asc' } });

/** The secret in the newest mail to an address; `kind`: the part of the link before it. */
async function tokenTo(toAddress: string, kind: string): Promise<string> {
  const mails = await world.db.mail.findMany({ where: { toAddress }, orderBy: { createdAt: 'asc' } });
  const found = mails.map(
    ({ text }) => new RegExp(`https://sign\\.example\\.org${kind}/([\\w-]{20,})`).exec(text)?.[1],
  );
  const newest = found.findLast((token) => token !== undefined);
  if (newest === undefined) throw new Error(`No link was mailed to ${toAddress}.`);
  return newest;
}

const linkTo = (address: string) => tokenTo(address, '/account/address');

async function signInAt(address: string): Promise<string> {
  await requestSignIn(visitor, { address, client: address });
  const token = await tokenTo(address, '/sign-in');
  return (await confirmSignIn(visitor, { token, client: address })).token;
}

describe('a change of address', () => {
  it('needs the link in the new mailbox, and then signs in from there and no longer from the old one', async () => {
    await askAddressChange(ada.actor, { address: ` ${wanted.toUpperCase()} ` });
    expect(await addressPage(ada.actor)).toMatchObject({ address: ada.address, waiting: { address: wanted } });
    const token = await linkTo(wanted);
    expect(await addressLink(ada.actor, token)).toEqual({ state: 'usable', account: ada.actor.name, address: wanted });
    expect(await confirmAddressChange(ada.actor, { token })).toEqual({ address: wanted });
    expect(await addressPage(ada.actor)).toEqual({ address: wanted, waiting: null });
    expect((await findSession(await signInAt(wanted)))?.person).toBe(ada.actor.name);
    await requestSignIn(visitor, { address: ada.address, client: 'old' });
    const late = await tokenTo(ada.address, '/sign-in');
    await expectRefusal(() => confirmSignIn(visitor, { token: late, client: 'old' }), 'sign-in.name-needed');
  });

  it('is told to the old mailbox when it is asked for, and to both when it is done', async () => {
    await askAddressChange(ada.actor, { address: wanted });
    expect((await mailsTo(ada.address)).map(({ event }) => event)).toEqual(['address.change-asked']);
    expect((await mailsTo(wanted)).map(({ event }) => event)).toEqual(['address.confirm']);
    await confirmAddressChange(ada.actor, { token: await linkTo(wanted) });
    const [old, fresh] = [await mailsTo(ada.address), await mailsTo(wanted)];
    expect(old.map(({ event }) => event)).toEqual(['address.change-asked', 'address.changed']);
    expect(fresh.map(({ event }) => event)).toEqual(['address.changed', 'address.confirm']);
    for (const text of [old[1]?.text, fresh[0]?.text]) {
      expect(text).toContain(ada.address);
      expect(text).toContain(wanted);
    }
    const kinds = await world.db.historyEntry.findMany({
      where: { personName: ada.actor.name },
      orderBy: { id: 'asc' },
    });
    expect(kinds.map(({ kind }) => kind)).toEqual(['address.change-asked', 'address.changed']);
    expect(JSON.stringify(kinds.map(({ details }) => details))).not.toContain('@');
  });

  it('ends the other sessions, and sign-in links that are still in the old mailbox', async () => {
    const [here, elsewhere] = [await signInAt(ada.address), await signInAt(ada.address)];
    await requestSignIn(visitor, { address: ada.address, client: 'x' });
    const pending = await tokenTo(ada.address, '/sign-in');
    await askAddressChange(ada.actor, { address: wanted });
    await confirmAddressChange(ada.actor, { token: await linkTo(wanted), keeps: here });
    expect(await findSession(elsewhere)).toBeNull();
    expect((await findSession(here))?.person).toBe(ada.actor.name);
    await expectRefusal(() => confirmSignIn(visitor, { token: pending, client: 'x' }), 'sign-in.link-unusable');
  });

  it('ends the personal links to drafts that are in the old mailbox', async () => {
    const story = await makeWorld(`-links-${count}`);
    const { draft } = await makeDraft(story.ada, story.project);
    const live = () =>
      world.db.personalLink.findMany({ where: { draftId: draft, revokedAt: null }, orderBy: { personName: 'asc' } });
    const names = async () => (await live()).map(({ personName }) => personName);
    expect(await names()).toEqual([story.bo.actor.name, story.chi.actor.name]);
    await askAddressChange(story.bo.actor, { address: wanted });
    await confirmAddressChange(story.bo.actor, { token: await linkTo(wanted) });
    expect(await names()).toEqual([story.chi.actor.name]);
  });

  it('is refused to whoever did not sign in recently, at the beginning and at the end', async () => {
    await expectRefusal(() => askAddressChange(visitor, { address: wanted }), 'person.sign-in-first');
    await expectRefusal(() => askAddressChange(stale(ada.actor), { address: wanted }), 'session.not-fresh');
    await askAddressChange(ada.actor, { address: wanted });
    const token = await linkTo(wanted);
    await expectRefusal(() => confirmAddressChange(visitor, { token }), 'person.sign-in-first');
    await expectRefusal(() => confirmAddressChange(stale(ada.actor), { token }), 'session.not-fresh');
  });

  // Else somebody could have a victim press the button, who would from then on sign in to an account of the attacker.
  it('is not confirmed by another account, though it reads the new mailbox', async () => {
    const eve = await makeAccount(`eve-${count}`);
    await askAddressChange(eve.actor, { address: wanted });
    const token = await linkTo(wanted);
    expect(await addressLink(ada.actor, token)).toEqual({ state: 'of-another' });
    await expectRefusal(() => confirmAddressChange(ada.actor, { token }), 'address.link-of-another');
  });

  it('to an address of somebody else is answered like any other, and refused at the end', async () => {
    const bo = await makeAccount(`bo-${count}`);
    const { address } = await askAddressChange(ada.actor, { address: bo.address });
    expect(address).toBe(bo.address);
    expect((await mailsTo(bo.address)).map(({ event }) => event)).toEqual(['address.confirm']);
    const token = await linkTo(bo.address);
    await expectRefusal(() => confirmAddressChange(ada.actor, { token }), 'address.taken');
    expect((await addressPage(bo.actor)).address).toBe(bo.address);
  });

  it('works once, until its end, and only by the newest link', async () => {
    await askAddressChange(ada.actor, { address: `first-${wanted}` });
    const first = await linkTo(`first-${wanted}`);
    await askAddressChange(ada.actor, { address: wanted });
    const second = await linkTo(wanted);
    await expectRefusal(() => confirmAddressChange(ada.actor, { token: first }), 'address.link-unusable');
    await confirmAddressChange(ada.actor, { token: second });
    await expectRefusal(() => confirmAddressChange(ada.actor, { token: second }), 'address.link-unusable');
    await askAddressChange(ada.actor, { address: ada.address });
    const third = await linkTo(ada.address);
    world.advance(limits.addressChangeMs);
    const later = { ...ada.actor, freshUntil: world.clock.now().getTime() + 1000 } as Actor;
    expect(await addressLink(later, third)).toEqual({ state: 'unusable' });
    await expectRefusal(() => confirmAddressChange(later, { token: third }), 'address.link-unusable');
    expect((await addressPage(later)).waiting).toBeNull();
  });

  it('can be dropped by its person, also long after signing in', async () => {
    await expectRefusal(() => dropAddressChange(ada.actor), 'address.no-change');
    await askAddressChange(ada.actor, { address: wanted });
    const token = await linkTo(wanted);
    await dropAddressChange(stale(ada.actor));
    await expectRefusal(() => confirmAddressChange(ada.actor, { token }), 'address.link-unusable');
  });

  it('pressed twice at once happens once', async () => {
    await askAddressChange(ada.actor, { address: wanted });
    const token = await linkTo(wanted);
    const ends = await Promise.allSettled([1, 2].map(() => confirmAddressChange(ada.actor, { token })));
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await mailsTo(wanted)).filter(({ event }) => event === 'address.changed')).toHaveLength(1);
  });

  it('is not made by looking at the link, however often', async () => {
    await askAddressChange(ada.actor, { address: wanted });
    const token = await linkTo(wanted);
    const before = await takePicture();
    for (const actor of [visitor, ada.actor, stale(ada.actor)])
      for (let times = 0; times < 10; times += 1) await addressLink(actor, token);
    expect(await takePicture()).toEqual(before);
  });

  it('goes to exactly one mailbox, not to the one that it is, and not without end', async () => {
    await expectRefusal(() => askAddressChange(ada.actor, { address: 'a@x.org, b@x.org' }), 'address.not-one-mailbox');
    await expectRefusal(
      () => askAddressChange(ada.actor, { address: `${wanted}\r\nBcc: e@x.org` }),
      'address.not-one-mailbox',
    );
    await expectRefusal(() => askAddressChange(ada.actor, { address: ada.address }), 'address.same');
    for (let times = 1; times < limits.addressChangesPerPerson; times += 1)
      await askAddressChange(ada.actor, { address: `${times}.${wanted}` });
    await expectRefusal(() => askAddressChange(ada.actor, { address: wanted }), 'request.too-many');
  });
});
