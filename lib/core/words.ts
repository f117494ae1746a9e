// What people write in several lines: comments, and how something was built. The text is hostile: it is read by other people, in pages, mails and
// files, so it may hold nothing that hides or turns round what stands in it. It is never markup; addresses in it are found apart, strictly.
import { refuse } from './errors.ts';

/** The most UTF-16 units and lines of one text. */
export const wordsMost = { characters: 2000, lines: 60 } as const;

// Controls but line ends and tabs, line and paragraph separators, and what embeds or overrides the direction of the text around it.
const hiding = /[^\P{Cc}\n\t]|[\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

/**
 * Text of several lines that says something; line ends become LF, and space around it is left out. `field`: what it is called on the form.
 * Refuses `input.missing`, `input.not-a`.
 */
export function readWords(claimed: unknown, field: string): string {
  const text = typeof claimed === 'string' ? claimed.replace(/\r\n?/g, '\n').trim() : '';
  if (text === '') throw refuse('input.missing', { field });
  const notA = (what: string) => refuse('input.not-a', { what, claimed: `${text.slice(0, 40)}…` });
  const { characters, lines } = wordsMost;
  if (text.length > characters) throw notA(`${field} of at most ${characters} characters`);
  if (text.split('\n').length > lines) throw notA(`${field} of at most ${lines} lines`);
  if (hiding.test(text)) throw notA(`${field} without control characters and hidden turns of direction`);
  return text;
}

export type WordsPart = { text: string; isLink: boolean };

// No name or password before the host, no other script in it: what is shown is where it leads.
const address = /^https?:\/\/[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?(?:[/?#][\x21-\x7e]*)?$/;
const candidate = /https?:\/\/[^\s<>"'`{}|\\^]+/g;

/** The text in parts, whole and in order: plain addresses, and what stands between them. Never throws. */
export function splitWords(text: string): WordsPart[] {
  const parts: WordsPart[] = [];
  let at = 0;
  for (const found of text.matchAll(candidate)) {
    const link = found[0].replace(/[.,;:!?)\]]+$/, '');
    if (!address.test(link)) continue;
    if (found.index > at) parts.push({ text: text.slice(at, found.index), isLink: false });
    parts.push({ text: link, isLink: true });
    at = found.index + link.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), isLink: false });
  return parts;
}
