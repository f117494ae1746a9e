// The encrypted challenge as people get it: through a real SMTP exchange, parsed like a mail program does, opened with the command that stands in
// the mail, by real gpg and sq. What they print proves the key.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addKey } from '#lib/server/commands/add-key.ts';
import { proveKeyByToken } from '#lib/server/commands/prove-key-by-token.ts';
import { sendEncryptedChallenge } from '#lib/server/commands/send-encrypted-challenge.ts';
import { readConfig } from '#lib/server/config.ts';
import { deliverMail, openTransport } from '#lib/server/mail/deliver.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import { keyPage } from '#lib/server/queries/account-keys.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { makeAccount, type TestPerson } from '../support/story.ts';

const home = mkdtempSync(path.join(tmpdir(), 'cs-challenge-'));
const env = { ...process.env, GNUPGHOME: home };
const fileName = 'countersign-challenge.asc';

let runtime: Runtime;
let smtp: SMTPServer;
const received: Buffer[] = [];

beforeAll(async () => {
  smtp = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, _, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => done(void received.push(Buffer.concat(chunks))));
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const { port } = smtp.server.address() as AddressInfo;
  const environment = { PUBLIC_URL: 'https://sign.example.org', SMTP_URL: `smtp://127.0.0.1:${port}` };
  runtime = await openRuntime(readConfig({ DATA_DIR: path.join(home, 'data'), ...environment }));
});
afterAll(async () => {
  await runtime.close();
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
  spawnSync('gpgconf', ['--kill', 'gpg-agent'], { env });
  rmSync(home, { recursive: true, force: true });
});

const gpg = (...args: string[]): Buffer => {
  const fixed = ['--batch', '--quiet', '--no-tty', '--pinentry-mode', 'loopback', '--passphrase', ''];
  return execFileSync('gpg', [...fixed, ...args], { env, cwd: home, stdio: ['ignore', 'pipe', 'ignore'] });
};

/** Asks for a challenge for this key and answers the mail as it arrived. */
async function mailFor(
  name: string,
  certificate: Uint8Array,
): Promise<{ person: TestPerson['actor']; key: string; mail: Email }> {
  const { actor } = await makeAccount(name);
  const { fingerprint } = await addKey(actor, { certificate });
  await sendEncryptedChallenge(actor, { fingerprint });
  const transport = openTransport();
  try {
    expect(await deliverMail(transport)).toBeGreaterThan(0);
  } finally {
    transport.close();
  }
  const mails = await Promise.all(received.splice(0).map((raw) => PostalMime.parse(raw)));
  const mail = mails.find(({ attachments }) => attachments.length > 0);
  if (!mail) throw new Error('No mail with an attachment came.');
  return { person: actor, key: fingerprint, mail };
}

const attached = ({ attachments }: Email): Uint8Array => new Uint8Array(attachments[0]?.content as ArrayBuffer);
const inline = ({ text }: Email): Uint8Array =>
  Buffer.from(/-----BEGIN PGP MESSAGE-----[\s\S]+-----END PGP MESSAGE-----\r?\n/.exec(text ?? '')?.[0] ?? '');
const commandIn = ({ text }: Email, tool: string): string =>
  new RegExp(`^ +(${tool} .*${fileName})\\r?$`, 'm').exec(text ?? '')?.[1] ?? 'false';

/** Runs the command unmodified in a fresh folder that holds the message under its name, and what else is given. */
function runIn(name: string, command: string, files: Record<string, Uint8Array>): string {
  const folder = path.join(home, name);
  mkdirSync(folder);
  for (const [file, bytes] of Object.entries(files)) writeFileSync(path.join(folder, file), bytes);
  return execFileSync('sh', ['-c', command], {
    env,
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

describe('the command of the mail opens the message with gpg', () => {
  const kinds: [string, string, string][] = [
    ['ed25519 with cv25519', 'ed25519', 'cv25519'],
    ['rsa3072', 'rsa3072', 'rsa3072'],
    ['nistp256', 'nistp256', 'nistp256'],
  ];
  it.each(kinds)('of a fresh key: %s', async (_, main, sub) => {
    const name = `gpg-${main}`;
    gpg('--quick-generate-key', `${name} <${name}@example.org>`, main, 'sign', 'never');
    const fingerprint = /^fpr:+([0-9A-F]{40}):$/m.exec(gpg('--with-colons', '--list-keys', `${name}@`).toString())?.[1];
    gpg('--quick-add-key', fingerprint ?? '', sub, 'encr', 'never');
    const { person, key, mail } = await mailFor(name, gpg('--armor', '--export', `${name}@`));
    expect(mail.attachments.map(({ filename, disposition }) => [filename, disposition])).toEqual([
      [fileName, 'attachment'],
    ]);
    const command = commandIn(mail, 'gpg');
    expect(command).toBe(`gpg --decrypt ${fileName}`);
    expect(mail.html).toContain(command);
    const printed = ['attached', 'inline'].map((where) =>
      runIn(`${name}-${where}`, command, { [fileName]: where === 'inline' ? inline(mail) : attached(mail) }),
    );
    expect(printed[0]).toBe(printed[1]);
    await proveKeyByToken(person, { fingerprint: key, opened: printed[0] ?? '', way: 'opened' });
    expect((await keyPage(person, key)).state).toBe('active');
  });
});

describe('the command of the mail opens the message with sq', () => {
  it.each(['cv25519', 'rsa3k'])('of a fresh key: %s', async (suite) => {
    const secret = path.join(home, `${suite}.secret`);
    const quiet = { stdio: ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'] };
    execFileSync('sq', ['key', 'generate', '--cipher-suite', suite, '--userid', 'sq', '--export', secret], quiet);
    const certificate = execFileSync('sq', ['key', 'extract-cert', secret], quiet);
    const { person, key, mail } = await mailFor(`sq-${suite}`, certificate);
    const command = commandIn(mail, 'sq');
    const privateKey = readFileSync(secret);
    const [fromFile, fromText] = [attached(mail), inline(mail)].map((message, at) =>
      runIn(`sq-${suite}-${at}`, command, { [fileName]: message, [`${key}.private.asc`]: privateKey }),
    );
    expect(fromText).toBe(fromFile);
    await proveKeyByToken(person, { fingerprint: key, opened: fromFile ?? '', way: 'opened' });
    expect((await keyPage(person, key)).state).toBe('active');
  });
});
