// The documents below /docs, for everybody: which there are, and one of them. Links between documents lead to their pages; those to files that are not
// shown lose their address. Hostile: the address alone.
import { refuse } from '#lib/core/errors.ts';
import { runtime } from '#lib/server/runtime.ts';

export type DocumentLink = { href: string; title: string };
export type DocumentSection = { title: string; links: DocumentLink[] };
export type DocumentPage = {
  title: string;
  /** Markdown without its title, or the text of a file that is shown as it is. */
  text: string;
  isMarkdown: boolean;
  /** Where a link of the text leads: an address of ours, or null: it is not shown. */
  links: ReadonlyMap<string, string | null>;
};

const sections = [
  { title: 'Guides', folder: 'guide/' },
  { title: 'Formats', folder: 'formats/' },
  { title: 'Decisions', folder: 'decisions/' },
] as const;

/** What somebody new reads before everything else. */
const firstOfAll = 'guide/first-release.md';

const addressOf = (file: string): string => `/docs/${file.replace(/\.md$/, '')}`;
const titleOf = (file: string, text: string): string =>
  (/\.md$/.test(file) ? /^# (.+)$/m.exec(text)?.[1] : undefined) ?? file.slice(file.lastIndexOf('/') + 1);

/** Everything there is, by kind. */
export function documentSections(): DocumentSection[] {
  const { documents } = runtime();
  const linkOf = (file: string): DocumentLink => ({
    href: addressOf(file),
    title: titleOf(file, documents.get(file) ?? '').replaceAll('`', ''),
  });
  const files = [...documents.keys()].filter((file) => file.endsWith('.md'));
  const first = [...files.filter((file) => file === firstOfAll), ...files.filter((file) => !file.includes('/'))].map(
    linkOf,
  );
  const rest = sections.map(({ title, folder }) => ({
    title,
    links: files.filter((file) => file.startsWith(folder) && file !== firstOfAll).map(linkOf),
  }));
  const programs = { href: '/docs/api', title: 'Addresses for programs: the reference' };
  const problems = { href: '/docs/problems', title: 'Refusals: what each code says' };
  return [{ title: 'To begin with', links: [...first, programs, problems] }, ...rest].filter(
    ({ links }) => links.length > 0,
  );
}

/** One document by its address below /docs/. Refuses `document.not-found`. */
export function documentPage(segments: readonly string[]): DocumentPage {
  const { documents } = runtime();
  const asked = segments.join('/');
  const file = [`${asked}.md`, asked].find((name) => documents.has(name));
  const text = file === undefined ? undefined : documents.get(file);
  if (file === undefined || text === undefined) throw refuse('document.not-found', {});
  const isMarkdown = file.endsWith('.md');
  return {
    ...{
      title: titleOf(file, text).replaceAll('`', ''),
      isMarkdown,
      links: isMarkdown ? linksIn(file, text) : new Map(),
    },
    text: isMarkdown ? text.replace(/^# .+\n+/, '') : text,
  };
}

/** What stands in brackets behind a text, and where that leads. */
function linksIn(file: string, text: string): Map<string, string | null> {
  const { documents } = runtime();
  const targets = [...text.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);
  return new Map(
    targets.map((target) => {
      if (/^(?:https?:|#|\/)/.test(target)) return [target, target];
      const { pathname, hash } = new URL(target, `https://docs.invalid/docs/${file}`);
      const name = pathname.replace(/^\/docs\//, '');
      return [target, pathname.startsWith('/docs/') && documents.has(name) ? `${addressOf(name)}${hash}` : null];
    }),
  );
}
