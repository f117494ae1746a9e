// Publishing elsewhere: what goes to another index, when, what its answers mean, and that nothing goes there before (docs/guide/publish-elsewhere.md). The other
// index is a real HTTP server that answers as known ones do; a second instance of ourselves stands in tests/interop/elsewhere.test.ts.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { removeOtherIndex, setOtherIndex, type SetOtherIndexInput } from '#lib/server/commands/set-other-index.ts';
import { sendElsewhere } from '#lib/server/commands/send-elsewhere.ts';
import { change } from '#lib/server/change.ts';
import { limits } from '#lib/server/limits.ts';
import { deliverElsewhere } from '#lib/server/other-index/deliver.ts';
import { findDigest, readUploadAnswer } from '#lib/server/other-index/read-answer.ts';
import { queueElsewhere } from '#lib/server/other-index/queue.ts';
import { elsewherePage } from '#lib/server/queries/elsewhere-page.ts';
import { readProjectName } from '#lib/core/ids.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { makeDraft, makeSdist, makeWheel, makeWorld, signBytes, storeUpload, type World } from '../support/story.ts';
import { openDraft } from '#lib/server/commands/open-draft.ts';
import { openWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const start = '2026-11-22T09:00:00Z';
let world: TestRuntime;
let receiver: WebhookReceiver;
let team: World;

beforeAll(async () => {
  receiver = await openWebhookReceiver();
  world = await openTestRuntime({ at: start, environment: { WEBHOOK_HOSTS: receiver.host } });
  team = await makeWorld();
});
afterAll(async () => {
  await world.close();
  await receiver.close();
});

let releases = 0;
let version: string;
let draft: string;
beforeEach(async () => {
  world.setTime(start);
  receiver.received.length = 0;
  receiver.answer = (_, res) => void res.writeHead(200).end();
  await world.db.otherUpload.deleteMany({});
  await world.db.otherIndex.deleteMany({});
  version = `2.${(releases += 1)}`;
  ({ draft } = await makeDraft(team.ada, team.project, version));
});

const wish = (more: Partial<SetOtherIndexInput> = {}): SetOtherIndexInput => ({
  ...{ project: team.project, url: `http://${receiver.host}/legacy/`, simple: `http://${receiver.host}/simple/` },
  ...{ username: '__token__', secret: 'pypi-secret', ...more },
});
const set = (more: Partial<SetOtherIndexInput> = {}) => setOtherIndex(team.ada.actor, wish(more));
/** As the hand-back of the countersigner does it (handoff/mark-published.ts). */
async function publish(of = draft): Promise<void> {
  const now = world.clock.now();
  await world.db.draft.update({ where: { id: of }, data: { state: 'published', approvedAt: now, publishedAt: now } });
  const row = await world.db.draft.findUniqueOrThrow({ where: { id: of }, include: { files: true } });
  for (const { name, sha256 } of row.files)
    await world.db.publishedFile.upsert({
      where: { name },
      create: { name, sha256, projectName: team.project, version: row.version, publishedAt: now },
      update: {},
    });
  await change({ kind: 'jobs' }, 'jobs', async (work) => {
    await queueElsewhere(work, readProjectName(team.project), of);
    await work.record('release.published', { project: readProjectName(team.project) });
  });
}
const rows = () => world.db.otherUpload.findMany({ where: { draftId: draft }, orderBy: { fileName: 'asc' } });
const states = async () => (await rows()).map(({ state }) => state);
const says = async () => (await rows())[0]?.says ?? '';
const kinds = async (kind: string) => world.db.historyEntry.count({ where: { draftId: draft, kind } });
const uploads = () => receiver.received.filter(({ method }) => method === 'POST');
const fieldOf = (body: string, name: string): string | undefined =>
  new RegExp(`name="${name}"\\r\\n\\r\\n([^]*?)\\r\\n--`).exec(body)?.[1];

describe('a release', () => {
  it('goes there file by file once it is published here, as twine would send it', async () => {
    await set();
    await publish();
    expect(await deliverElsewhere()).toBe(2);
    expect(await states()).toEqual(['done', 'done']);
    const [wheel, sdist] = [makeWheel(team.project, version), makeSdist(team.project, version)];
    const bodies = uploads().map(({ body }) => body);
    expect(uploads()[0]).toMatchObject({
      path: '/legacy/',
      headers: { authorization: `Basic ${Buffer.from('__token__:pypi-secret').toString('base64')}` },
    });
    const files = await world.db.draftFile.findMany({ where: { draftId: draft }, orderBy: { name: 'asc' } });
    for (const [at, file] of files.entries()) {
      const body = bodies[at] ?? '';
      const isWheel = file.name === wheel.name;
      const said = [':action', 'protocol_version', 'name', 'version', 'filetype', 'pyversion', 'requires_python'];
      expect(said.map((name) => fieldOf(body, name))).toEqual([
        ...['file_upload', '1', team.project, version],
        ...(isWheel ? ['bdist_wheel', 'py3'] : ['sdist', 'source']),
        '>=3.9',
      ]);
      expect(fieldOf(body, 'sha256_digest')).toBe(file.sha256);
      expect(fieldOf(body, 'blake2_256_digest')).toBe(file.blake2b256);
      expect(body).toContain(`name="content"; filename="${file.name}"`);
      expect(body).not.toContain('gpg_signature');
    }
    expect(files.map(({ name }) => name)).toEqual([wheel.name, sdist.name].sort());
    expect(await kinds('elsewhere.uploaded')).toBe(2);
    expect(await deliverElsewhere()).toBe(0);
    expect(uploads()).toHaveLength(2);
  });

  it('takes the counted signatures over a file along, and no other', async () => {
    const wheel = makeWheel(team.project, `${version}.1`);
    const signatures = [await signBytes(team.bo.key, wheel.bytes)];
    const opened = await openDraft(team.ada.actor, {
      ...{ project: team.project, uploads: [await storeUpload(wheel)], signatures },
    });
    draft = opened.draft;
    await set();
    await publish();
    await world.db.draft.update({ where: { id: draft }, data: { recordSerial: 1, recordPolicy: 2 } });
    await world.db.signature.updateMany({ where: { draftId: draft }, data: { recordSerial: 1 } });
    await deliverElsewhere();
    expect(uploads()[0]?.body).toContain(`name="gpg_signature"; filename="${wheel.name}.asc"`);
    expect(uploads()[0]?.body).toContain('-----BEGIN PGP SIGNATURE-----');
  });

  it('goes nowhere before: not as a draft, not approved, and not by hand', async () => {
    await set();
    await deliverElsewhere();
    const asked = { project: team.project, version };
    await expectRefusal(() => sendElsewhere(team.ada.actor, asked), 'elsewhere.not-found');
    // Whatever made such a row: it is looked at again before anything is sent.
    await publish();
    await world.db.draft.update({ where: { id: draft }, data: { state: 'approved', publishedAt: null } });
    await deliverElsewhere();
    expect(await states()).toEqual(['stopped', 'stopped']);
    expect(receiver.received).toEqual([]);
  });

  it.each<[string, object, string]>([
    [
      'quarantined',
      { state: 'quarantined', quarantinedAt: new Date(start), quarantineReason: 'x' },
      'the release is quarantined here',
    ],
    ['left with too few signatures', { belowSince: new Date(start) }, 'fewer signatures'],
    ['yanked', { yankedReason: 'broken' }, 'the release is yanked here'],
  ])('stops when it is %s meanwhile, and an owner can send it later', async (_, data, why) => {
    await set();
    await publish();
    const before = await world.db.draft.findUniqueOrThrow({ where: { id: draft } });
    await world.db.draft.update({ where: { id: draft }, data });
    expect(await deliverElsewhere()).toBe(0);
    expect([await states(), await says()]).toEqual([['stopped', 'stopped'], expect.stringContaining(why)]);
    expect(receiver.received).toEqual([]);
    const { state, belowSince, quarantinedAt, quarantineReason, yankedReason } = before;
    await world.db.draft.update({
      where: { id: draft },
      data: { state, belowSince, quarantinedAt, quarantineReason, yankedReason },
    });
    await sendElsewhere(team.ada.actor, { project: team.project, version });
    expect(await deliverElsewhere()).toBe(2);
  });

  it('from before goes there when an owner says so, once', async () => {
    await publish();
    await set();
    await deliverElsewhere();
    expect(receiver.received).toEqual([]);
    expect((await elsewherePage(team.ada.actor, team.project)).notSent).toContain(version);
    const asked = { project: team.project, version };
    expect(await sendElsewhere(team.ada.actor, asked)).toEqual({ files: 2 });
    await deliverElsewhere();
    await expectRefusal(() => sendElsewhere(team.ada.actor, asked), 'elsewhere.not-now');
    expect(uploads()).toHaveLength(2);
  });
});

describe('what the other index answers', () => {
  const answering = (status: number, body = '', reason?: string) => {
    receiver.answer = (_, res) =>
      void (reason === undefined ? res.writeHead(status) : res.writeHead(status, reason)).end(body);
  };
  /** Its project page gives this digest for every file. */
  const having = (status: number, words: string, digest: (name: string) => string | undefined) => {
    receiver.answer = ({ method, path }, res) => {
      if (method === 'POST') return void res.writeHead(status).end(words);
      const names = [makeWheel(team.project, version).name, makeSdist(team.project, version).name];
      const files = names.map((filename) => ({ filename, hashes: { sha256: digest(filename) } }));
      res.writeHead(path === `/simple/${team.project}/` ? 200 : 404).end(JSON.stringify({ files }));
    };
  };

  it('is tried again later where it may go better, the waits growing, and given up at last', async () => {
    answering(503);
    await set();
    await publish();
    await deliverElsewhere();
    expect([await states(), await says()]).toEqual([['waiting', 'waiting'], expect.stringContaining('503')]);
    expect(await deliverElsewhere()).toBe(0);
    for (const wait of limits.webhookRetriesMs) {
      world.advance(wait);
      await deliverElsewhere();
    }
    expect(await states()).toEqual(['failed', 'failed']);
    expect(uploads()).toHaveLength(2 * (limits.webhookRetriesMs.length + 1));
    expect(await kinds('elsewhere.failed')).toBe(2);
    const mails = await world.db.mail.findMany({
      where: { event: 'elsewhere.failed', subject: { contains: version } },
    });
    expect(mails.map(({ toPerson }) => toPerson)).toEqual(['ada', 'ada']);
  });

  it.each([
    [403, 'Invalid or non-existent authentication information.'],
    [400, '<html><body>Invalid <b>version</b></body></html>'],
    [302, ''],
  ])('is a failure at once where it will not: %i', async (status, body) => {
    answering(status, body);
    await set();
    await publish();
    await deliverElsewhere();
    expect([await states(), await says()]).toEqual([['failed', 'failed'], expect.stringContaining(String(status))]);
    expect(await says()).not.toContain('<');
    answering(200);
    await sendElsewhere(team.ada.actor, { project: team.project, version });
    expect(await deliverElsewhere()).toBe(2);
  });

  it.each([
    [409, 'file already exists'],
    [400, 'File already exists. See https://elsewhere.example/help'],
  ])('“there already” is a success with the same digest: %i', async (status, words) => {
    const files = await world.db.draftFile.findMany({ where: { draftId: draft } });
    having(status, words, (name) => files.find((file) => file.name === name)?.sha256);
    await set();
    await publish();
    expect(await deliverElsewhere()).toBe(2);
    expect(await states()).toEqual(['done', 'done']);
  });

  it.each([
    ['another digest', () => 'ab'.repeat(32), 'ANOTHER FILE'],
    ['none', () => undefined, 'ANOTHER FILE'],
  ])('“there already” with %s is a failure that says so', async (_, digest, words) => {
    having(409, 'file already exists', digest);
    await set();
    await publish();
    expect(await deliverElsewhere()).toBe(0);
    expect([await states(), await says()]).toEqual([['failed', 'failed'], expect.stringContaining(words)]);
  });

  it('“there already” without an address to compare is a failure', async () => {
    answering(409);
    await set({ simple: '' });
    await publish();
    expect(await deliverElsewhere()).toBe(0);
    expect(await says()).toContain('nobody can say which');
  });

  it('is text of a stranger: kept in one short line, without control characters', async () => {
    answering(400, `\u001b[31mno${'x'.repeat(5000)}\n\u202Eok`);
    await set();
    await publish();
    await deliverElsewhere();
    expect(await says()).toMatch(/^400 Bad Request [^\p{Cc}]{0,320}$/u);
  });

  it('is waited for by one program at a time, and a claim of one that died lapses', async () => {
    await set();
    await publish();
    const claimed = { claimedAt: world.clock.now(), tries: 1 };
    await world.db.otherUpload.updateMany({ where: { draftId: draft }, data: claimed });
    expect(await deliverElsewhere()).toBe(0);
    world.advance(limits.elsewhereClaimMs + 1);
    expect(await deliverElsewhere()).toBe(2);
  });
});

it.each([
  ['OK', 'OK', '200 OK'],
  ['OK', 'OK\nsaved', '200 OK saved'],
  ['Bad Request', '<p>Invalid', '400 Bad Request Invalid'],
])('what another index says is not said twice: %s, %s', (reason, body, says) => {
  expect(readUploadAnswer({ status: Number(says.slice(0, 3)), reason, bytes: Buffer.from(body) }).says).toBe(says);
});

describe('a project page of another index', () => {
  const sha256 = 'ab'.repeat(32);
  const digest = (page: string) => findDigest(Buffer.from(page), 'x-1.0.tar.gz');

  it.each([
    ['HTML', `<a href="../../x-1.0.tar.gz#sha256=${sha256}" rel='internal'>x-1.0.tar.gz</a><br>`, sha256],
    ['JSON', JSON.stringify({ files: [null, { filename: 'x-1.0.tar.gz', hashes: { sha256 } }] }), sha256],
    ['another file', `<a href="y#sha256=${sha256}">y-1.0.tar.gz</a><a href="x">x-1.0.tar.gz</a>`, null],
    ['another hash', `<a href="x#md5=${'0'.repeat(32)}">x-1.0.tar.gz</a>`, null],
    ['a digest that is none', JSON.stringify({ files: [{ filename: 'x-1.0.tar.gz', hashes: { sha256: 'x' } }] }), null],
    ['no page', '{', null],
  ])('says which file is there: %s', (_, page, found) => {
    expect(digest(page)).toBe(found);
  });

  it('costs no more than its length, whatever stands in it', () => {
    expect(digest('<a href="'.repeat(400_000))).toBe(null);
    expect(digest(`${'<a href="'.repeat(400_000)}>x-1.0.tar.gz<`)).toBe(null);
    const answer = { status: 400, reason: '', bytes: Buffer.from('<head '.repeat(10_000)) };
    expect(readUploadAnswer(answer)).toMatchObject({ kind: 'refused' });
  });
});

describe('the other index of a project', () => {
  it('is set by an owner who signed in recently, told to every owner, and its secret is in no row and on no page', async () => {
    await expectRefusal(() => setOtherIndex(team.bo.actor, wish()), 'person.may-not');
    await expectRefusal(() => setOtherIndex({ ...team.ada.actor, freshUntil: 0 }, wish()), 'session.not-fresh');
    await set();
    const row = await world.db.otherIndex.findFirstOrThrow();
    expect(Buffer.from(row.sealed).toString('latin1')).not.toContain('pypi-secret');
    expect(JSON.stringify(await elsewherePage(team.ada.actor, team.project))).not.toContain('pypi-secret');
    const mail = await world.db.mail.findFirstOrThrow({ where: { event: 'elsewhere.changed' } });
    expect(mail).toMatchObject({ toPerson: 'ada', text: expect.stringContaining(receiver.host) as string });
    expect(mail.text).not.toContain('pypi-secret');
  });

  it.each<[string, Partial<SetOtherIndexInput>, string]>([
    ['plain http elsewhere', { url: 'http://elsewhere.example/legacy/' }, 'elsewhere.address'],
    ['a private address', { url: 'https://10.0.0.1/legacy/' }, 'elsewhere.address'],
    ['a secret in the address', { url: 'https://user:secret@elsewhere.example/' }, 'elsewhere.address'],
    ['this index', { url: 'https://sign.example.org/legacy/' }, 'elsewhere.address'],
    ['a private project page', { simple: 'https://localhost/simple/' }, 'elsewhere.simple'],
    ['no secret', { secret: '' }, 'elsewhere.secret'],
    ['a secret of two lines', { secret: 'a\nb' }, 'elsewhere.secret'],
    ['a user with a colon', { username: 'a:b' }, 'elsewhere.secret'],
  ])('cannot be %s', async (_, more, code) => {
    await expectRefusal(() => set(more), code as 'elsewhere.address');
  });

  it('is another one after a change: what waited for the earlier address stops', async () => {
    await set();
    await publish();
    await set({ url: `http://${receiver.host}/other/` });
    await deliverElsewhere();
    expect([await states(), receiver.received]).toEqual([['stopped', 'stopped'], []]);
    await sendElsewhere(team.ada.actor, { project: team.project, version });
    await deliverElsewhere();
    expect(uploads().map(({ path }) => path)).toEqual(['/other/', '/other/']);
  });

  it('can be taken away: nothing goes there any more', async () => {
    await set();
    await publish();
    await expectRefusal(() => removeOtherIndex(team.bo.actor, { project: team.project }), 'person.may-not');
    await removeOtherIndex(team.ada.actor, { project: team.project });
    await deliverElsewhere();
    expect([await states(), receiver.received]).toEqual([['stopped', 'stopped'], []]);
    await expectRefusal(() => removeOtherIndex(team.ada.actor, { project: team.project }), 'elsewhere.not-found');
  });

  it('is asked for nothing with a row that was changed in the database', async () => {
    await set();
    await publish();
    const url = `http://${receiver.host}/stolen/`;
    await world.db.otherIndex.updateMany({ data: { url } });
    await world.db.otherUpload.updateMany({ data: { url } });
    await deliverElsewhere();
    expect([await states(), receiver.received]).toEqual([['waiting', 'waiting'], []]);
    expect(await says()).toContain('WEBHOOK_KEY');
  });
});
