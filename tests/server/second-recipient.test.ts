// Somebody types an address that one program reads as one mailbox and another as two, or as another one: a comma in a comment, a route, an encoded
// word, a line break. Whatever is accepted must be one mailbox for every reader on the way: the mailer, the wire, and the reader of the mail.
import addressparser from 'nodemailer/lib/addressparser';
import * as fc from 'fast-check';
import { addressParser } from 'postal-mime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRefusal } from '#lib/core/errors.ts';
import { requestSignIn } from '#lib/server/commands/request-sign-in.ts';
import { deliverMail, openTransport } from '#lib/server/mail/deliver.ts';
import { readMailAddress } from '#lib/server/mail/address.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { headerOf, openSmtpSink, type SmtpSink } from '../support/smtp-sink.ts';
import { visitor } from '../support/story.ts';

let world: TestRuntime;
let sink: SmtpSink;
beforeAll(async () => {
  sink = await openSmtpSink();
  world = await openTestRuntime({ environment: { SMTP_URL: sink.url } });
});
afterAll(async () => {
  await world.close();
  await sink.close();
});

const accepted = (claimed: string): string | null => {
  try {
    return readMailAddress(claimed);
  } catch (fault) {
    if (!isRefusal(fault)) throw fault;
    return null;
  }
};

// Pieces of which address parsers are made to stumble, in any order.
const pieces = [
  'a',
  'ada',
  'x.org',
  'evil.example',
  '@',
  '.',
  '+',
  '-',
  '_',
  "'",
  '"',
  '(',
  ')',
  '<',
  '>',
  ',',
  ';',
  ':',
  '\\',
  '%',
  '!',
  '=?utf-8?q?',
  '=2c',
  '?=',
  '&',
  '|',
  '/',
  '`',
  '{',
  '}',
  '[',
  ']',
  ' ',
  '\t',
  '\r\n',
  '\n',
  '\0',
  'Bcc: ',
  '＠',
  '\u200b',
  '\u202e',
  'ß',
  'K',
  'xn--',
  '127.0.0.1',
  'group:',
];
const claims = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 9 }).map((parts) => parts.join(''));

test('what is accepted is one and the same mailbox for every parser', () => {
  const check = (claimed: string): void => {
    const address = accepted(claimed);
    if (address === null) return;
    expect(addressparser(address)).toEqual([{ name: '', address }]);
    expect(addressParser(address)).toEqual([{ name: '', address }]);
    expect(address.split('@')).toHaveLength(2);
    expect(accepted(address)).toBe(address);
  };
  fc.assert(fc.property(claims, check), { numRuns: 3000, seed: 64 });
  fc.assert(fc.property(fc.emailAddress(), check), { numRuns: 500, seed: 64 });
});

test.each([
  "o'neil+tag@x.org",
  'a&b@x.org',
  'a|b@x.org',
  'a/b=c@x.org',
  '`id`@x.org',
  '$home@x.org',
  '-oq@x.org',
  '{a}~^*#@x.org',
  `${'a'.repeat(64)}@${'b'.repeat(60)}.org`,
])('%s is accepted, and the wire and the header name it and nobody else', async (address) => {
  sink.clear();
  await requestSignIn(visitor, { address, client: address });
  const transport = openTransport();
  expect(await deliverMail(transport)).toBe(1);
  transport.close();
  expect(sink.mails.map(({ to }) => to)).toEqual([[address]]);
  const [mail] = sink.mails;
  expect(mail?.parsed.to).toEqual([{ name: '', address }]);
  for (const header of ['cc', 'bcc', 'reply-to']) expect(mail && headerOf(mail, header)).toBeUndefined();
});

test.each([
  'ada@x.org, eve@evil.example',
  'ada@x.org(,eve@evil.example)',
  '"ada@x.org, eve"@evil.example',
  'eve%evil.example@x.org',
  'evil.example!eve@x.org',
  '=?utf-8?q?eve=40evil.example=2c?=@x.org',
  'ada＠x.org',
  'ada@x.org\r\nBcc: eve@evil.example',
  'ada@x.org\r\nRCPT TO:<eve@evil.example>',
])('%j is refused, and nothing is sent', async (address) => {
  sink.clear();
  await expect(requestSignIn(visitor, { address, client: 'c' })).rejects.toMatchObject({
    code: 'address.not-one-mailbox',
  });
  const transport = openTransport();
  expect(await deliverMail(transport)).toBe(0);
  transport.close();
  expect(sink.offered).toEqual([]);
});
