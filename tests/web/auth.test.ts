// next-auth is behind one module: nothing of it signs anybody in, whatever is sent to its address.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hashToken } from '#lib/server/secrets.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';

vi.mock('server-only', () => ({}));

let world: TestRuntime;
let auth: typeof import('#lib/next/auth.ts');
beforeAll(async () => {
  world = await openTestRuntime();
  auth = await import('#lib/next/auth.ts');
});
afterAll(() => world.close());

const ask = (address: string, method: string) =>
  auth.answerAuth(new Request(`https://sign.example.org/api/auth/${address}`, { method }), {
    params: Promise.resolve({ nextauth: address.split('/') }),
  });

describe('the address of next-auth', () => {
  it.each([
    'callback/email',
    'signin/email',
    'signin',
    'callback',
    'providers',
    'verify-request',
    'error',
    'session/extra',
    'signout/email',
    '_log',
    '',
  ])('%s answers 404 to GET and POST and changes nothing', async (address) => {
    for (const method of ['GET', 'POST']) expect((await ask(address, method)).status).toBe(404);
    expect(await world.db.session.count()).toBe(0);
  });

  it('finds a session by the hash of its token only, and ends it in history', async () => {
    const [createdAt, expiresAt] = [world.clock.now(), new Date('2026-12-22T09:00:00Z')];
    await world.db.person.create({ data: { name: 'ada', createdAt } });
    await world.db.session.create({ data: { tokenHash: hashToken('token'), personName: 'ada', createdAt, expiresAt } });
    const { adapter } = auth.authOptions();
    expect(await adapter?.getSessionAndUser?.('token')).toMatchObject({
      user: { id: 'ada' },
      session: { expires: expiresAt },
    });
    expect(await adapter?.getSessionAndUser?.(hashToken('token'))).toBeNull();
    await adapter?.deleteSession?.('token');
    expect(await adapter?.getSessionAndUser?.('token')).toBeNull();
    expect(await world.db.historyEntry.count({ where: { kind: 'session.ended', personName: 'ada' } })).toBe(1);
  });

  it('offers no provider, and keeps its cookie from scripts and from plain HTTP', () => {
    const options = auth.authOptions();
    expect(options.providers).toEqual([]);
    expect(options.useSecureCookies).toBe(true);
    expect(options.cookies?.sessionToken).toMatchObject({
      name: '__Secure-next-auth.session-token',
      options: { httpOnly: true, sameSite: 'lax', secure: true },
    });
  });
});
