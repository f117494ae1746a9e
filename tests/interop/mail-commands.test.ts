// The line in the mail, run as it stands there: read from a real SMTP exchange, run by a real shell with real curl and gpg against the real door.
// And each mistake that people make with it, made with the real tools, with the sentence that it gets.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readPrivateKey } from 'openpgp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFingerprint } from '#lib/core/ids.ts';
import { addKey } from '#lib/server/commands/add-key.ts';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { readConfig } from '#lib/server/config.ts';
import { deliverMail, openTransport } from '#lib/server/mail/deliver.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { personalLinkRoute } from '#web/personal-links.ts';
import { takePicture } from '../support/refusal.ts';
import { openSmtpSink, type SmtpSink, type SunkMail } from '../support/smtp-sink.ts';
import {
  changePolicy,
  inviteAndAccept,
  makeAccount,
  makeDraft,
  makePerson,
  makeProject,
  makeProvenKey,
  makeWheel,
  signDraft,
  storeUpload,
  type TestKey,
  type TestPerson,
} from '../support/story.ts';

const home = mkdtempSync(path.join(tmpdir(), 'cs-mail-'));
const gnupg = mkdtempSync(path.join(tmpdir(), 'cs-mail-gpg-'));
const env = { ...process.env, GNUPGHOME: gnupg, HOME: home, LC_ALL: 'C' };
const day = 86_400_000;
/** The clock of the server; the tools have that of the machine. */
let ahead = 0;

let runtime: Runtime;
let sink: SmtpSink;
let server: Server;
let [ada, bo, chi] = [] as unknown as [TestPerson, TestPerson, TestPerson];
let project = '';
let versions = 0;

const fixed = ['--batch', '--yes', '--quiet', '--no-tty', '--pinentry-mode', 'loopback', '--passphrase', ''];
const gpg = (...args: string[]): Buffer =>
  execFileSync('gpg', [...fixed, ...args], { env, cwd: home, stdio: ['ignore', 'pipe', 'ignore'] });

/** A key in the ring of the shell, made two days ago, with a signing subkey as people have it. */
async function keyInRing(name: string, expires: string): Promise<TestKey> {
  const then = new Date(Date.now() - 2 * day).toISOString().slice(0, 19).replace(/[-:]/g, '');
  const at = ['--faked-system-time', `${then}!`];
  gpg(...at, '--quick-generate-key', `${name} <${name}@example.org>`, 'ed25519', 'cert', expires);
  const listed = gpg('--with-colons', '--list-keys', name).toString();
  const fingerprint = readFingerprint(/^fpr:+([0-9A-F]{40}):$/m.exec(listed)?.[1]);
  gpg(...at, '--quick-add-key', fingerprint, 'ed25519', 'sign', expires);
  const armoredKey = gpg('--armor', '--export-secret-keys', fingerprint).toString();
  return { private: await readPrivateKey({ armoredKey }), certificate: gpg('--export', fingerprint), fingerprint };
}

async function personInRing(name: string, expires = 'never'): Promise<TestPerson> {
  const account = await makeAccount(name);
  return { ...account, key: await makeProvenKey(account.actor, await keyInRing(name, expires)) };
}

beforeAll(async () => {
  sink = await openSmtpSink();
  server = createServer((req, res) => void personalLinkRoute(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const environment = { DATA_DIR: path.join(home, 'data'), PUBLIC_URL: publicUrl, SMTP_URL: sink.url };
  const clock = { now: () => new Date(Date.now() + ahead) };
  runtime = await openRuntime(readConfig({ ...environment, INDEX_NAME: 'sign.example.org' }), { clock });
  ada = await makePerson('ada');
  bo = await personInRing('bo');
  chi = await personInRing('chi', '10d');
  project = await makeProject(ada, 'sunrise');
  const admit = [await inviteAndAccept(ada, project, bo), await inviteAndAccept(ada, project, chi)];
  await changePolicy(ada, { project, admit, threshold: 2 }, ada);
  await keyInRing('eve', 'never');
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await runtime.close();
  await sink.close();
  spawnSync('gpgconf', ['--kill', 'gpg-agent'], { env });
  for (const folder of [home, gnupg]) rmSync(folder, { recursive: true, force: true });
});

type Asked = { draft: string; mail: SunkMail; link: string; line: string };

/** Opens a draft and answers what arrived in the mail of this person. */
async function ask(person: TestPerson = bo, version = `1.0.${(versions += 1)}`): Promise<Asked> {
  sink.clear();
  const { draft } = await makeDraft(ada, project, version);
  return { draft, ...(await mailTo(person, version)) };
}

async function mailTo({ address }: TestPerson, version: string): Promise<Omit<Asked, 'draft'>> {
  const transport = openTransport();
  await deliverMail(transport);
  transport.close();
  const mail = await sink.next(({ to, parsed }) => to.includes(address) && Boolean(parsed.subject?.includes(version)));
  const text = mail.parsed.text ?? '';
  const line = text.split('\n').find((one) => one.trim().startsWith('curl ')) ?? '';
  const link = /^ +(http\S+\/d\/\S+)$/m.exec(text)?.[1] ?? '';
  return { mail, link, line: line.trim() };
}

/** Runs a line in a shell, in a folder that it may fill; answers what it printed. */
function run(line: string): Promise<{ out: string; err: string; folder: string }> {
  const folder = mkdtempSync(path.join(home, 'shell-'));
  const child = spawn('sh', ['-c', line], { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
  return new Promise((resolve) => child.on('close', () => resolve({ out, err, folder })));
}

const put = (link: string) => `curl -s -T - ${link}/signatures`;

describe('the line in the mail', () => {
  it('signs and hands in as it stands there, and answers in one line', async () => {
    const { draft, line, mail } = await ask();
    await signDraft(ada, draft);
    expect(line).toContain(`gpg -u '${bo.key.private.getSubkeys()[0]?.getFingerprint().toUpperCase() ?? ''}!' `);
    const { out, folder } = await run(line);
    expect(out).toBe('counted: 2 of 2, publishing\n');
    const statement = await runtime.db.revision.findFirstOrThrow({ where: { draftId: draft } });
    expect(readFileSync(path.join(folder, 'SHA256SUMS'))).toEqual(Buffer.from(statement.statement));
    expect(mail.parsed.text).toContain(statement.sha256);
    const row = await runtime.db.signature.findFirstOrThrow({ where: { draftId: draft, personName: 'bo' } });
    expect(row).toMatchObject({ via: 'link', key: bo.key.fingerprint, countedSlot: `${draft}:statement:1:bo` });
    const entry = await runtime.db.historyEntry.findFirstOrThrow({ where: { draftId: draft, kind: 'draft.approved' } });
    expect(entry).toMatchObject({ actor: 'bo', via: 'link' });
  });

  it('stands in the HTML part with the same words', async () => {
    const { line, mail } = await ask();
    const html = mail.parsed.html ?? '';
    expect(html.replaceAll('&amp;', '&').replaceAll('&#39;', "'")).toContain(line);
  });

  it('says who can complete the release when it is not the last one, and that a second time adds nothing', async () => {
    const { line } = await ask();
    expect((await run(line)).out).toBe('counted: 1 of 2, ada or chi can complete it\n');
    expect((await run(line)).out).toMatch(
      /^already counted: You signed revision 1 on [-0-9: ]+ UTC; nothing to do\. 1 of 2, ada or chi can complete it\n$/,
    );
  });

  it('gives the files that the statement binds, which sha256sum accepts', async () => {
    const { draft, link } = await ask();
    const files = await runtime.db.draftFile.findMany({ where: { draftId: draft } });
    const fetch = [`curl -sO ${link}/SHA256SUMS`, ...files.map(({ name }) => `curl -sO ${link}/files/${name}`)];
    const { out } = await run([...fetch, 'sha256sum --check --strict SHA256SUMS'].join(' && '));
    expect(out.match(/: OK$/gm)).toHaveLength(files.length);
  });

  it('fetches the newest statement, and says that it is newer than the mail', async () => {
    const { draft, line } = await ask();
    await revise(draft);
    expect((await run(line)).out).toBe(
      'counted for revision 2, which is newer than your mail: 1 of 2, ada or chi can complete it\n',
    );
  });
});

async function revise(draft: string): Promise<void> {
  const { version } = await runtime.db.draft.findUniqueOrThrow({ where: { id: draft } });
  const uploads = [await storeUpload(makeWheel(project, version, 'x = 2\n'))];
  await changeFiles(ada.actor, { draft, uploads, remove: [], signatures: [] });
}

/** What the database says less the count of uploads that could not be verified. */
async function pictureWithoutCount(): Promise<Record<string, unknown>> {
  const picture = await takePicture();
  return {
    ...picture,
    PersonalLink: await runtime.db.personalLink.findMany({ omit: { unverified: true }, orderBy: { id: 'asc' } }),
  };
}
const counted = async (): Promise<number> => {
  const { _sum } = await runtime.db.personalLink.aggregate({ _sum: { unverified: true } });
  return _sum.unverified ?? 0;
};

/** Runs the line, which must leave no trace but one count, and answers the one line that it printed. */
async function runWithoutTrace(line: string): Promise<string> {
  const before = await pictureWithoutCount();
  const count = await counted();
  const { out } = await run(line);
  expect(await pictureWithoutCount()).toEqual(before);
  expect(await counted()).toBe(count + 1);
  return out;
}

const fetched = (link: string) => `curl -sO ${link}/SHA256SUMS`;
const sha = 'SHA256SUMS';

describe('each mistake gets its sentence, in one line', () => {
  // prettier-ignore
  const wrong: [what: string, line: (asked: Asked) => string, says: RegExp][] = [
    ['a clear-signed message', ({ link }) => `${fetched(link)} && gpg -u bo --clearsign -o - ${sha} | ${put(link)}`, /^not counted: That is a clear-signed message\. Make a detached signature/],
    ['a message with its content inside', ({ link }) => `${fetched(link)} && gpg -u bo -as -o - ${sha} | ${put(link)}`, /^not counted: That is a message with its content inside/],
    ['the public key', ({ link }) => `gpg --armor --export bo | ${put(link)}`, /^not counted: That is a public key, not a signature\. Do you want to register it\?/],
    ['the private key', ({ link }) => `gpg --batch --armor --export-secret-keys bo | ${put(link)}`, /^not counted: That is a private key\. Never give it to anybody: it was not stored\./],
    ['something else', ({ link }) => `printf 'PK\\003\\004 a zip file' | ${put(link)}`, /^not counted: This is not an OpenPGP signature; it looks like /],
    ['a key that nobody registered', ({ link }) => `${fetched(link)} && gpg -u eve -ab -o - ${sha} | ${put(link)}`, /^not counted: .*key [0-9A-F]{16,40}/],
    ['a signature over something else', ({ link }) => `echo other > other && gpg -u bo -ab -o - other | ${put(link)}`, /^not counted: /],
    ['text mode', ({ link }) => `${fetched(link)} && gpg -u bo --textmode -ab -o - ${sha} | ${put(link)}`, /^not counted: .*text/i],
  ];

  it.each(wrong)('%s', async (_, line, says) => {
    const asked = await ask();
    const out = await runWithoutTrace(line(asked));
    expect(out).toMatch(says);
    expect(out.trimEnd()).not.toContain('\n');
  });

  it('a clock that is ahead', async () => {
    const { link } = await ask();
    const inAnHour = new Date(Date.now() + 58 * 60_000).toISOString().slice(0, 19).replace(/[-:]/g, '');
    const { out } = await run(
      `${fetched(link)} && gpg -u bo --faked-system-time ${inAnHour} -ab -o - ${sha} | ${put(link)}`,
    );
    expect(out).toMatch(/^not counted: .*future/);
  });

  it('a signature over an earlier revision: which one it is of, and what to do', async () => {
    const { draft, link } = await ask();
    const { folder } = await run(`${fetched(link)} && gpg -u bo -ab -o mine.asc ${sha}`);
    await revise(draft);
    const { out } = await run(`cat ${folder}/mine.asc | ${put(link)}`);
    expect(out).toMatch(
      /^not counted: For revision 1; the files changed since\. Download the current statement and sign again\.\n$/,
    );
  });

  it('nothing at all, because gpg does not have the key', async () => {
    const { link } = await ask();
    const { out, err } = await run(`${fetched(link)} && gpg -u nobody -ab -o - ${sha} | ${put(link)}`);
    expect(out).toMatch(/^Nothing came|^not counted: Nothing came, so nothing was counted: gpg made no signature/);
    expect(err).toContain('No secret key');
  });

  it('a form, a file that is too large, the wrong method, half an address', async () => {
    const { link } = await ask();
    writeFileSync(path.join(home, 'large'), Buffer.alloc(3 * 1024 ** 2));
    expect((await run(`curl -s -F file=@${home}/large ${link}/signatures`)).out).toMatch(
      /^not counted: That is a form\. /,
    );
    expect((await run(`curl -s -T ${home}/large ${link}/signatures`)).out).toMatch(
      /^not counted: A signature file has at most 65536 bytes/,
    );
    expect((await run(`curl -s ${link}/signatures`)).out).toMatch(/^Signatures are sent here: curl -T /);
    expect((await run(`curl -s ${link.slice(0, -3)}/SHA256SUMS`)).out).toMatch(
      /^This link opens nothing\. Copy it whole/,
    );
    expect((await run(`curl -s ${link}/files/absent.whl`)).out).toMatch(/^The draft has no file “absent\.whl”\.\n$/);
  });

  it('a key that has expired since, though the signature is older', async () => {
    const { link } = await ask(chi);
    const { folder } = await run(`${fetched(link)} && gpg -u chi -ab -o mine.asc ${sha}`);
    ahead = 12 * day;
    const { out } = await run(`cat ${folder}/mine.asc | ${put(link)}`);
    ahead = 0;
    expect(out).toMatch(/^not counted: .*expired/);
  });

  it('a key that was revoked', async () => {
    const { link } = await ask();
    const { folder } = await run(`${fetched(link)} && gpg -u bo -ab -o mine.asc ${sha}`);
    const made = path.join(gnupg, 'openpgp-revocs.d', `${bo.key.fingerprint}.rev`);
    const armored = readFileSync(made, 'utf8').replace(/^[^]*:(?=-----BEGIN)/, '');
    await addKey(bo.actor, { certificate: Buffer.from(armored) });
    const { out } = await run(`cat ${folder}/mine.asc | ${put(link)}`);
    expect(out).toMatch(/^not counted: .*revoked/);
  });
});
