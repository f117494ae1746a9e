// Every letter, as it arrives: queued in a change, delivered by SMTP to a real server, parsed back, and kept as a golden file beside this test
// (tests/server/letters/NAME.txt; `npx vitest run tests/server/letters.test.ts -u` writes them anew: read the difference before you commit it).
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailEvents, topicOf } from '#lib/core/mail-topics.ts';
import type { AccountName } from '#lib/core/ids.ts';
import { change } from '#lib/server/change.ts';
import { readMailAddress } from '#lib/server/mail/address.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import { deliverMail, openTransport } from '#lib/server/mail/deliver.ts';
import { letterCases } from '../support/letter-cases.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import { headerOf, openSmtpSink, type SmtpSink, type SunkMail } from '../support/smtp-sink.ts';
import { makeAccount } from '../support/story.ts';

const base = 'https://sign.example.org';
const names = Object.keys(letterCases);
let world: TestRuntime;
let sink: SmtpSink;
let letters: Map<string, Letter>;
const mails = new Map<string, SunkMail>();

beforeAll(async () => {
  sink = await openSmtpSink();
  const environment = { SMTP_URL: sink.url, SESSION_SECRET: 'a secret that is the same in every run of this test' };
  world = await openTestRuntime({ environment });
  await makeAccount('bo');
  letters = new Map(Object.entries(letterCases).map(([name, make]) => [name, make()]));
  for (const [name, letter] of letters) await send(name, letter);
});
afterAll(async () => {
  await world.close();
  await sink.close();
});

/** One at a time, so that each mail is known by its turn. */
async function send(name: string, letter: Letter): Promise<void> {
  const to = { address: readMailAddress('bo@example.org'), person: 'bo' as AccountName };
  await change({ kind: 'jobs' }, 'jobs', async ({ record, mail }) => {
    await record('draft.opened');
    await mail(to, letter);
  });
  const transport = openTransport();
  await deliverMail(transport);
  transport.close();
  const mail = sink.mails.at(-1);
  if (mail === undefined || sink.mails.length !== mails.size + 1) throw new Error(`${name} was not delivered once.`);
  mails.set(name, mail);
}

function mailOf(name: string): SunkMail {
  const mail = mails.get(name);
  if (mail === undefined) throw new Error(`${name} was not delivered.`);
  return mail;
}
function letterOf(name: string): Letter {
  const letter = letters.get(name);
  if (letter === undefined) throw new Error(`${name} is no letter.`);
  return letter;
}

/** The whole mail as a reader would print it; what is random is named. */
function golden({ parsed }: SunkMail): string {
  const known = (text: string): string =>
    text
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
      .replace(/boundary="[^"]+"/g, 'boundary="…"');
  const headers = parsed.headers.map(({ originalKey, value }) => `${originalKey}: ${known(value)}`).sort();
  const attached = parsed.attachments.map(({ filename, content }) => {
    const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
    return `\n=== ${filename ?? ''} ===\n${text}`;
  });
  const text = parsed.text?.replaceAll('\r\n', '\n').trimEnd() ?? '';
  const html = parsed.html?.replaceAll('\r\n', '\n').trimEnd() ?? '';
  return `${headers.join('\n')}\n\n=== text ===\n${text}\n\n=== html ===\n${html}\n${attached.join('')}`;
}

const harmless = new Set('html head meta title body p ul li table tr td code pre span a hr br blockquote'.split(' '));

const shownWords = (html: string): string[] =>
  html
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? "'")
    .split(/\s+/)
    .filter((word) => word !== '');

const folder = path.join('lib', 'server', 'mail', 'letters');
const sources = readdirSync(folder)
  .map((file) => readFileSync(path.join(folder, file), 'utf8'))
  .join('\n');

describe('the list of letters', () => {
  it('has every letter that a file of lib/server/mail/letters makes', () => {
    const cases = readFileSync(path.join('tests', 'support', 'letter-cases.ts'), 'utf8');
    const made = [...sources.matchAll(/export function (\w+Letter)\b/g)].map(([, name]) => name ?? '');
    expect(made.filter((name) => !cases.includes(`${name}(`))).toEqual([]);
  });

  it('has every event that a letter names', () => {
    const sent = new Set([...letters.values()].map(({ event }) => event as string));
    const missing = Object.keys(mailEvents).filter((event) => !sent.has(event));
    expect(missing.filter((event) => sources.includes(`'${event}'`))).toEqual([]);
  });

  it('has no golden file without a letter', () => {
    const kept = readdirSync(path.join('tests', 'server', 'letters')).map((file) => file.replace(/\.txt$/, ''));
    expect(kept.filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe.each(names)('the mail %s', (name) => {
  it('is the one that was looked at', async () => {
    await expect(golden(mailOf(name))).toMatchFileSnapshot(path.join(import.meta.dirname, 'letters', `${name}.txt`));
  });

  it('goes to one mailbox, and its headers are ours alone', () => {
    const { from, to, parsed } = mailOf(name);
    expect([from, to]).toEqual(['countersign@sign.example.org', ['bo@example.org']]);
    expect(parsed.to?.map(({ address }) => address)).toEqual(['bo@example.org']);
    const headers = parsed.headers.map(({ key, value }) => `${key}: ${value}`).join('\n');
    expect(headers).not.toMatch(/evil|<img|\u202e|\0|^(?:bcc|cc|reply-to|disposition-notification-to):/im);
    expect(parsed.subject?.length).toBeLessThan(100);
  });

  it('is recognised by robots, threads and lists', async () => {
    const mail = mailOf(name);
    const { event, project, thread, reason } = letterOf(name);
    const row = await world.db.mail.findFirstOrThrow({ where: { messageId: mail.parsed.messageId ?? '' } });
    expect(row.sentAt).not.toBeNull();
    expect(headerOf(mail, 'auto-submitted')).toBe('auto-generated');
    expect(headerOf(mail, 'x-countersign-event')).toBe(event);
    expect(headerOf(mail, 'x-countersign-reason')).toBe(reason);
    expect(headerOf(mail, 'list-id')).toBe(project && `${project} <${project}.sign.example.org>`);
    for (const key of ['references', 'in-reply-to'])
      expect(headerOf(mail, key)).toBe(thread && `<${thread}@sign.example.org>`);
  });

  it('says why it came, and can be switched off at once exactly where that is allowed', () => {
    const mail = mailOf(name);
    const { event, reason } = letterOf(name);
    const text = mail.parsed.text?.replaceAll(/\s+/g, ' ') ?? '';
    expect(text).toContain(`-- You get this mail because ${reason}.`);
    const mayBeOff = topicOf(event) !== null || event === 'mail.digest';
    expect(headerOf(mail, 'list-unsubscribe-post')).toBe(mayBeOff ? 'List-Unsubscribe=One-Click' : undefined);
    expect(/No more mail like this/.test(text)).toBe(mayBeOff);
    const way = headerOf(mail, 'list-unsubscribe');
    expect(way === undefined ? null : text.includes(way.slice(1, -1))).toBe(mayBeOff ? true : null);
  });

  it('says the same as text and as HTML', () => {
    const { parsed } = mailOf(name);
    const bare = (word: string): string => word.replace(/:$/, '');
    const text = new Set((parsed.text ?? '').split(/\s+/).map(bare));
    const html = new Set(shownWords(parsed.html ?? '').map(bare));
    expect([...text].filter((word) => !html.has(word) && !['--', '-', '>', ''].includes(word))).toEqual([]);
    expect([...html].filter((word) => !text.has(word))).toEqual([]);
  });

  it('loads nothing, hides nothing, and its links lead here', () => {
    const { parsed, raw } = mailOf(name);
    const html = parsed.html ?? '';
    const tags = [...html.matchAll(/<\/?([a-z]+)\b([^>]*)>/g)].map(([, tag = '', attributes = '']) => ({
      tag,
      attributes,
    }));
    expect([...new Set(tags.map(({ tag }) => tag))].filter((tag) => !harmless.has(tag))).toEqual([]);
    expect(
      tags.filter(({ attributes }) => /\b(?:src|background|on\w+|action)=|url\(|@import/.test(attributes)),
    ).toEqual([]);
    expect(html).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\0]/);
    expect(parsed.text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\0]|^Bcc/m);
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !link.startsWith(`${base}/`))).toEqual([]);
    expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThan(999);
    expect(raw).toMatch(/^[\t\r\n\x20-\x7e]*$/);
  });
});

describe('mails about one draft', () => {
  it('stand together in a mail program, each with an id of its own', () => {
    const about = names.filter((name) => /^(?:draft|decline|release)\./.test(name)).map(mailOf);
    expect(about.length).toBeGreaterThan(10);
    expect(new Set(about.map((mail) => headerOf(mail, 'references'))).size).toBe(1);
    expect(new Set(about.map(({ parsed }) => parsed.messageId)).size).toBe(about.length);
  });
});
