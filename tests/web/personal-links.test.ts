// The doors of personal links over real HTTP: what a browser, a scanner and a thief get. The token is in no address, header or page behind the
// first answer; asking changes nothing; a cookie is of one link, one place and one hour.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { linkCookieName, readLinkCookie } from '#lib/server/http/link-cookie.ts';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { hashToken } from '#lib/server/secrets.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { downloadRoute } from '#web/downloads.ts';
import { personalLinkRoute } from '#web/personal-links.ts';
import { openSession, serveRoutes, type RouteServer } from '../support/route-server.ts';
import { takePicture } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makeWorld, signBytes, type TestPerson, type World } from '../support/story.ts';

let runtime: TestRuntime;
let world: World;
let server: RouteServer;
let [draft, other, file] = ['', '', ''];
let [ofBo, ofChi, ofBoToOther] = ['', '', ''];
let versions = 0;

beforeAll(async () => {
  runtime = await openTestRuntime();
  world = await makeWorld();
  server = await serveRoutes(personalLinkRoute, downloadRoute);
});
afterAll(async () => {
  await server.stop();
  await runtime.close();
});
beforeEach(async () => {
  [draft, ofBo, ofChi] = await open();
  [other, ofBoToOther] = await open();
  file = (await runtime.db.draftFile.findFirstOrThrow({ where: { draftId: draft } })).name;
});

/** A new draft, with the paths of the links that were mailed to bo and to chi. */
async function open(): Promise<[id: string, bo: string, chi: string]> {
  const version = `3.${(versions += 1)}.0`;
  const made = await makeDraft(world.ada, world.project, version);
  return [made.draft, await linkOf('bo', version), await linkOf('chi', version)];
}

async function linkOf(toPerson: string, version: string): Promise<string> {
  const where = { toPerson, event: 'draft.opened', subject: { contains: ` ${version} ` } };
  const { text } = await runtime.db.mail.findFirstOrThrow({ where });
  return /^ {2}https:\/\/sign\.example\.org(\/d\/[\w-]{43})$/m.exec(text)?.[1] ?? '';
}

const ask = (path: string, init: RequestInit = {}) => fetch(server.base + path, { redirect: 'manual', ...init });
const withCookie = (cookie: string): RequestInit => ({ headers: { cookie } });
const line = async (response: Response): Promise<string> => (await response.text()).trimEnd();

/** The cookie that opening a link gives, as a browser sends it back. */
async function cookieFrom(link: string): Promise<string> {
  const [set = ''] = (await ask(link)).headers.getSetCookie();
  return set.split(';')[0] ?? '';
}

async function signatureOf({ key }: TestPerson, id: string): Promise<Uint8Array<ArrayBuffer>> {
  const { statement } = await runtime.db.revision.findFirstOrThrow({ where: { draftId: id } });
  return new Uint8Array(await signBytes(key, statement));
}

describe('opening a link in a browser', () => {
  it('leads at once to an address without the token, with a cookie of that place for an hour', async () => {
    const answer = await ask(ofBo);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(`/for-you/${draft}`);
    const [cookie = '', ...more] = answer.headers.getSetCookie();
    expect(more).toEqual([]);
    expect(cookie).toMatch(/^__Secure-countersign-link=[0-9a-f-]{36}\.\d+\.[\w-]{43}; /);
    expect(cookie.split('; ').slice(1)).toEqual([
      `Path=/for-you/${draft}`,
      'Max-Age=3600',
      'HttpOnly',
      'SameSite=Lax',
      'Secure',
    ]);
  });

  it('sends no Referer onward, is not kept or indexed, and says the token nowhere', async () => {
    const answer = await ask(ofBo);
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-robots-tag')).toBe('noindex');
    const token = ofBo.slice('/d/'.length);
    expect([...answer.headers.values(), await answer.text()].join('\n')).not.toContain(token);
  });

  it('keeps only the hash of a token, and a cookie is no token', async () => {
    const rows = JSON.stringify(await runtime.db.personalLink.findMany());
    const token = ofBo.slice('/d/'.length);
    expect(rows).not.toContain(token);
    expect(rows).toContain(hashToken(token));
    const cookie = (await cookieFrom(ofBo)).split('=')[1] ?? '';
    const id = cookie.split('.')[0] ?? '';
    for (const guess of [cookie, id, hashToken(token)])
      expect((await ask(`/d/${guess}/SHA256SUMS`)).status, guess).toBe(404);
  });

  it('leads whoever comes with a wrong token to a page that says so, and tells nothing', async () => {
    for (const wrong of ['/d/x', `${ofBo}x`, '/d/%00', '/d/%ff', `/d/${'a'.repeat(43)}`]) {
      const answer = await ask(wrong);
      expect([answer.status, answer.headers.get('location')], wrong).toEqual([303, '/for-you/nothing']);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });
});

describe('scanners', () => {
  it('a hundred GET and HEAD of every address of a link change nothing', async () => {
    const addresses = ['', '/', '/SHA256SUMS', `/files/${file}`, '/signatures', '/decline', '?x=1'].map(
      (end) => ofBo + end,
    );
    const before = await takePicture();
    for (let round = 0; round < 50; round += 1) {
      const asked = addresses.flatMap((address) => [ask(address), ask(address, { method: 'HEAD' })]);
      for (const answer of await Promise.all(asked)) await answer.arrayBuffer();
    }
    expect(await takePicture()).toEqual(before);
  });

  it('nor do other methods that a scanner may try', async () => {
    const before = await takePicture();
    for (const method of ['DELETE', 'PATCH', 'OPTIONS', 'POST', 'PUT'])
      for (const end of ['', '/SHA256SUMS', `/files/${file}`])
        expect((await ask(ofBo + end, { method })).status, `${method} ${end}`).toBe(405);
    expect(await takePicture()).toEqual(before);
  });
});

describe('the files of a draft', () => {
  it('come by the token, byte for byte as they are for its people', async () => {
    const { statement } = await runtime.db.revision.findFirstOrThrow({ where: { draftId: draft } });
    const answer = await ask(`${ofBo}/SHA256SUMS`);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from(statement));
    expect(answer.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect((await ask(`${ofBo}/files/${file}`)).headers.get('content-disposition')).toContain('attachment');
    expect((await ask(`${ofBo}/files/${encodeURIComponent('../../data')}`)).status).toBe(404);
  });

  it('come by the cookie at the place of the page, and only there', async () => {
    const cookie = withCookie(await cookieFrom(ofBo));
    expect((await ask(`/for-you/${draft}/SHA256SUMS`, cookie)).status).toBe(200);
    expect((await ask(`/for-you/${draft}/files/${file}`, cookie)).status).toBe(200);
    expect((await ask(`/drafts/${draft}/SHA256SUMS`, cookie)).status).toBe(401);
    expect((await ask(`/for-you/${draft}/SHA256SUMS`)).status).toBe(401);
  });
});

describe('a cookie', () => {
  const opens = async (cookie: string, id = draft): Promise<number> =>
    (await ask(`/for-you/${id}/SHA256SUMS`, withCookie(cookie))).status;

  it('of the link to one draft does not open another', async () => {
    const cookie = await cookieFrom(ofBo);
    expect([await opens(cookie), await opens(cookie, other)]).toEqual([200, 401]);
    expect(await opens(await cookieFrom(ofBoToOther), other)).toBe(200);
  });

  it('that was changed in any part is none', async () => {
    const cookie = await cookieFrom(ofBo);
    const [name = '', value = ''] = cookie.split('=');
    const [id = '', until = '', seal = ''] = value.split('.');
    const [otherId = ''] = ((await cookieFrom(ofBoToOther)).split('=')[1] ?? '').split('.');
    const forged = [
      `${otherId}.${until}.${seal}`,
      `${id}.${Number(until) + 1}.${seal}`,
      `${id}.${until}.${seal.startsWith('A') ? 'B' : 'A'}${seal.slice(1)}`,
      `${id}.${until}.${'A'.repeat(43)}`,
      `${id}.${until}`,
      `${id}.${until}.${seal}.`,
      '',
    ];
    for (const one of forged) expect(await opens(`${name}=${one}`), one).toBe(401);
  });

  it('that stands beside another of its name is none: one was planted', async () => {
    const [mine, theirs] = [await cookieFrom(ofBo), await cookieFrom(ofChi)];
    expect(await opens(`${mine}; ${theirs}`)).toBe(401);
  });

  it('is over after an hour, whatever the browser does with it', async () => {
    const cookie = await cookieFrom(ofBo);
    runtime.advance(3_600_000 - 1);
    expect(await opens(cookie)).toBe(200);
    runtime.advance(1);
    expect(await opens(cookie)).toBe(401);
  });

  it('is no session, and a session is no link', async () => {
    const value = (await cookieFrom(ofBo)).split('=')[1] ?? '';
    const session = `${sessionCookieName()}=${value}`;
    expect((await ask(`/drafts/${draft}/SHA256SUMS`, withCookie(session))).status).toBe(401);
    const sessionToken = 'token-of-ada';
    await openSession('ada', sessionToken);
    const ada = `${sessionCookieName()}=${sessionToken}`;
    expect((await ask(`/drafts/${draft}/SHA256SUMS`, withCookie(ada))).status).toBe(200);
    expect(await opens(ada)).toBe(401);
    expect(await opens(`${linkCookieName()}=${sessionToken}`)).toBe(401);
  });

  it('dies with its link', async () => {
    const cookie = await cookieFrom(ofBo);
    await withdrawDraft(world.ada.actor, { draft, reason: 'Built from the wrong branch.' });
    expect(await opens(cookie)).toBe(404);
    await expect(readLinkCookie(cookie, draft)).resolves.toMatchObject({ kind: 'link', name: 'bo' });
  });
});

describe('handing in without a browser', () => {
  const put = (link: string, body: BodyInit, more: RequestInit = {}) =>
    ask(`${link}/signatures`, { method: 'PUT', body, ...more });

  it('takes PUT and POST, armored or binary, whatever the content type', async () => {
    const answer = await put(ofBo, await signatureOf(world.bo, draft));
    expect([answer.status, await line(answer)]).toEqual([200, 'counted: 1 of 2, ada or chi can complete it']);
    const posted = await ask(`${ofChi}/signatures`, {
      method: 'POST',
      body: await signatureOf(world.chi, draft),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(await line(posted)).toBe('counted: 2 of 2, publishing');
    expect(posted.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  it('counts a signature for the owner of its key, whoever’s link brought it', async () => {
    const answer = await put(ofBo, await signatureOf(world.ada, draft));
    expect(await line(answer)).toBe('counted: 1 of 2, bo or chi can complete it');
    const row = await runtime.db.signature.findFirstOrThrow({ where: { draftId: draft } });
    expect(row.personName).toBe('ada');
    const entry = await runtime.db.historyEntry.findFirstOrThrow({
      where: { draftId: draft, kind: 'signature.added' },
    });
    expect(entry).toMatchObject({ actor: 'bo', personName: 'ada', via: 'link' });
  });

  it('needs no Origin and looks at no cookie: there is nothing that another site could use', async () => {
    const answer = await put(ofBo, await signatureOf(world.bo, draft), {
      headers: { origin: 'https://evil.example', cookie: await cookieFrom(ofChi) },
    });
    expect(await line(answer)).toBe('counted: 1 of 2, ada or chi can complete it');
  });

  it('does not count a signature of another draft', async () => {
    const answer = await put(ofBo, await signatureOf(world.bo, other));
    expect(answer.status).toBe(422);
    expect(await line(answer)).toMatch(/^not counted: /);
    expect(await runtime.db.signature.count({ where: { draftId: { in: [draft, other] } } })).toBe(0);
  });

  it('stops taking after sixty within an hour, and says how long to wait', async () => {
    for (let tries = 0; tries < 60; tries += 1) expect((await put(ofBo, 'nothing')).status).toBe(400);
    const answer = await put(ofBo, await signatureOf(world.bo, draft));
    expect(answer.status).toBe(429);
    expect(await line(answer)).toMatch(/^That was asked too often from here\. Please wait \d+ minutes/);
    expect((await put(ofChi, 'nothing')).status).toBe(400);
  });

  it('an armored block with escape sequences in its comment steers no terminal', async () => {
    const answer = await put(ofBo, '-----BEGIN PGP \u001b[2J SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n');
    const said = await line(answer);
    expect(said).not.toMatch(/\p{Cc}/u);
  });
});
