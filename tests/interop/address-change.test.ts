// Changing the address as a person without script does it, in a running instance that signs its mail and sends it by SMTP: the link in the new
// mailbox, the word in the old one, and who can sign in afterwards. The page of the mail key shows the key that signed those mails.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openVisitor, readableText, type Page, type Visitor } from '../../scripts/demo/visitor.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { headerOf, linksIn, openSmtpSink, type SmtpSink, type SunkMail } from '../support/smtp-sink.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cs-address-'));
const [old, fresh] = ['ada@example.org', 'ada@new.example'];
let sink: SmtpSink;
let instance: Instance;
let ada: Visitor;

beforeAll(async () => {
  sink = await openSmtpSink();
  const env = { INDEX_NAME: 'here', SMTP_URL: sink.url, MAIL_SIGNING_KEY_FILE: path.join(folder, 'mail-key.asc') };
  const where = { dataFolder: path.join(folder, 'data'), port: await freePort() };
  instance = await startInstance({ ...where, env, stdio: ['ignore', 'ignore', 'inherit'] });
  ada = openVisitor(instance.publicUrl);
});
afterAll(async () => {
  await instance?.end();
  await sink?.close();
  rmSync(folder, { recursive: true, force: true });
});

const mailTo = (address: string, subject: RegExp): Promise<SunkMail> =>
  sink.next(({ to, parsed }) => to.includes(address) && subject.test(parsed.subject ?? ''));

function linkIn(mail: SunkMail, place: string): string {
  const link = linksIn(mail).find((one) => one.startsWith(`${instance.publicUrl}${place}`));
  if (link === undefined) throw new Error(`The mail has no link to ${place}.`);
  return link;
}

/** The page behind the newest sign-in link to this address. */
async function askForLink(visitor: Visitor, address: string): Promise<Page> {
  sink.clear();
  await visitor.submit(await visitor.get('/sign-in'), 'Send me the link', { address });
  return visitor.get(linkIn(await mailTo(address, /^Sign in to/), '/sign-in/'));
}

it('goes to the new mailbox, is told to the old one, and then the new one signs in', async () => {
  const door = await askForLink(ada, old);
  await ada.submit(door, 'Create the account and sign in', { name: 'ada' });
  sink.clear();
  const asked = await ada.submit(await ada.get('/account/address'), 'Mail a link to it', { address: fresh });
  expect(readableText(asked.html)).toContain(`A link was mailed to ${fresh}`);
  const [toOld, toNew] = [await mailTo(old, /wants to change/), await mailTo(fresh, /^Confirm this address/)];
  expect(toOld.parsed.text).toContain(fresh);
  for (const mail of [toOld, toNew]) expect(headerOf(mail, 'content-type')).toMatch(/^multipart\/signed/);

  const link = linkIn(toNew, '/account/address/');
  const stranger = openVisitor(instance.publicUrl);
  expect(readableText((await stranger.get(link)).html)).toContain('Sign in first');
  expect(readableText((await ada.get('/account/address')).html)).toContain(`Mail goes to ${old}`);

  const done = await ada.submit(await ada.get(link), 'Change my address');
  expect(readableText(done.html)).toContain(`Mail goes to ${fresh}`);
  await mailTo(old, /was changed$/);
  await mailTo(fresh, /was changed$/);

  const elsewhere = openVisitor(instance.publicUrl);
  const back = await elsewhere.submit(await askForLink(elsewhere, fresh), 'Sign in');
  expect(readableText((await elsewhere.get('/account')).html)).toContain('ada');
  expect(back.status).toBe(200);
  expect(readableText((await askForLink(openVisitor(instance.publicUrl), old)).html)).toContain('is new here');
});

it('the page of the mail key shows its fingerprint, and its certificate can be fetched', async () => {
  const page = await openVisitor(instance.publicUrl).get('/mail-key');
  const fingerprint = /by-fingerprint\/([0-9A-F]{40})/.exec(page.html)?.[1] ?? '';
  expect(page.html.replace(/<[^>]+>|\s/g, '')).toContain(fingerprint);
  const certificate = await fetch(`${instance.publicUrl}/vks/v1/by-fingerprint/${fingerprint}`);
  expect(await certificate.text()).toMatch(/^-----BEGIN PGP PUBLIC KEY BLOCK-----/);
});
