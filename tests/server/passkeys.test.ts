// Passkeys: real attestations and assertions by an authenticator in software. Whatever is replayed, bent or somebody else's is refused and
// nothing changes; and what is sensitive asks for a recent sign-in.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freshMinutes, type Actor } from '#lib/core/people.ts';
import { addKey } from '#lib/server/commands/add-key.ts';
import { addPasskey } from '#lib/server/commands/add-passkey.ts';
import { confirmPasskeySignIn } from '#lib/server/commands/confirm-passkey-sign-in.ts';
import { invitePerson } from '#lib/server/commands/invite-person.ts';
import { markKeyLost } from '#lib/server/commands/mark-key-lost.ts';
import { proposePolicy } from '#lib/server/commands/propose-policy.ts';
import { removePasskey } from '#lib/server/commands/remove-passkey.ts';
import { startPasskeyRegistration } from '#lib/server/commands/start-passkey-registration.ts';
import { startPasskeySignIn } from '#lib/server/commands/start-passkey-sign-in.ts';
import { withdrawPolicy } from '#lib/server/commands/withdraw-policy.ts';
import { readActor, sessionCookieName } from '#lib/server/http/session.ts';
import { limits } from '#lib/server/limits.ts';
import { passkeysPage, passkeysUnavailable } from '#lib/server/queries/passkeys.ts';
import { hashToken } from '#lib/server/secrets.ts';
import { makeAuthenticator, type Authenticator, type Bent } from '../support/authenticator.ts';
import { expectRefusal, takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeAccount, makeKey, makeWorld, visitor, type TestPerson } from '../support/story.ts';

type Account = Pick<TestPerson, 'actor' | 'address'>;

let world: TestRuntime;
let ada: Account;
let bo: Account;
let count = 0;

beforeAll(async () => {
  world = await openTestRuntime();
  [ada, bo] = [await makeAccount('ada'), await makeAccount('bo')];
});
afterAll(() => world.close());
beforeEach(async () => {
  count += 1;
  await world.db.passkey.deleteMany();
});

const client = () => `192.0.2.${count}`;
const cookie = (token: string) => `${sessionCookieName()}=${token}`;

async function register({ actor }: Account, more: { counts?: boolean } = {}): Promise<Authenticator> {
  const passkey = makeAuthenticator(more);
  await addPasskey(actor, { answer: passkey.create(await startPasskeyRegistration(actor)), name: 'telephone' });
  return passkey;
}

const ask = (actor: Actor = visitor) => startPasskeySignIn(actor, { client: client() });
const confirm = (answer: string, actor: Actor = visitor, more: { replaces?: string; returnTo?: string } = {}) =>
  confirmPasskeySignIn(actor, { answer, client: client(), ...more });

const bends: [string, Bent][] = [
  ['for another origin', { origin: 'https://sign.example.org.evil.example' }],
  ['for the same host over http', { origin: 'http://sign.example.org' }],
  ['for another relying party', { rpId: 'evil.example' }],
  ['for the parent domain', { rpId: 'example.org' }],
  ['without the person verified', { userVerified: false }],
];

describe('adding a passkey', () => {
  it('keeps its public key under the name that the person gave it, and tells them by mail', async () => {
    const passkey = await register(ada);
    const { passkeys } = await passkeysPage(ada.actor);
    expect(passkeys).toEqual([{ id: passkey.id, name: 'telephone', createdAt: world.clock.now(), lastUsedAt: null }]);
    const mail = await world.db.mail.findFirstOrThrow({ where: { event: 'passkey.added' } });
    expect([mail.toAddress, mail.subject]).toEqual([ada.address, 'A passkey was added to your account ada']);
  });

  it.each([...bends, ['of a sign-in', { type: 'webauthn.get' }] as [string, Bent]])(
    'is refused for an answer %s',
    async (_, bent) => {
      const options = await startPasskeyRegistration(ada.actor);
      const add = () => addPasskey(ada.actor, { answer: makeAuthenticator().create(options, bent), name: 'x' });
      await expectRefusal(add, 'passkey.not-confirmed');
    },
  );

  it('answers each question once, within five minutes, and only the one that was asked of this person', async () => {
    const options = await startPasskeyRegistration(ada.actor);
    const answer = () => makeAuthenticator().create(options);
    await expectRefusal(() => addPasskey(bo.actor, { answer: answer(), name: 'x' }), 'passkey.of-another');
    await addPasskey(ada.actor, { answer: answer(), name: 'x' });
    await expectRefusal(() => addPasskey(ada.actor, { answer: answer(), name: 'y' }), 'passkey.challenge-unusable');
    const late = await startPasskeyRegistration(ada.actor);
    world.advance(limits.passkeyChallengeMs);
    const lateAnswer = makeAuthenticator().create(late);
    await expectRefusal(() => addPasskey(ada.actor, { answer: lateAnswer, name: 'x' }), 'passkey.challenge-unusable');
    const invented = makeAuthenticator().create(late, { challenge: 'A'.repeat(43) });
    await expectRefusal(() => addPasskey(ada.actor, { answer: invented, name: 'x' }), 'passkey.challenge-unusable');
    const forSignIn = makeAuthenticator().create({ ...late, challenge: (await ask(ada.actor)).challenge });
    await expectRefusal(() => addPasskey(ada.actor, { answer: forSignIn, name: 'x' }), 'passkey.challenge-unusable');
  });

  it('that is registered already, here or with somebody else, is refused', async () => {
    const passkey = await register(ada);
    for (const { actor } of [ada, bo]) {
      const answer = passkey.create(await startPasskeyRegistration(actor));
      await expectRefusal(() => addPasskey(actor, { answer, name: 'again' }), 'passkey.already-here');
    }
  });

  it.each(['', '{}', '[]', 'null', 'x'.repeat(70_000), '{"id":"a"}'])('is refused for %.20s', async (answer) => {
    await expectRefusal(() => addPasskey(ada.actor, { answer, name: 'x' }), 'passkey.unreadable');
    await expectRefusal(() => confirm(answer), 'passkey.unreadable');
  });

  it.each(['', '  ', 'x'.repeat(61), 'two\nlines'])('is refused under the name %j', async (name) => {
    const answer = makeAuthenticator().create(await startPasskeyRegistration(ada.actor));
    await expectRefusal(() => addPasskey(ada.actor, { answer, name }), 'input.not-a');
  });

  it('ends at the number that an account may have', async () => {
    const rows = Array.from({ length: limits.passkeysPerPersonMax }, (_, at) => ({
      ...{ id: `${'A'.repeat(20)}${at}`, personName: 'ada', publicKey: Buffer.from([0]), counter: 0 },
      ...{ name: 'x', createdAt: world.clock.now() },
    }));
    await world.db.passkey.createMany({ data: rows });
    await expectRefusal(() => startPasskeyRegistration(ada.actor), 'passkey.too-many');
  });
});

describe('signing in with a passkey', () => {
  it('opens the same fresh session as a mail link and says where to go on', async () => {
    const passkey = await register(ada);
    const options = await ask();
    expect(options).toMatchObject({ rpId: 'sign.example.org', userVerification: 'required', allowCredentials: [] });
    const signedIn = await confirm(passkey.get(options), visitor, { returnTo: '/drafts/0123456789ab' });
    expect(signedIn).toMatchObject({ person: 'ada', returnTo: '/drafts/0123456789ab' });
    const freshUntil = world.clock.now().getTime() + freshMinutes * 60_000;
    expect(await readActor(cookie(signedIn.token))).toEqual({ kind: 'person', name: 'ada', freshUntil });
    expect((await passkeysPage(ada.actor)).passkeys[0]?.lastUsedAt).toEqual(world.clock.now());
    const mail = await world.db.mail.findFirstOrThrow({ where: { toPerson: 'ada', event: 'session.started' } });
    expect(mail.text).toMatch(new RegExp(`with a passkey\\n +From +${client()}`));
    const rows = JSON.stringify(await takePicture());
    expect(rows).not.toContain(options.challenge);
    expect(rows).toContain(hashToken(options.challenge));
  });

  it.each([
    ...bends,
    ['by another key', { key: makeAuthenticator().key }],
    ['of a registration', { type: 'webauthn.create' }],
    ['for another user', { userHandle: 'bW9uc3Rlcg' }],
  ] as [string, Bent][])('is refused for an answer %s', async (_, bent) => {
    const passkey = await register(ada);
    const answer = passkey.get(await ask(), bent);
    await expectRefusal(() => confirm(answer), 'passkey.not-confirmed', 'passkey.refused');
  });

  it('takes each answer once: a replay opens nothing', async () => {
    const passkey = await register(ada);
    const options = await ask();
    const answer = passkey.get(options);
    await confirm(answer);
    await expectRefusal(() => confirm(answer), 'passkey.challenge-unusable', 'passkey.refused');
    await expectRefusal(() => confirm(passkey.get(options)), 'passkey.challenge-unusable', 'passkey.refused');
  });

  it('of two copies of one answer at once, one wins', async () => {
    const answer = (await register(ada)).get(await ask());
    const sessions = await world.db.session.count();
    const tried = await Promise.allSettled([confirm(answer), confirm(answer)]);
    expect(tried.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await world.db.session.count()).toBe(sessions + 1);
  });

  it('takes no answer to a question that is over, invented, or was for adding a passkey', async () => {
    const passkey = await register(ada);
    const late = await ask();
    world.advance(limits.passkeyChallengeMs);
    const challenges = [late.challenge, 'A'.repeat(43), (await startPasskeyRegistration(ada.actor)).challenge];
    for (const challenge of challenges) {
      const answer = passkey.get(late, { challenge });
      await expectRefusal(() => confirm(answer), 'passkey.challenge-unusable', 'passkey.refused');
    }
  });

  it('refuses a counter that stands still or goes back: there is a copy', async () => {
    const passkey = await register(ada);
    await confirm(passkey.get(await ask()));
    for (const counter of [passkey.counter, passkey.counter - 1, 0]) {
      const answer = passkey.get(await ask(), { counter });
      await expectRefusal(() => confirm(answer), 'passkey.copied', 'passkey.refused');
    }
    expect((await confirm(passkey.get(await ask()))).person).toBe('ada');
  });

  it('takes passkeys that never count again and again', async () => {
    const passkey = await register(ada, { counts: false });
    for (let used = 0; used < 3; used += 1) expect((await confirm(passkey.get(await ask()))).person).toBe('ada');
  });

  it('by a passkey that is unknown or was removed is refused', async () => {
    const stranger = makeAuthenticator().get(await ask());
    await expectRefusal(() => confirm(stranger), 'passkey.unknown');
    const passkey = await register(ada);
    await expectRefusal(() => removePasskey(bo.actor, { id: passkey.id }), 'passkey.not-found');
    await removePasskey(ada.actor, { id: passkey.id });
    const answer = passkey.get(await ask());
    await expectRefusal(() => confirm(answer), 'passkey.unknown');
  });

  it('is limited by client', async () => {
    const options = () => startPasskeySignIn(visitor, { client: 'passkeys by one' });
    for (let asked = 0; asked < limits.signInConfirmationsPerClient; asked += 1) await options();
    await expectRefusal(options, 'sign-in.too-many');
  });
});

describe('confirming that it is still you', () => {
  const noLongerFresh = (): Actor => ({ ...ada.actor, freshUntil: world.clock.now().getTime() });

  it('makes the session fresh again and ends the one before it', async () => {
    const passkey = await register(ada);
    const { token: before } = await confirm(passkey.get(await ask()));
    world.advance(freshMinutes * 60_000);
    const tired = await readActor(cookie(before));
    await expectRefusal(() => startPasskeyRegistration(tired), 'session.not-fresh');
    const options = await ask(tired);
    expect(options.allowCredentials?.map(({ id }) => id)).toEqual([passkey.id]);
    const told = await world.db.mail.count({ where: { event: 'session.started' } });
    const { token } = await confirm(passkey.get(options), tired, { replaces: before });
    expect(await world.db.mail.count({ where: { event: 'session.started' } })).toBe(told);
    expect(await readActor(cookie(before))).toEqual(visitor);
    await startPasskeyRegistration(await readActor(cookie(token)));
  });

  it('with the passkey of another account is refused, and no session is opened or ended', async () => {
    const theirs = await register(bo);
    await register(ada);
    const answer = theirs.get(await ask(noLongerFresh()));
    await expectRefusal(() => confirm(answer, noLongerFresh()), 'passkey.of-another', 'passkey.refused');
  });

  it('is needed before keys, people, rules and passkeys change, and nothing changes without it', async () => {
    const story = await makeWorld('fresh');
    const key = await makeKey('ada');
    const { version } = await proposePolicy(story.ada.actor, { project: story.project, threshold: 3 });
    const tired: Actor = { ...story.ada.actor, freshUntil: world.clock.now().getTime() };
    const never: Actor = { kind: 'person', name: story.ada.actor.name };
    const fingerprint = story.ada.key.fingerprint;
    for (const actor of [tired, never]) {
      const sensitive = [
        () => addKey(actor, { certificate: key.certificate }),
        () => markKeyLost(actor, { fingerprint }),
        () => invitePerson(actor, { project: story.project, address: 'dee@example.org', role: 'maintainer' }),
        () => proposePolicy(actor, { project: story.project, threshold: 1 }),
        () => withdrawPolicy(actor, { project: story.project, version }),
        () => startPasskeyRegistration(actor),
        () => addPasskey(actor, { answer: '{}', name: 'x' }),
        () => removePasskey(actor, { id: 'x' }),
      ];
      for (const act of sensitive) await expectRefusal(act, 'session.not-fresh');
    }
    await withdrawPolicy(story.ada.actor, { project: story.project, version });
  });
});

describe('a public address', () => {
  it('with a name and https can have passkeys', () => expect(passkeysUnavailable()).toBeNull());
});
