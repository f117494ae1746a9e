// The upload door of twine and uv over real HTTP (docs/formats/legacy-upload.md): their forms, and the answers by which they act. Real twine stands
// in tests/interop/twine.test.ts; what the fields say is read in tests/python/upload-form.test.ts.
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { limits } from '#lib/server/limits.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { legacyRoute } from '#web/legacy.ts';
import { changed, twineForm, uvAccept, uvForm, type Built } from '../support/legacy-form.ts';
import { takePicture } from '../support/refusal.ts';
import { noRoute, type RouteServer } from '../support/route-server.ts';
import type { TestRuntime } from '../support/runtime.ts';
import {
  makeDraft,
  makeSdist,
  makeWheel,
  signBytes,
  signDraft,
  type TestPerson,
  type World,
} from '../support/story.ts';
import { openTokenHolders, type TokenHolders } from '../support/token-holders.ts';

let holders: TokenHolders;
let runtime: TestRuntime;
let team: World;
let eve: TestPerson;
let server: RouteServer;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  holders = await openTokenHolders(legacyRoute);
  ({ runtime, team, eve, server } = holders);
  const { own, ofProject } = holders;
  tokens['own'] = await own(team.bo, 'upload');
  tokens['queue'] = await own(team.bo, 'queue');
  tokens['stranger'] = await own(eve, 'upload');
  tokens['ci'] = await ofProject('upload');
  for (const token of Object.keys(tokens)) await upload(token, new FormData()); // when it was used is noted within the hour
});
afterAll(() => holders.close());

let releases = 0;
let version: string;
let wheel: Built;
let sdist: Built;
beforeEach(() => {
  version = `4.${(releases += 1)}`;
  [wheel, sdist] = [makeWheel(team.project, version), makeSdist(team.project, version)];
});

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const asToken = (token: string): string => basic('__token__', tokens[token] ?? token);

type Answered = { status: number; reason: string; type: string | null; challenge: string | null; body: string };
async function upload(
  token: string,
  body: FormData,
  headers: Record<string, string> = {},
  path = '/legacy/',
): Promise<Answered> {
  const sent = { authorization: asToken(token), ...headers };
  const answer = await fetch(`${server.base}${path}`, { method: 'POST', body, headers: sent, redirect: 'manual' });
  const challenge = answer.headers.get('www-authenticate');
  const { status, statusText: reason } = answer;
  return { status, reason, type: answer.headers.get('content-type'), challenge, body: await answer.text() };
}
const draftsOf = (of = version) =>
  runtime.db.draft.findMany({
    where: { projectName: team.project, version: of },
    include: { files: { where: { until: null } } },
  });
const onlyDraft = async () => {
  const [draft, ...more] = await draftsOf();
  if (!draft || more.length > 0) throw new Error(`There are ${more.length + (draft ? 1 : 0)} drafts of ${version}.`);
  return draft;
};
const kindsOf = async (draftId: string) =>
  (await runtime.db.historyEntry.findMany({ where: { draftId }, orderBy: { id: 'asc' } })).map(({ kind }) => kind);
const signature = async ({ key }: TestPerson, { bytes }: Built) => Buffer.from(await signBytes(key, bytes));
/** Refusals are history, and bytes that came whole before they were refused wait to be removed. */
const lasting = (picture: object): object => ({ ...picture, HistoryEntry: [], files: [] });

describe('the files of one version', () => {
  it('gather in one draft, which the first opens', async () => {
    const first = await upload('ci', twineForm(wheel));
    expect(first).toMatchObject({ status: 200, reason: 'OK', type: 'text/plain; charset=utf-8' });
    const second = await upload('ci', twineForm(sdist));
    const draft = await onlyDraft();
    expect(first.body).toContain(`opened the draft of ${team.project} ${version}, revision 1: 0 of 2 have signed.`);
    expect(second.body).toContain(`is in the draft of ${team.project} ${version}, revision 2`);
    expect(second.body).toContain(`/drafts/${draft.id}`);
    expect(draft).toMatchObject({ state: 'draft', revision: 2, openedBy: 'bo' });
    expect(draft.files.map(({ name }) => name).sort()).toEqual([wheel.name, sdist.name].sort());
    const opened = await runtime.db.historyEntry.findFirstOrThrow({
      where: { draftId: draft.id, kind: 'draft.opened' },
    });
    expect(opened).toMatchObject({ actor: 'bo', via: 'twine', details: { byToken: 'CI' } });
  });

  const asked = async () =>
    runtime.db.mail.findMany({
      where: { event: 'draft.opened', headers: { path: ['References'], string_contains: (await onlyDraft()).id } },
      orderBy: { toPerson: 'asc' },
    });

  it('are asked for once, with the digest of the last revision, some time after the last of them', async () => {
    await upload('ci', twineForm(wheel));
    runtime.advance(limits.moreFilesMs - 1);
    await upload('ci', twineForm(sdist));
    const { bytes } = await statementBytes(team.bo.actor, (await onlyDraft()).id);
    const nextAt = new Date(runtime.clock.now().getTime() + limits.moreFilesMs);
    expect(await asked()).toMatchObject([
      { toPerson: 'ada', nextAt, text: expect.stringContaining(sha256Hex(bytes)) },
      { toPerson: 'chi', nextAt, text: expect.stringContaining(sdist.name) },
    ]);
  });

  it('are not asked for again when the mail has gone out before the last of them came', async () => {
    await upload('ci', twineForm(wheel));
    await runtime.db.mail.updateMany({ data: { sentAt: runtime.clock.now() } });
    const before = await asked();
    await upload('ci', twineForm(sdist));
    expect(await asked()).toEqual(before);
  });

  it('gather in one draft when they come at the same time, and nobody is told of a refusal', async () => {
    const fitting = [uvForm(wheel), uvForm(sdist), uvForm(wheel), uvForm(sdist)];
    const answers = await Promise.all(fitting.map((form) => upload('own', form)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const draft = await onlyDraft();
    expect(draft.files).toHaveLength(2);
    expect((await kindsOf(draft.id)).sort()).toEqual(['draft.opened', 'file.added', 'file.repeated', 'file.repeated']);
  });

  it('of a revision that somebody has signed make the next one', async () => {
    await upload('ci', twineForm(wheel));
    const { id } = await onlyDraft();
    await signDraft(team.ada, id);
    expect((await upload('ci', twineForm(sdist))).body).toContain('revision 2: 0 of 2 have signed.');
  });

  it('go into no draft that is approved, and into a new one after it was withdrawn', async () => {
    await upload('ci', twineForm(wheel));
    const { id } = await onlyDraft();
    for (const person of [team.ada, team.bo]) await signDraft(person, id);
    expect(await onlyDraft()).toMatchObject({ state: 'approved' });
    const answered = await upload('ci', twineForm(sdist));
    expect([answered.status, answered.reason]).toEqual([400, expect.stringContaining('The draft is approved')]);
    expect(await onlyDraft()).toMatchObject({ state: 'approved', revision: 1 });
    await withdrawDraft(team.ada.actor, { draft: id, reason: 'wrong' });
    expect((await upload('ci', twineForm(sdist))).body).toContain('revision 1');
  });
});

describe('a file that is there', () => {
  it('is no mistake with the same bytes, and changes nothing', async () => {
    await upload('ci', twineForm(wheel));
    const again = await upload('ci', twineForm(wheel));
    expect(again).toMatchObject({ status: 200, body: expect.stringContaining('was there already') as string });
    expect(await onlyDraft()).toMatchObject({ revision: 1 });
  });

  it('is refused with others, in the words that twine looks for', async () => {
    await upload('ci', twineForm(wheel));
    const before = lasting(await takePicture());
    const other = makeWheel(team.project, version, 'x = 2\n');
    const asTwine = await upload('ci', twineForm(other));
    expect(asTwine.status).toBe(400);
    expect(asTwine.reason).toMatch(/^File already exists: sunrise-/);
    expect(asTwine.body).toMatch(/^File already exists: /);
    const asUv = await upload('ci', uvForm(other), { accept: uvAccept });
    expect(asUv).toMatchObject({ status: 400, type: 'application/json' });
    expect(JSON.parse(asUv.body)).toMatchObject({
      ...{ code: expect.stringMatching(/^400 File already exists: /) as string, reason: 'upload.file-exists' },
    });
    expect(lasting(await takePicture())).toEqual(before);
  });

  it('stays as it is once it is published, and so does its release', async () => {
    const { draft } = await makeDraft(team.ada, team.project, version);
    await runtime.db.draft.update({
      where: { id: draft },
      data: { state: 'published', approvedAt: runtime.clock.now(), publishedAt: runtime.clock.now() },
    });
    expect(await upload('ci', twineForm(wheel))).toMatchObject({ status: 200 });
    const other = await upload('ci', twineForm(makeWheel(team.project, version, 'x = 2\n')));
    expect([other.status, other.reason]).toEqual([400, expect.stringMatching(/^File already exists: .* is published/)]);
    const more = { ...wheel, name: wheel.name.replace('-py3-', '-1-py3-') };
    const further = await upload('ci', changed(twineForm(more), { pyversion: 'py3' }));
    expect([further.status, further.reason]).toEqual([400, expect.stringContaining('takes no further files')]);
    expect(await onlyDraft()).toMatchObject({ state: 'published', revision: 1 });
  });
});

describe('a signature that comes along', () => {
  it('counts for whose key it is by, whoever’s token brought it, and at once', async () => {
    const answered = await upload('ci', twineForm(wheel, await signature(team.ada, wheel)));
    expect(answered.body).toContain('1 of 2 have signed.');
    const { id } = await onlyDraft();
    expect(await runtime.db.signature.findMany({ where: { draftId: id } })).toMatchObject([
      { personName: 'ada', subject: 'file', fileName: wheel.name, via: 'with-files' },
    ]);
  });

  it('counts when the file is there already: so the second of two people signs by uploading the same files', async () => {
    for (const person of [team.ada, team.bo])
      for (const file of [wheel, sdist])
        expect(await upload('own', twineForm(file, await signature(person, file)))).toMatchObject({ status: 200 });
    expect(await onlyDraft()).toMatchObject({ state: 'approved', revision: 2 });
    const late = await upload('own', twineForm(wheel, await signature(team.chi, wheel)));
    expect(late).toMatchObject({ status: 200, body: expect.stringContaining('was there already') as string });
  });

  it.each<[string, (file: Built) => Promise<Uint8Array>, RegExp]>([
    ['of somebody else', (file) => signature(eve, file), /^The signature does not count: /m],
    ['over something else', () => signature(team.ada, sdist), /^The signature does not count: /m],
    ['that is none', () => Promise.resolve(Buffer.from('no signature')), /^The signature was not taken: /m],
    [
      'that is far too long',
      () => Promise.resolve(Buffer.alloc(limits.signatureUploadBytesMax * 3, 'x')),
      /^The signature was not taken: /m,
    ],
    ['that is a key', () => Promise.resolve(team.ada.key.certificate), /^The signature was not taken: /m],
  ])('is said and kept in history, and is no reason to refuse the file: %s', async (_, make, says) => {
    const answered = await upload('ci', twineForm(wheel, await make(wheel)));
    expect(answered).toMatchObject({ status: 200, body: expect.stringMatching(says) as string });
    const draft = await onlyDraft();
    expect(draft.files).toHaveLength(1);
    expect(await runtime.db.signature.count({ where: { draftId: draft.id } })).toBe(0);
    expect(await kindsOf(draft.id)).toContain('signature.refused');
  });

  it('over the statement is none over the file: by an upload token it does not count', async () => {
    await upload('ci', twineForm(wheel));
    const { id } = await onlyDraft();
    const { statement } = await runtime.db.revision.findFirstOrThrow({ where: { draftId: id } });
    const bytes = Buffer.from(await signBytes(team.ada.key, statement));
    expect((await upload('ci', twineForm(wheel, bytes))).body).toMatch(/^The signature does not count: /m);
    expect(await runtime.db.signature.count({ where: { draftId: id } })).toBe(0);
  });
});

describe('who may', () => {
  it.each<[string, Record<string, string>, number]>([
    ['nobody', { authorization: '' }, 401],
    ['a name with a password', { authorization: basic('ada', 'secret') }, 401],
    ['a name with a good token', { authorization: 'name' }, 401],
    ['a token in another form', { authorization: 'bearer' }, 401],
    ['a token that is none', { authorization: basic('__token__', 'csp_x') }, 401],
    ['a session', { authorization: '', cookie: `${'cookie'}` }, 401],
  ])('is not %s, who is asked for a token', async (_, given, status) => {
    const good = tokens['ci'] ?? '';
    const headers = { ...given };
    if (headers['authorization'] === 'name') headers['authorization'] = basic('ada', good);
    if (headers['authorization'] === 'bearer') headers['authorization'] = `Bearer ${good}`;
    if (headers['cookie'] !== undefined) headers['cookie'] = `${sessionCookieName()}=ada`;
    const before = await takePicture();
    const answered = await upload('ci', twineForm(wheel), headers);
    expect(answered).toMatchObject({ status, challenge: 'Basic realm="sign.example.org", charset="UTF-8"' });
    expect(await takePicture()).toEqual(before);
  });

  it.each([
    ['queue', 'This token was made for queue and does nothing else. Make one for upload, or sign in.'],
    ['stranger', 'This needs more than you are in sunrise (none)'],
  ])('is no token for something else: %s', async (token, says) => {
    const before = lasting(await takePicture());
    const answered = await upload(token, twineForm(wheel));
    expect([answered.status, answered.reason]).toEqual([403, expect.stringContaining(says)]);
    expect(lasting(await takePicture())).toEqual(before);
  });

  it('is asked before the file is read', async () => {
    // The body never ends: whoever waited for it would not answer.
    const whole = Buffer.from(await new Response(twineForm(wheel)).arrayBuffer());
    const head = whole.subarray(0, whole.indexOf('name="content"') + 200);
    const boundary = /^--(\S+)/.exec(head.toString('latin1'))?.[1] ?? '';
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = {
        authorization: asToken('stranger'),
        'content-type': `multipart/form-data; boundary=${boundary}`,
      };
      const open = request(`${server.base}/legacy/`, { method: 'POST', headers }, (res) => {
        resolve(res.statusCode);
        open.destroy();
      });
      open.on('error', reject);
      open.write(head);
    });
    expect(status).toBe(403);
  });
});

describe('a form', () => {
  it.each<[string, Record<string, string | undefined>, RegExp]>([
    ['without a digest', { sha256_digest: undefined, md5_digest: undefined }, /^This address takes .* digest/],
    ['with another SHA-256', { sha256_digest: '0'.repeat(64) }, /^The bytes that arrived have SHA-256/],
    ['with another MD5', { md5_digest: '0'.repeat(32) }, /MD5 digest/],
    ['with another BLAKE2', { blake2_256_digest: '0'.repeat(64) }, /BLAKE2b-256 digest/],
    ['that says another version', { version: '9.9' }, /says version "9\.9"/],
    ['that says another Python', { requires_python: '>=3.99' }, /says requires_python/],
    ['for another action', { ':action': 'submit' }, /^This address takes/],
  ])('%s is refused, and nothing is changed', async (_, fields, reason) => {
    const before = lasting(await takePicture());
    const answered = await upload('ci', changed(twineForm(wheel), fields));
    expect(answered.status).toBe(400);
    expect(answered.reason).toMatch(reason);
    expect(lasting(await takePicture())).toEqual(before);
  });

  it.each<[string, () => FormData]>([
    ['with two files', () => form(twineForm(wheel), ['content', sdist])],
    [
      'whose fields come behind the file',
      () => form(new FormData(), ['content', wheel], ...twineForm(wheel).entries()),
    ],
    ['with no file', () => changed(twineForm(wheel), { content: undefined })],
    ['with a field twice', () => form(twineForm(wheel), ['version', version])],
    [
      'with a folder in front of the name of the file',
      () =>
        form(new FormData(), ...without(twineForm(wheel), 'content'), [
          'content',
          { name: `../${wheel.name}`, bytes: wheel.bytes },
        ]),
    ],
    [
      'that is another kind of file',
      () =>
        form(new FormData(), ...without(twineForm(wheel), 'content'), [
          'content',
          { name: 'key.pem', bytes: wheel.bytes },
        ]),
    ],
  ])('%s is refused, and nothing is changed', async (_, make) => {
    const before = lasting(await takePicture());
    expect((await upload('ci', make())).status).toBe(400);
    expect(lasting(await takePicture())).toEqual(before);
  });

  it('takes MD5 alone, since old tools send no other', async () => {
    expect(await upload('ci', changed(twineForm(wheel), { sha256_digest: undefined }))).toMatchObject({ status: 200 });
  });
});

describe('the address', () => {
  it('is answered with and without its slash, never by a redirect', async () => {
    expect(await upload('ci', twineForm(wheel), {}, '/legacy')).toMatchObject({ status: 200 });
    expect(await upload('ci', twineForm(wheel), {}, '/legacy/')).toMatchObject({ status: 200 });
    expect(await upload('ci', twineForm(wheel), {}, '/legacy/x')).toMatchObject({ status: noRoute });
  });

  it('says how it is used to whoever opens it', async () => {
    const answer = await fetch(`${server.base}/legacy/`);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await answer.text()).toContain('uv publish --publish-url');
    const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const page = await fetch(`${server.base}/legacy/`, { headers: browser });
    expect([page.status, page.headers.get('content-type')]).toEqual([405, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('<a href="/account/tokens">Make a token</a>');
    const tool = await fetch(`${server.base}/legacy/`, { headers: { accept: uvAccept } });
    expect(tool.headers.get('content-type')).toBe('application/json');
  });
});

type Part = [name: string, value: string | Blob | Built];
const without = (made: FormData, name: string): Part[] => [...made.entries()].filter(([known]) => known !== name);
function form(made: FormData, ...parts: Part[]): FormData {
  for (const [name, value] of parts)
    if (typeof value === 'string') made.append(name, value);
    else if (value instanceof Blob) made.append(name, value);
    else made.append(name, new File([new Uint8Array(value.bytes)], value.name));
  return made;
}
