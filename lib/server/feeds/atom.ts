// Feeds as bytes: Atom (RFC 4287), from facts that may hold what others typed. Every text is escaped here, what XML cannot carry is replaced, and
// there is no markup in any text: titles and contents are plain.
import { sha256Hex } from '#lib/digest/digest-bytes.ts';

type AtomLink = { rel: 'self' | 'alternate' | 'related'; href: string; title?: string; type?: string };

export type AtomEntry = {
  /** Never changes, and is never another entry's (RFC 4287, 4.2.6). */
  id: string;
  title: string;
  updated: Date;
  author: string;
  links: readonly AtomLink[];
  content: string;
};

export type AtomFeed = {
  id: string;
  title: string;
  subtitle: string;
  /** Of a feed without entries; else the newest of them says it. */
  since: Date;
  author: string;
  links: readonly AtomLink[];
  entries: readonly AtomEntry[];
};

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as XML 1.0 carries it (section 2.2): other characters, halves of surrogates among them, become U+FFFD. */
const escape = (text: string): string =>
  text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '');

const element = (name: string, text: string): string => `<${name}>${escape(text)}</${name}>`;
const moment = (name: string, at: Date): string => element(name, at.toISOString());

function renderLink({ rel, href, title, type }: AtomLink): string {
  const attributes = { rel, href, ...(type && { type }), ...(title && { title }) };
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escape(value)}"`);
  return `<link${written.join('')}/>`;
}

function renderEntry({ id, title, updated, author, links, content }: AtomEntry): string {
  const parts = [
    ...[element('id', id), element('title', title), moment('updated', updated)],
    `<author>${element('name', author)}</author>`,
    ...links.map(renderLink),
    `<content type="text">${escape(content)}</content>`,
  ];
  return `<entry>\n  ${parts.join('\n  ')}\n</entry>`;
}

/** The document, and a word that is another as soon as the document is. */
export function renderAtom(feed: AtomFeed): { body: string; etag: string } {
  const body = render(feed);
  return { body, etag: `"${sha256Hex(Buffer.from(body)).slice(0, 32)}"` };
}

function render({ id, title, subtitle, since, author, links, entries }: AtomFeed): string {
  const newest = Math.max(
    ...entries.map(({ updated }) => updated.getTime()),
    entries.length === 0 ? since.getTime() : 0,
  );
  const parts = [
    ...[element('id', id), element('title', title), element('subtitle', subtitle), moment('updated', new Date(newest))],
    `<author>${element('name', author)}</author>`,
    '<generator>Countersign</generator>',
    ...links.map(renderLink),
    ...entries.map(renderEntry),
  ];
  return `<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n${parts.join('\n')}\n</feed>\n`;
}
