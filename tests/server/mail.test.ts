// Mail: exactly one mailbox, two parts that say the same, headers for threads and robots, delivered once.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  readAccountName,
  readDraftId,
  readFileName,
  readFingerprint,
  readProjectName,
  readSha256,
  readVersion,
} from '#lib/core/ids.ts';
import { change } from '#lib/server/change.ts';
import { limits } from '#lib/server/limits.ts';
import { readMailAddress } from '#lib/server/mail/address.ts';
import { compose, type Letter } from '#lib/server/mail/compose.ts';
import { deliverMail, openTransport } from '#lib/server/mail/deliver.ts';
import { draftOpenedLetter } from '#lib/server/mail/letters/draft-opened.ts';
import { listMailbox, readMailboxMail } from '#lib/server/queries/mailbox.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { headerOf, openSmtpSink, type SmtpSink, type SunkMail } from '../support/smtp-sink.ts';

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
beforeEach(async () => {
  sink.clear();
  await world.db.mail.deleteMany({});
});

const sha = (digit: string) => readSha256(digit.repeat(64));

const letter = (): Letter =>
  draftOpenedLetter({
    project: readProjectName('requests'),
    version: readVersion('9.1.0'),
    draft: readDraftId('6f2c9d1e4b7a'),
    revision: 3,
    openedBy: readAccountName('ada'),
    statement: { sha256: sha('3'), size: 412 },
    files: [
      { name: readFileName('requests-9.1.0-py3-none-any.whl'), size: 64_000, sha256: sha('7') },
      { name: readFileName('requests-9.1.0.tar.gz'), size: 1_290_000, sha256: sha('0') },
    ],
    signedSoFar: [readAccountName('ada')],
    required: 2,
    deadline: new Date('2026-12-21T12:00:00Z'),
    since: null,
    findings: { counts: null, lines: [] },
    ways: { link: 'https://sign.example.org/d/TOKEN', keys: [readFingerprint('AB'.repeat(20))] },
  });

const queue = (wanted: Letter = letter()) =>
  change({ kind: 'jobs' }, 'jobs', async ({ record, mail }) => {
    await record('draft.opened');
    await mail({ address: readMailAddress('bo@example.org'), person: readAccountName('bo') }, wanted);
  });

async function deliver(): Promise<number> {
  const transport = openTransport();
  try {
    return await deliverMail(transport);
  } finally {
    transport.close();
  }
}

function firstMail(): SunkMail {
  const [mail] = sink.mails;
  if (!mail) throw new Error('Nothing was delivered.');
  return mail;
}

describe('a mail address', () => {
  it.each([
    ['ada@example.org', 'ada@example.org'],
    [' Ada.L+x@Example.ORG ', 'ada.l+x@example.org'],
    ["o'neil@a-b.example", "o'neil@a-b.example"],
  ])('%j is read as %s', (claimed, address) => expect(readMailAddress(claimed)).toBe(address));

  it.each([
    'a@x.org, b@x.org',
    'a@x.org b@x.org',
    'a@x.org;b@x.org',
    'Ada <ada@x.org>',
    '"a@evil.org"@x.org',
    'a(c)@x.org',
    'a@x.org(c)',
    'a@x.org\r\nBcc: b@x.org',
    'a@x.org\n',
    'a\u0000@x.org',
    'a＠x.org',
    'a@x.org\u200b',
    'a@\u212a.org',
    'a@ex\u00e4mple.org',
    '@x.org',
    'a@',
    'a@@x.org',
    'a@b@x.org',
    '.a@x.org',
    'a.@x.org',
    'a..b@x.org',
    'a@-x.org',
    'a@x..org',
    'a@.org',
    'a@[127.0.0.1]',
    'a@127.0.0.1',
    'a%evil.example@x.org',
    'evil.example!a@x.org',
    '=?utf-8?q?a=40evil.example=3e=20?=@x.org',
    '@evil.example:a@x.org',
    'a@x.org>,<b@x.org',
    'a@x.org\\r\\nBcc:b@x.org',
    'a@x.org%0d%0aBcc:b@x.org',
    'a@x.org\u2028',
    'a@x\u3002org',
    'a\ufe6bx.org',
    'a@\uff58.org',
    'mailto:a@x.org',
    'undisclosed-recipients:;',
    `${'a'.repeat(65)}@x.org`,
    `a@${'x'.repeat(64)}.org`,
    '',
    'ada',
    null,
    7,
    ['a@x.org'],
  ])('%j is refused', (claimed) =>
    expect(() => readMailAddress(claimed)).toThrow(expect.objectContaining({ code: 'address.not-one-mailbox' })),
  );
});

describe('a composed mail', () => {
  it('carries what is to be compared, as text that works in any mail program', () => {
    expect(compose(letter()).text).toBe(`ada opened release 9.1.0 of requests and asks you to sign revision 3.

  You would sign  SHA256SUMS, 412 bytes
  Its SHA-256     3333333333333333333333333333333333333333333333333333333333333333
  Signed so far   ada, 1 of 2
  Expires         21 December 2026, 12:00 UTC

  requests-9.1.0-py3-none-any.whl  64 kB   sha256 7777777777777777…
  requests-9.1.0.tar.gz            1.3 MB  sha256 0000000000000000…

Nothing of this project was published here before.

Look at it and sign:
  https://sign.example.org/d/TOKEN

The link is yours alone and needs no sign-in, but it cannot sign for you:
compare the digest above with the one on the page, then sign with your own
key.

Or without a browser, with GnuPG; it answers in one line:

  curl -sO https://sign.example.org/d/TOKEN/SHA256SUMS && gpg -u 'ABABABABABABABABABABABABABABABABABABABAB!' -ab -o - SHA256SUMS | curl -T - https://sign.example.org/d/TOKEN/signatures

-- 
You get this mail because you are a maintainer of requests.
`);
  });

  it('says the same in HTML: every word of the text part stands there too', () => {
    const { text, html } = compose(letter());
    const shown = html
      .replace(/<[^>]+>/g, ' ')
      .replaceAll('&amp;', '&')
      .replaceAll('&#39;', "'");
    for (const word of text.split(/\s+/).filter((one) => one !== '--')) expect(shown).toContain(word.replace(/:$/, ''));
  });

  it('escapes what is hostile and loads nothing from anywhere', () => {
    const hostile = '<img src=x onerror=alert(1)>"\'&\u202egnp.exe\r\nBcc: x';
    const { html, text } = compose({
      event: 'sign-in',
      subject: hostile,
      reason: hostile,
      parts: [{ paragraph: hostile }, { facts: [[hostile, hostile]] }, { command: hostile, says: hostile }],
    });
    expect(html).not.toMatch(/<(img|script|link|style|iframe)\b/);
    expect(html).not.toMatch(/\u202e/);
    expect(text).not.toMatch(/\u202e|\r|\nBcc/);
  });
});

describe('delivery by SMTP', () => {
  it('sends both parts, with headers for threads, lists and robots', async () => {
    await queue();
    expect(await deliver()).toBe(1);
    const mail = firstMail();
    const { parsed } = mail;
    const row = await world.db.mail.findFirstOrThrow();
    expect(mail.to).toEqual(['bo@example.org']);
    expect(parsed).toMatchObject({
      subject: '[requests] 9.1.0 needs your signature (1 of 2)',
      messageId: row.messageId,
    });
    expect(parsed.from?.address).toBe('countersign@sign.example.org');
    expect(parsed.text?.trim()).toBe(row.text.trim());
    expect(parsed.html?.trim()).toBe(row.html.trim());
    expect(headerOf(mail, 'auto-submitted')).toBe('auto-generated');
    expect(headerOf(mail, 'list-id')).toBe('requests <requests.sign.example.org>');
    expect(headerOf(mail, 'references')).toBe('<draft-6f2c9d1e4b7a@sign.example.org>');
    expect(headerOf(mail, 'in-reply-to')).toBe('<draft-6f2c9d1e4b7a@sign.example.org>');
    expect(headerOf(mail, 'x-countersign-reason')).toBe('you are a maintainer of requests');
    expect(row.sentAt).toEqual(world.clock.now());
  });

  it('happens once, also when two programs deliver at once', async () => {
    await Promise.all([queue(), queue(), queue()]);
    const sent = await Promise.all([deliver(), deliver()]);
    expect(sent.reduce((sum, one) => sum + one, 0)).toBe(3);
    expect(sink.mails).toHaveLength(3);
    expect(await deliver()).toBe(0);
  });

  it('that is refused is tried again later, with growing pauses and the same Message-ID', async () => {
    await queue();
    sink.answer = () => ({ code: 452, says: 'mailbox full' });
    expect(await deliver()).toBe(0);
    const first = await world.db.mail.findFirstOrThrow();
    expect(first).toMatchObject({ sentAt: null, claimedAt: null, attempts: 1 });
    expect(first.lastError).toContain('mailbox full');
    sink.answer = () => null;
    expect(await deliver()).toBe(0);
    world.advance(limits.mailBackOffMs);
    expect(await deliver()).toBe(1);
    expect(firstMail().parsed.messageId).toBe(first.messageId);
  });

  it('of one mail that fails does not hold up the others', async () => {
    await queue();
    await queue();
    sink.answer = () => (sink.offered.length === 1 ? { code: 451, says: 'no' } : null);
    expect(await deliver()).toBe(1);
  });

  it('that died after its claim is taken over when the claim has lapsed, not before', async () => {
    await queue();
    await world.db.mail.updateMany({ data: { claimedAt: world.clock.now(), attempts: 1 } });
    expect(await deliver()).toBe(0);
    world.advance(limits.mailClaimMs);
    expect(await deliver()).toBe(1);
  });

  it('leaves a change untouched when no server answers', async () => {
    const closed = { send: () => Promise.reject(new Error('connect ECONNREFUSED')), close: () => undefined };
    await queue();
    expect(await deliverMail(closed)).toBe(0);
    expect(await world.db.historyEntry.count({ where: { kind: 'draft.opened' } })).toBeGreaterThan(0);
  });

  it('never carries a second header in a subject', async () => {
    await queue({ event: 'sign-in', subject: 'x\r\nBcc: eve@example.org', parts: [], reason: 'x' });
    await deliver();
    expect(firstMail().to).toEqual(['bo@example.org']);
    expect(headerOf(firstMail(), 'bcc')).toBeUndefined();
  });
});

describe('the local mailbox', () => {
  it('does not exist where mail goes out by SMTP', async () => {
    await expectRefusal(() => listMailbox(world.secrets.mailbox), 'mailbox.not-found');
  });

  it('shows text and our own links to whoever knows its address, and nothing to others', async () => {
    const { smtpUrl } = world.config;
    world.config.smtpUrl = null;
    await queue();
    expect(await deliver()).toBe(1);
    const [entry] = await listMailbox(world.secrets.mailbox);
    expect(entry).toMatchObject({ to: 'bo@example.org', event: 'draft.opened' });
    const mail = await readMailboxMail(world.secrets.mailbox, entry?.id ?? '');
    expect(mail.links[0]).toBe('https://sign.example.org/d/TOKEN');
    await expectRefusal(() => listMailbox('guess'), 'mailbox.not-found');
    await expectRefusal(() => readMailboxMail('guess', mail.id), 'mailbox.not-found');
    await expectRefusal(() => readMailboxMail(world.secrets.mailbox, 'absent'), 'mailbox.not-found');
    world.config.smtpUrl = smtpUrl;
  });
});
