// One structure, two outputs: the text part and the HTML part of a mail say the same, because both are made from the same
// parts. Everything may be hostile (file names, project descriptions, user ids): control and direction characters are
// replaced, HTML is escaped, there is no remote image, no tracking and no style sheet. Links are made by us only, from
// the fixed public address; a mail never carries a link that signs.
import type { FileName, ProjectName, Sha256 } from '#lib/core/ids.ts';
import type { MailEvent } from '#lib/core/mail-topics.ts';
import { sizeText } from '#lib/core/size.ts';

/** Names under which something of ours is attached: never anything that came from outside. */
export type AttachmentName = 'countersign-challenge.asc';

export type MailPart =
  | { paragraph: string }
  /** What somebody wrote, in several lines: each is marked, so that none can be taken for ours. */
  | { quote: string }
  | { list: readonly string[]; says: string }
  | { entries: readonly { says: string; link: string }[]; says: string }
  | { facts: readonly (readonly [label: string, value: string])[] }
  | { files: readonly { name: FileName; size: number; sha256: Sha256 }[] }
  | { command: string; says: string }
  | { sealed: string; fileName: AttachmentName; says: string }
  | { link: string; says: string };

export type Letter = {
  /** Which kind of mail: decides whether the reader can switch it off (core/mail-topics.ts). */
  event: MailEvent;
  subject: string;
  parts: readonly MailPart[];
  /** Why this person gets it: `you are a maintainer of requests`. */
  reason: string;
  /** Makes the List-Id. */
  project?: ProjectName;
  /** Mails with the same thread stand together in a mail program: `draft-6f2c9d1e4b7a`. */
  thread?: string;
  /** It is not sent before: what it tells may be superseded until then (`takeBackUnsent`). */
  notBefore?: Date;
  /** From when on it is of no use, because its link has died: it is not sent any more then. */
  until?: Date;
};

/** For mail that the reader may switch off: where, and the link that does it at once. */
export type WaysOut = { settings: string; unsubscribe: string };

/** Text that cannot reorder, hide or break a line. */
export const plain = (hostile: string): string => hostile.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�');

const shortDigest = (sha256: string): string => `${sha256.slice(0, 16)}…`;

function wrap(text: string, width = 76): string {
  const lines: string[] = [];
  let line = '';
  for (const word of plain(text).split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line].join('\n');
}

/** `  - words that go on`, indented below themselves. */
const listLine = (line: string): string => `  - ${wrap(line, 72).replaceAll('\n', '\n    ')}`;

const entryLines = ({ says, link }: { says: string; link: string }): string => `${listLine(says)}\n    ${plain(link)}`;

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd()).join('\n');
}

function partText(part: MailPart): string {
  if ('paragraph' in part) return wrap(part.paragraph);
  if ('quote' in part) return quoteText(part.quote);
  if ('list' in part) return `${wrap(part.says)}:\n\n${part.list.map(listLine).join('\n')}`;
  if ('entries' in part) return `${wrap(part.says)}:\n\n${part.entries.map(entryLines).join('\n')}`;
  if ('facts' in part) return columns(part.facts.map(([label, value]) => [plain(label), plain(value)]));
  if ('files' in part)
    return columns(
      part.files.map((file) => [plain(file.name), sizeText(file.size), `sha256 ${shortDigest(file.sha256)}`]),
    );
  if ('command' in part) return `${wrap(part.says)}\n\n  ${plain(part.command)}`;
  if ('sealed' in part) return `${wrap(part.says)}\n\n${armorLines(part.sealed)}`;
  return `${wrap(part.says)}:\n  ${plain(part.link)}`;
}

const linesOf = (text: string): string[] => text.split(/\r?\n/).map(plain);

/** RFC 3676, 4.5: `> ` in front of every line. */
const quoteText = (quote: string): string =>
  linesOf(quote)
    .flatMap((line) => wrap(line, 74).split('\n'))
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');

const quoteHtml = (quote: string): string =>
  `<blockquote style="margin:12px 0;padding-left:12px;border-left:3px solid">${linesOf(quote).map(escape).join('<br>')}</blockquote>`;

/** An armored block as it stands, line by line: wrapping would break it. */
const armorLines = (armored: string): string => armored.trimEnd().split(/\r?\n/).map(plain).join('\n');

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => plain(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');

const cell = (html: string): string => `<td style="padding:2px 16px 2px 0;vertical-align:top">${html}</td>`;
const table = (rows: string[]): string =>
  `<table role="presentation" style="border-collapse:collapse;margin:12px 0">${rows.join('')}</table>`;
const mono = (text: string): string =>
  `<code style="font-family:monospace;overflow-wrap:anywhere">${escape(text)}</code>`;

const linkInSight = (link: string): string =>
  `<a href="${escape(link)}" style="overflow-wrap:anywhere">${escape(link)}</a>`;

function entriesHtml({ entries, says }: Extract<MailPart, { entries: unknown }>): string {
  const lines = entries.map((entry) => `<li>${escape(entry.says)}<br>${linkInSight(entry.link)}</li>`);
  return `<p>${escape(says)}:</p><ul>${lines.join('')}</ul>`;
}

function partHtml(part: MailPart): string {
  if ('paragraph' in part) return `<p>${escape(part.paragraph)}</p>`;
  if ('quote' in part) return quoteHtml(part.quote);
  if ('list' in part) {
    const lines = part.list.map((line) => `<li>${escape(line)}</li>`);
    return `<p>${escape(part.says)}:</p><ul>${lines.join('')}</ul>`;
  }
  if ('entries' in part) return entriesHtml(part);
  if ('facts' in part)
    return table(part.facts.map(([label, value]) => `<tr>${cell(escape(label))}${cell(mono(value))}</tr>`));
  if ('files' in part) {
    const row = (file: { name: string; size: number; sha256: string }): string =>
      `<tr>${cell(mono(file.name))}${cell(`<span style="white-space:nowrap">${escape(sizeText(file.size))}</span>`)}${cell(mono(`sha256 ${shortDigest(file.sha256)}`))}</tr>`;
    return table(part.files.map(row));
  }
  if ('command' in part)
    return `<p>${escape(part.says)}</p><pre style="white-space:pre-wrap;overflow-wrap:anywhere">${escape(part.command)}</pre>`;
  if ('sealed' in part) {
    const lines = armorLines(part.sealed).split('\n').map(escape).join('\n');
    return `<p>${escape(part.says)}</p><pre style="overflow-x:auto">${lines}</pre>`;
  }
  const button = 'display:inline-block;padding:8px 16px;border:1px solid currentColor;border-radius:4px';
  // The address stands in plain sight under the button: people should see where it leads.
  return `<p><a href="${escape(part.link)}" style="${button}">${escape(part.says)}</a></p><p>${mono(part.link)}</p>`;
}

/** What is attached to a mail: text of ours under a name of ours. */
export type Attachment = { fileName: AttachmentName; text: string };

/** Both parts of the mail, ending with the reason and the ways out, and what is attached: the same text that stands inside. */
export function compose(
  letter: Letter,
  waysOut: WaysOut | null = null,
): { text: string; html: string; attachments: Attachment[] } {
  const reason = `You get this mail because ${letter.reason}.`;
  const ways: [says: string, link: string][] =
    waysOut === null
      ? []
      : [
          ['Change what you get', waysOut.settings],
          ['No more mail like this', waysOut.unsubscribe],
        ];
  const end = [wrap(reason), ...ways.map(([says, link]) => `${says}: ${plain(link)}`)].join('\n');
  const text = `${letter.parts.map(partText).join('\n\n')}\n\n-- \n${end}\n`;
  const body = letter.parts.map(partHtml).join('\n');
  const html =
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">' +
    `<title>${escape(letter.subject)}</title></head>\n<body style="font-family:sans-serif;line-height:1.5;max-width:40em;overflow-wrap:anywhere">\n${body}\n` +
    `<hr><p>${[escape(reason), ...ways.map(([says, link]) => `${escape(says)}: ${linkInSight(link)}`)].join('<br>\n')}</p>\n</body></html>\n`;
  const attachments = letter.parts.flatMap((part) =>
    'sealed' in part ? [{ fileName: part.fileName, text: part.sealed }] : [],
  );
  return { text, html, attachments };
}
