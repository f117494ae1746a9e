// Signed mail as it arrives: taken from a real SMTP server, split as RFC 3156 says, and checked by real gpg with the certificate that the instance
// publishes. What a relay changes breaks it.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateKey } from 'openpgp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AccountName, Fingerprint } from '#lib/core/ids.ts';
import { change } from '#lib/server/change.ts';
import { readConfig } from '#lib/server/config.ts';
import { readMailAddress } from '#lib/server/mail/address.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import { deliverMail, openTransport } from '#lib/server/mail/deliver.ts';
import { keyChallengeLetter } from '#lib/server/mail/letters/key-challenge.ts';
import { openMailKey } from '#lib/server/mail/mail-key.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { keysOfAddress, wkdHash } from '#lib/server/queries/key-directory.ts';
import { letterCases } from '../support/letter-cases.ts';
import { headerOf, openSmtpSink, type SmtpSink, type SunkMail } from '../support/smtp-sink.ts';

const home = mkdtempSync(path.join(tmpdir(), 'cs-signed-mail-'));
const env = { ...process.env, GNUPGHOME: home };
const keyFile = path.join(home, 'made', 'mail-key.asc');
const at = (name: string): string => path.join(home, name);
const settings = { PUBLIC_URL: 'https://sign.example.org', DATA_DIR: at('data'), MAIL_SIGNING_KEY_FILE: keyFile };

let runtime: Runtime;
let sink: SmtpSink;
beforeAll(async () => {
  sink = await openSmtpSink();
  runtime = await openRuntime(readConfig({ ...settings, SMTP_URL: sink.url }));
  writeFileSync(at('mail.asc'), runtime.mailKey?.armored ?? '');
  execFileSync('gpg', ['--batch', '--quiet', '--import', at('mail.asc')], { env, stdio: 'ignore' });
});
afterAll(async () => {
  await runtime.close();
  await sink.close();
  spawnSync('gpgconf', ['--kill', 'gpg-agent'], { env });
  rmSync(home, { recursive: true, force: true });
});
afterEach(() => sink.clear());

async function deliver(letter: Letter): Promise<SunkMail> {
  const to = { address: readMailAddress('bo@example.org') };
  await change({ kind: 'jobs' }, 'jobs', async ({ record, mail }) => {
    await record('draft.opened');
    await mail(to, letter);
  });
  const transport = openTransport();
  await deliverMail(transport);
  transport.close();
  return sink.next(() => true);
}

type Signed = { body: string; signature: string };

/** The signed octets and the signature: between the delimiters, whose line breaks belong to them (RFC 2046, 5.1.1). */
function split(mail: SunkMail): Signed {
  const type = headerOf(mail, 'content-type') ?? '';
  expect(type).toMatch(/^multipart\/signed;/);
  expect(type).toMatch(/micalg="?pgp-sha512"?/);
  expect(type).toMatch(/protocol="application\/pgp-signature"/);
  const boundary = /boundary="([^"]+)"/.exec(type)?.[1] ?? '';
  const [, body = '', packet = '', rest] = mail.raw.split(`--${boundary}`);
  expect(rest?.trim()).toBe('--');
  const inside = (part: string): string => part.replace(/^\r\n/, '').replace(/\r\n$/, '');
  return { body: inside(body), signature: inside(packet).split('\r\n\r\n').slice(1).join('\r\n\r\n') };
}

/** The fingerprint that made a good signature; null: it is bad. */
function verify({ body, signature }: Signed): string | null {
  writeFileSync(at('body'), body, 'latin1');
  writeFileSync(at('signature.asc'), signature, 'latin1');
  const { stdout } = spawnSync('gpg', ['--batch', '--status-fd', '1', '--verify', at('signature.asc'), at('body')], {
    ...{ env, encoding: 'utf8' },
  });
  return /^\[GNUPG:\] VALIDSIG ([0-9A-F]{40})/m.exec(stdout)?.[1] ?? null;
}

const asked = (): Letter => {
  const make = letterCases['draft.opened'];
  if (make === undefined) throw new Error('There is no such letter.');
  return make();
};

describe('signed mail', () => {
  it('is verified by gpg with the published certificate, and reads as it would without', async () => {
    const mail = await deliver(asked());
    expect(verify(split(mail))).toBe(runtime.mailKey?.fingerprint);
    const row = await runtime.db.mail.findUniqueOrThrow({ where: { messageId: mail.parsed.messageId ?? '' } });
    expect(mail.parsed.text?.replaceAll('\r\n', '\n').trim()).toBe(row.text.trim());
    expect(mail.parsed.html?.replaceAll('\r\n', '\n').trim()).toBe(row.html.trim());
    expect(mail.parsed).toMatchObject({ subject: row.subject, to: [{ address: 'bo@example.org' }] });
    for (const [name, value] of Object.entries(row.headers as Record<string, string>))
      expect(headerOf(mail, name)).toBe(value);
    expect(mail.parsed.headers.filter(({ key }) => key === 'message-id')).toHaveLength(1);
  });

  it('carries no octet that a relay would change: seven bits, short lines, no space at an end', async () => {
    const { raw } = await deliver(asked());
    expect(raw).toMatch(/^[\t\r\n\x20-\x7e]*$/);
    expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(78);
    const { body } = split(sink.mails[0] as SunkMail);
    expect(body).not.toMatch(/[ \t]\r\n/);
  });

  it('covers what is attached', async () => {
    const sealed = '-----BEGIN PGP MESSAGE-----\n\nwV4D\n=AbCd\n-----END PGP MESSAGE-----\n';
    const about = { person: 'bo' as AccountName, key: 'B'.repeat(40) as Fingerprint, sealed };
    const expiresAt = new Date(Date.now() + 3_600_000);
    const mail = await deliver(keyChallengeLetter({ ...about, expiresAt }));
    const parts = split(mail);
    expect(verify(parts)).toBe(runtime.mailKey?.fingerprint);
    expect(parts.body).toContain('countersign-challenge.asc');
    expect(mail.parsed.attachments.map(({ filename }) => filename)).toContain('countersign-challenge.asc');
  });

  it('is no longer good after one changed character', async () => {
    const { body, signature } = split(await deliver(asked()));
    const changed = body.replace('3333', '3334');
    expect(changed).not.toBe(body);
    expect(verify({ body: changed, signature })).toBeNull();
  });

  it('has a certificate that a mail program finds by the sender alone (Web Key Directory)', async () => {
    const found = await keysOfAddress({ domain: 'sign.example.org', hash: wkdHash('countersign'), localPart: null });
    expect(found && Buffer.from(found)).toEqual(Buffer.from(runtime.mailKey?.certificate ?? []));
    const uids = execFileSync('gpg', ['--batch', '--with-colons', '--list-keys'], { env, encoding: 'utf8' });
    expect(uids).toContain('Countersign <countersign@sign.example.org>');
  });
});

describe('the mail key', () => {
  const config = (file: string) => readConfig({ ...settings, MAIL_SIGNING_KEY_FILE: file });
  const now = new Date();

  it('is made once, for its owner alone, and is not the index key', async () => {
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    const again = await openMailKey(config(keyFile), now);
    expect(again?.fingerprint).toBe(runtime.mailKey?.fingerprint);
    expect(readFileSync(at('mail.asc'), 'utf8')).not.toContain('PRIVATE');
  });

  it('is made by one of two programs that start at once', async () => {
    const both = await Promise.all([1, 2].map(() => openMailKey(config(at('twice.asc')), now)));
    expect(both[0]?.fingerprint).toBe(both[1]?.fingerprint);
  });

  it('is refused when others can read it', async () => {
    await openMailKey(config(at('loose.asc')), now);
    chmodSync(at('loose.asc'), 0o644);
    await expect(openMailKey(config(at('loose.asc')), now)).rejects.toMatchObject({ code: 'mail-key.loose-mode' });
  });

  it('is refused when it needs a passphrase, or is none', async () => {
    const locked = await generateKey({ userIDs: [{ name: 'x' }], passphrase: 'a passphrase', format: 'armored' });
    writeFileSync(at('locked.asc'), locked.privateKey, { mode: 0o600 });
    await expect(openMailKey(config(at('locked.asc')), now)).rejects.toMatchObject({
      code: 'private-key.needs-passphrase',
    });
    writeFileSync(at('none.asc'), 'no key', { mode: 0o600 });
    await expect(openMailKey(config(at('none.asc')), now)).rejects.toMatchObject({ code: /^private-key\./ });
  });

  it('need not be: without the setting mail is not signed', async () => {
    const { MAIL_SIGNING_KEY_FILE: _, ...without } = settings;
    expect(await openMailKey(readConfig(without), now)).toBeNull();
  });
});
