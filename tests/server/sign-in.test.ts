// Signing in by mail link: equal answers, single use, fifteen minutes, hashes only, and no account without its button.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAccountName } from '#lib/core/ids.ts';
import { freshMinutes } from '#lib/core/people.ts';
import { limits } from '#lib/server/limits.ts';
import { confirmSignIn } from '#lib/server/commands/confirm-sign-in.ts';
import { requestSignIn } from '#lib/server/commands/request-sign-in.ts';
import { signOut } from '#lib/server/commands/sign-out.ts';
import { readActor, readSessionToken, sessionCookieName } from '#lib/server/http/session.ts';
import { readReturnTo } from '#lib/server/http/return-to.ts';
import { readSignInLink } from '#lib/server/queries/sign-in-link.ts';
import { hashToken } from '#lib/server/secrets.ts';
import { databaseKind } from '../support/database.ts';
import { expectRefusal, takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';

const visitor = { kind: 'visitor' } as const;
let world: TestRuntime;
let client = 0;

beforeAll(async () => {
  world = await openTestRuntime();
});
afterAll(() => world.close());
beforeEach(() => {
  client += 1;
});

const from = () => `192.0.2.${client}`;

/** Asks for a link and reads its token where a person would: in the mail. */
async function askForToken(address: string, returnTo = '/'): Promise<string> {
  await requestSignIn(visitor, { address, returnTo, client: from() });
  const mail = await world.db.mail.findFirstOrThrow({
    where: { toAddress: address, event: 'sign-in' },
    orderBy: [{ createdAt: 'desc' }, { sentAt: 'asc' }],
  });
  const token = /\/sign-in\/([\w-]{43})/.exec(mail.text)?.[1] ?? '';
  await world.db.mail.deleteMany({ where: { toAddress: address } });
  return token;
}

/** Another address of ada's account: the mails to one address are limited. */
async function addressOfAda(): Promise<string> {
  const address = `ada-${client}@example.org`;
  await world.db.address.upsert({
    where: { address },
    create: { address, personName: 'ada', verifiedAt: world.clock.now(), isPrimary: false },
    update: {},
  });
  return address;
}

const press = (token: string, name?: string) => confirmSignIn(visitor, { token, name, client: from() });
const cookie = (token: string) => `theme=dark; ${sessionCookieName()}=${token}`;

describe('a sign-in link', () => {
  it('creates the account of a new address under the chosen name and opens a session', async () => {
    const token = await askForToken('ada@example.org', '/drafts/0123456789ab');
    expect(await readSignInLink(token)).toEqual({ usable: true, address: 'ada@example.org', isNew: true });
    const signedIn = await press(token, 'ada');
    expect(signedIn).toMatchObject({ person: 'ada', returnTo: '/drafts/0123456789ab' });
    expect(await readActor(cookie(signedIn.token))).toEqual({
      kind: 'person',
      name: 'ada',
      freshUntil: world.clock.now().getTime() + freshMinutes * 60_000,
    });
    const kinds = await world.db.historyEntry.findMany({ where: { personName: 'ada' }, orderBy: { id: 'asc' } });
    expect(kinds.map((entry) => entry.kind)).toEqual(['person.created', 'session.started']);
  });

  it('of a known address signs in to its account, whatever name is sent along', async () => {
    const signedIn = await press(await askForToken(await addressOfAda()), 'mallory');
    expect(signedIn.person).toBe('ada');
    expect(await world.db.person.count({ where: { name: 'mallory' } })).toBe(0);
  });

  it('is the same mail for a known and an unknown address', async () => {
    const mails = [];
    for (const address of ['ada@example.org', 'nobody@example.org']) {
      await requestSignIn(visitor, { address, client: from() });
      const mail = await world.db.mail.findFirstOrThrow({ where: { toAddress: address, event: 'sign-in' } });
      mails.push({ subject: mail.subject, text: mail.text.replace(/[\w-]{43}/g, 'TOKEN'), event: mail.event });
    }
    expect(mails[0]).toEqual(mails[1]);
  });

  it('changes nothing by being opened, however often', async () => {
    const token = await askForToken(await addressOfAda());
    const before = await takePicture();
    for (let opened = 0; opened < 3; opened += 1) expect(await readSignInLink(token)).toMatchObject({ usable: true });
    expect(await takePicture()).toEqual(before);
  });

  it('works once', async () => {
    const token = await askForToken(await addressOfAda());
    await press(token);
    await expectRefusal(() => press(token), 'sign-in.link-unusable');
    expect(await readSignInLink(token)).toEqual({ usable: false });
  });

  it('pressed twice at once opens one session', async () => {
    const token = await askForToken(await addressOfAda());
    const sessions = await world.db.session.count();
    const tried = await Promise.allSettled([press(token), press(token)]);
    expect(tried.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await world.db.session.count()).toBe(sessions + 1);
  });

  it('ends after fifteen minutes', async () => {
    const token = await askForToken(await addressOfAda());
    world.advance(15 * 60_000);
    await expectRefusal(() => press(token), 'sign-in.link-unusable');
    expect(await readSignInLink(token)).toEqual({ usable: false });
  });

  it('that was never made is refused like a used one', async () => {
    await expectRefusal(() => press('x'.repeat(43)), 'sign-in.link-unusable');
    await expectRefusal(() => press(''), 'sign-in.link-unusable');
  });

  it('stays usable when the name is missing, unfit or taken', async () => {
    const token = await askForToken('bo@example.org');
    await expectRefusal(() => press(token), 'sign-in.name-needed');
    await expectRefusal(() => press(token, 'Not A Name'), 'input.not-a');
    await expectRefusal(() => press(token, 'ada'), 'person.name-taken');
    expect((await press(token, 'bo')).person).toBe('bo');
  });

  it('leaves no token in the database, only hashes', async () => {
    const token = await askForToken(await addressOfAda());
    const signedIn = await press(token);
    const rows = JSON.stringify(await takePicture());
    expect(rows).not.toContain(token);
    expect(rows).not.toContain(signedIn.token);
    expect(rows).toContain(hashToken(signedIn.token));
  });

  it('goes to exactly one mailbox', async () => {
    await expectRefusal(
      () => requestSignIn(visitor, { address: 'a@x.org, b@x.org', client: from() }),
      'address.not-one-mailbox',
    );
  });
});

describe('sign-in mails', () => {
  it('to one address are limited, known or not', async () => {
    for (const address of ['ada@limits.example', 'zoe@limits.example']) {
      for (let sent = 0; sent < limits.signInMailsPerAddress; sent += 1) {
        await requestSignIn(visitor, { address, client: `${address}${sent}` });
      }
      await expectRefusal(() => requestSignIn(visitor, { address, client: `${address} more` }), 'sign-in.too-many');
    }
  });

  it('asked for by one client are limited', async () => {
    for (let sent = 0; sent < limits.signInMailsPerClient; sent += 1) {
      await requestSignIn(visitor, { address: `person-${sent}@limits.example`, client: '198.51.100.1' });
    }
    const more = { address: 'another@limits.example', client: '198.51.100.1' };
    await expectRefusal(() => requestSignIn(visitor, more), 'sign-in.too-many');
  });

  it('are no help in guessing: tries of one client are limited', async () => {
    const guess = () => confirmSignIn(visitor, { token: 'guess', client: '198.51.100.2' });
    for (let tried = 0; tried < limits.signInConfirmationsPerClient; tried += 1) {
      await expect(guess()).rejects.toMatchObject({ code: 'sign-in.link-unusable' });
    }
    await expectRefusal(guess, 'sign-in.too-many');
  });
});

describe('a session', () => {
  it('ends by signing out, and only that one', async () => {
    const [first, second] = [
      await press(await askForToken(await addressOfAda())),
      await press(await askForToken(await addressOfAda())),
    ];
    await signOut({ kind: 'visitor' }, { token: first.token });
    expect(await readActor(cookie(first.token))).toEqual(visitor);
    expect(await readActor(cookie(second.token))).toMatchObject({ name: 'ada' });
  });

  it('ends after thirty days', async () => {
    const { token } = await press(await askForToken('ada2@example.org'), 'ada-two');
    world.advance(limits.sessionMs - 1);
    expect(await readActor(cookie(token))).toMatchObject({ kind: 'person' });
    world.advance(1);
    expect(await readActor(cookie(token))).toEqual(visitor);
  });

  it('cookie behind HTTPS has a name that browsers refuse over plain HTTP', () => {
    expect(sessionCookieName()).toBe('__Secure-next-auth.session-token');
  });

  it('is not read from two cookies of the same name', () => {
    expect(readSessionToken(cookie('one'))).toBe('one');
    expect(readSessionToken(`${cookie('one')}; ${cookie('two')}`)).toBeNull();
    expect(readSessionToken(undefined)).toBeNull();
  });
});

describe('a new session', () => {
  const told = () => world.db.mail.findMany({ where: { toPerson: 'ada', event: 'session.started' } });
  beforeEach(() => world.db.mail.deleteMany({}));

  it('is told to its person, with time, way and network address', async () => {
    await press(await askForToken(await addressOfAda()));
    const [mail, ...more] = await told();
    expect(more).toEqual([]);
    expect([mail?.toAddress, mail?.subject]).toEqual(['ada@example.org', 'New sign-in to your account ada']);
    expect(mail?.text).toMatch(new RegExp(`with the link in a mail to you\\n +From +${from()}`));
  });

  it('is not told where it comes with the account, or in a browser that was signed in already', async () => {
    await press(await askForToken('new@example.org'), 'newcomer');
    expect(await world.db.mail.count({ where: { toPerson: 'newcomer' } })).toBe(0);
    const ada = { kind: 'person' as const, name: readAccountName('ada') };
    await confirmSignIn(ada, { token: await askForToken(await addressOfAda()), client: from() });
    expect(await told()).toEqual([]);
  });
});

describe('the way back after signing in', () => {
  it.each(['/', '/drafts/0123456789ab', '/projects/x?tab=people#keys'])('may be %s', (path) =>
    expect(readReturnTo(path)).toBe(path),
  );

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/x\r\nSet-Cookie: y',
    '/\t/evil.example',
    '',
    undefined,
    ['/'],
  ])('is never %j', (claimed) => expect(readReturnTo(claimed)).toBe('/'));
});

it('runs on the database that the project names', () => {
  expect(world.databaseKind).toBe(databaseKind());
});
