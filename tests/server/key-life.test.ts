// The life of a key after it was proven: newer copies, revocations, loss, its end in sight, and what becomes of what it signed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reformatKey } from 'openpgp';
import { makeRevocation } from '#lib/pgp/revoke-key.ts';
import type { RevocationReason } from '#lib/core/key-end.ts';
import { addKey } from '#lib/server/commands/add-key.ts';
import { markKeyLost } from '#lib/server/commands/mark-key-lost.ts';
import { proposePolicy } from '#lib/server/commands/propose-policy.ts';
import { tellEndingKeys } from '#lib/server/commands/tell-ending-keys.ts';
import { keyPage } from '#lib/server/queries/account-keys.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { historyOf } from '#lib/server/queries/history-of.ts';
import { peoplePage } from '#lib/server/queries/people-page.ts';
import { projectPage } from '#lib/server/queries/project-page.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  changePolicy,
  makeAccount,
  makeDraft,
  makeKey,
  makePerson,
  makeProvenKey,
  makeWorld,
  signDraft,
  visitor,
  type TestKey,
} from '../support/story.ts';

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestRuntime();
});
afterAll(() => runtime.close());

const day = 86_400_000;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function revocationOf(key: TestKey, reason: RevocationReason = { kind: 'compromised' }): Promise<Uint8Array> {
  const at = runtime.clock.now().getTime();
  return bytesOf((await makeRevocation(key.private.write(), '', { reason, at })).armored);
}

const mailsOf = async (event: string, person: string): Promise<string[]> =>
  (await runtime.db.mail.findMany({ where: { event, toPerson: person }, orderBy: { createdAt: 'asc' } })).map(
    (mail) => mail.text,
  );

/** A release that Ada and Bo signed, published as the countersigner's hand-back does it. */
async function makeRelease(suffix: string) {
  const world = await makeWorld(suffix);
  const { draft } = await makeDraft(world.ada, world.project);
  await signDraft(world.ada, draft);
  await signDraft(world.bo, draft);
  runtime.advance(1000);
  await runtime.db.draft.update({
    where: { id: draft },
    data: { state: 'published', publishedAt: runtime.clock.now() },
  });
  return { ...world, draft };
}

describe('a newer copy of a key', () => {
  it('is merged, and what changed is told', async () => {
    const { actor } = await makeAccount('extends');
    const key = await makeProvenKey(actor, await makeKey('extends', { expiresInSeconds: 20 * 86_400 }));
    expect((await keyPage(actor, key.fingerprint)).state).toBe('expiring');
    const { publicKey } = await reformatKey({
      ...{ privateKey: key.private, userIDs: [{ name: 'extends' }], format: 'object' },
      ...{ keyExpirationTime: 400 * 86_400, date: runtime.clock.now() },
    });
    const { outcome, changes } = await addKey(actor, { certificate: publicKey.write(), expected: key.fingerprint });
    expect(outcome).toBe('updated');
    expect(changes.map(({ what, now }) => `${what}: ${now}`)).toContain('Expires: 2027-12-26');
    expect((await keyPage(actor, key.fingerprint)).state).toBe('active');
  });

  it('that is another key is refused on the page of this one', async () => {
    const person = await makePerson('mixed-up');
    const other = await makeKey('mixed-up');
    const wish = { certificate: other.certificate, expected: person.key.fingerprint };
    await expectRefusal(() => addKey(person.actor, wish), 'key.merge-other', 'key.refused');
  });
});

describe('a revocation certificate alone', () => {
  it('ends the one key that made it, and its person and the owners hear of it', async () => {
    const { ada, bo } = await makeWorld('-cert');
    const { outcome } = await addKey(bo.actor, { certificate: await revocationOf(bo.key) });
    expect(outcome).toBe('updated');
    expect(await keyPage(bo.actor, bo.key.fingerprint)).toMatchObject({
      state: 'revoked',
      revocation: { kind: 'hard' },
    });
    expect((await mailsOf('key.revoked', bo.actor.name)).length).toBe(1);
    expect((await mailsOf('key.revoked', ada.actor.name))[0]).toContain('sunrise-cert');
    expect((await addKey(bo.actor, { certificate: await revocationOf(bo.key) })).fingerprint).toBe(bo.key.fingerprint);
  });

  it('by a key that is not here, or of somebody else, changes nothing', async () => {
    const person = await makePerson('not-mine');
    const other = await makePerson('somebody');
    for (const key of [await makeKey('unknown'), other.key]) {
      const certificate = await revocationOf(key);
      await expectRefusal(() => addKey(person.actor, { certificate }), 'key.revocation-fits-none', 'key.refused');
    }
    expect((await keyPage(other.actor, other.key.fingerprint)).state).toBe('active');
  });

  it('of another own key is refused on the page of this one', async () => {
    const person = await makePerson('two-keys');
    const second = await makeProvenKey(person.actor, await makeKey('two-keys-2'));
    const wish = { certificate: await revocationOf(second), expected: person.key.fingerprint };
    await expectRefusal(() => addKey(person.actor, wish), 'key.revocation-of-another', 'key.refused');
    expect((await keyPage(person.actor, second.fingerprint)).state).toBe('active');
  });

  it('that is soft keeps what was received before, in drafts and releases', async () => {
    const { bo, draft } = await makeRelease('-soft');
    runtime.advance(1000);
    await addKey(bo.actor, { certificate: await revocationOf(bo.key, { kind: 'retired' }) });
    const { effects } = await keyPage(bo.actor, bo.key.fingerprint);
    expect(effects.now.map(({ says }) => says)).toEqual(['Its signature on sunrise-soft 1.2.0 keeps counting.']);
    expect((await runtime.db.draft.findUniqueOrThrow({ where: { id: draft } })).belowSince).toBeNull();
  });

  it('that is hard takes a published release below its threshold at once: row, history and pages say so', async () => {
    const { ada, bo, project, draft } = await makeRelease('-hard');
    const before = (await keyPage(bo.actor, bo.key.fingerprint)).effects;
    expect(before.ifCompromised).toEqual([
      {
        path: `/drafts/${draft}`,
        isLoss: true,
        says: 'Its signature on sunrise-hard 1.2.0 no longer counts, which falls below its threshold: 1 of 2.',
      },
    ]);
    await addKey(bo.actor, { certificate: await revocationOf(bo.key) });
    expect((await draftPage(ada.actor, draft)).belowSince).toEqual(runtime.clock.now());
    expect((await projectPage(visitor, project)).releases[0]?.belowSince).toEqual(runtime.clock.now());
    const told = await historyOf(visitor, { project });
    expect(told.lines[0]).toMatchObject({
      kind: 'release.below-threshold',
      says: 'left the release with fewer signatures than it needs: 1 of 2 signatures',
    });
  });
});

describe('a lost key', () => {
  it('lets nothing new in from that moment; what it signed before counts, and the draft says who cannot sign and why', async () => {
    const { ada, bo, chi, project } = await makeWorld('-lost');
    const signedBefore = (await makeDraft(ada, project)).draft;
    const later = (await makeDraft(ada, project, '1.3.0')).draft;
    await signDraft(bo, signedBefore);
    runtime.advance(1000);
    await markKeyLost(bo.actor, { fingerprint: bo.key.fingerprint });
    const { outcomes } = await signDraft(bo, later);
    expect(outcomes[0]).toMatchObject({ result: 'refused', reason: 'key-lost' });
    expect((await signDraft(chi, signedBefore)).state).toBe('approved');
    const page = await draftPage(ada.actor, later);
    expect(page.verdict.couldStillSign).not.toContain(bo.actor.name);
    expect(page.cannotSign).toMatchObject([{ name: bo.actor.name, why: expect.stringContaining('is lost') as string }]);
    expect((await keyPage(bo.actor, bo.key.fingerprint)).state).toBe('lost');
  });

  it('is told to its person and to the owners of the projects that name it', async () => {
    const { ada, bo, chi } = await makeWorld('-lost-mail');
    await markKeyLost(bo.actor, { fingerprint: bo.key.fingerprint });
    expect((await mailsOf('key.lost', bo.actor.name))[0]).toContain('If it was not you');
    expect((await mailsOf('key.lost', ada.actor.name))[0]).toContain('/projects/sunrise-lost-mail/people');
    expect(await mailsOf('key.lost', chi.actor.name)).toEqual([]);
  });

  it('stays lost, and only its own person can say so', async () => {
    const person = await makePerson('once');
    const other = await makePerson('other-once');
    const wish = { fingerprint: person.key.fingerprint };
    await expectRefusal(() => markKeyLost(visitor, wish), 'person.sign-in-first');
    await expectRefusal(() => markKeyLost(other.actor, wish), 'key.not-found');
    await markKeyLost(person.actor, wish);
    await expectRefusal(() => markKeyLost(person.actor, wish), 'key.already-lost');
    await addKey(person.actor, { certificate: person.key.certificate });
    expect((await keyPage(person.actor, person.key.fingerprint)).state).toBe('lost');
  });

  it('that was never proven cannot be marked', async () => {
    const { actor } = await makeAccount('unproven-lost');
    const key = await makeKey('unproven-lost');
    await addKey(actor, { certificate: key.certificate });
    await expectRefusal(() => markKeyLost(actor, { fingerprint: key.fingerprint }), 'key.not-active');
  });
});

describe('a policy change', () => {
  it('retires one key of a person and names the next, and a second key makes nobody count twice', async () => {
    const { ada, bo, project } = await makeWorld('-swap');
    const second = await makeProvenKey(bo.actor, await makeKey('bo-swap-2'));
    const version = await changePolicy(ada, { project, addKeys: [second.fingerprint] }, ada, bo);
    const { draft } = await makeDraft(ada, project);
    await signDraft(bo, draft);
    await signDraft({ ...bo, key: second }, draft);
    expect((await draftPage(ada.actor, draft)).verdict.counted).toEqual([bo.actor.name]);
    await changePolicy(ada, { project, dropKeys: [bo.key.fingerprint] }, ada);
    const page = await projectPage(visitor, project);
    expect(page.policy?.version).toBe(version + 1);
    expect(page.policy?.people.find(({ name }) => name === bo.actor.name)?.keys).toMatchObject([
      { fingerprint: second.fingerprint },
    ]);
    // the first one is still usable, but nobody is asked to name again what was retired
    expect((await peoplePage(ada.actor, project)).newKeys).toEqual([]);
  });

  it('that retires the only key of a person lets them leave; the last owner cannot', async () => {
    const { ada, chi, project } = await makeWorld('-leave');
    await changePolicy(ada, { project, dropKeys: [chi.key.fingerprint] }, ada);
    const names = (await projectPage(visitor, project)).policy?.people.map(({ name }) => name);
    expect(names).toEqual(['ada-leave', 'bo-leave']);
    const wish = { project, dropKeys: [ada.key.fingerprint] };
    await expectRefusal(() => proposePolicy(ada.actor, wish), 'policy.last-owner');
    const again = { project, dropKeys: [chi.key.fingerprint] };
    await expectRefusal(() => proposePolicy(ada.actor, again), 'policy.not-a-key-of');
  });
});

describe('a key that ends soon', () => {
  it('is told 30, 14, 7 and 3 days ahead, once each, to its person and the owners; an extended key begins anew', async () => {
    const { actor } = await makeAccount('ends');
    const key = await makeProvenKey(actor, await makeKey('ends', { expiresInSeconds: 41 * 86_400 }));
    const subjects = async () =>
      (
        await runtime.db.mail.findMany({
          where: { toPerson: 'ends', event: 'key.expiring' },
          orderBy: { createdAt: 'asc' },
        })
      ).map((mail) => mail.subject);
    await tellEndingKeys();
    expect(await subjects()).toEqual([]);
    runtime.advance(12 * day);
    await Promise.all([tellEndingKeys(), tellEndingKeys()]);
    await tellEndingKeys();
    expect(await subjects()).toEqual(['Your key expires in 28 days']);
    for (const days of [14, 8, 4]) {
      runtime.advance(days * day);
      await tellEndingKeys();
      await tellEndingKeys();
    }
    expect(await subjects()).toEqual([28, 14, 6, 2].map((days) => `Your key expires in ${days} days`));
    runtime.advance(6 * day);
    await tellEndingKeys();
    expect((await subjects()).length).toBe(4);
    expect((await keyPage(actor, key.fingerprint)).state).toBe('expired');
    runtime.advance(-44 * day);
  });
});
