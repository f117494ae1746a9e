// Markdown of strangers as elements: markup in it is not read at all, pictures are links, links go nowhere but to the web and give nothing away. What is made to be
// slow or deep is not shown as Markdown: then the caller shows the text itself. Headings stand below those of the page.

import type { ReactElement, ReactNode } from 'react';
import { Children, isValidElement } from 'react';
import Markdown, { type Components } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';

/** Beyond this it is cut at the end of a line. */
export const markdownCharactersMax = 30_000;

// Reading quotes and lists inside each other takes longer than their length, and deep trees overflow the stack.
const nestingMost = 12;
const indentMost = 60;
const depthMost = 60;
const containers = /^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$)))*/;

/** Of the heading that a description stands under. */
export type HeadingAbove = 2 | 3;

/** The elements; null: it is too tangled to be shown as it is meant. Never throws for what the text says. */
export function markdownElements(text: string, above: HeadingAbove): ReactElement | null {
  if (text.split('\n').some(isTangled)) return null;
  try {
    const tree = Markdown({
      children: text,
      remarkPlugins: [remarkGfm],
      rehypePlugins: [rehypeSanitize],
      components: above === 2 ? { ...components, ...headingsBelow2 } : components,
      urlTransform: onlyWeb,
    });
    return depthOf(tree, depthMost) > depthMost ? null : tree;
  } catch (fault) {
    if (fault instanceof RangeError) return null;
    throw fault;
  }
}

function isTangled(line: string): boolean {
  const [start = ''] = containers.exec(line) ?? [];
  const indent = /^[ \t]*/.exec(line)?.[0].replaceAll('\t', '    ').length ?? 0;
  return start.replace(/[ \t]+/g, '').length > nestingMost || indent > indentMost;
}

/** How deep it is, or more than `most`. */
function depthOf(node: ReactNode, most: number): number {
  if (most < 0 || !isValidElement<{ children?: ReactNode }>(node)) return 0;
  const below = Children.toArray(node.props.children).map((child) => depthOf(child, most - 1));
  return 1 + Math.max(0, ...below);
}

/** Absolute addresses of the web, and places in this text; '' for everything else: there is no site that a relative one would be of. */
const onlyWeb = (url: string): string => (/^(?:https?:\/\/|mailto:|#)/i.test(url) ? url : '');

const rel = 'nofollow ugc noopener noreferrer';

function Link({ href, children }: { href?: string; children?: ReactNode }) {
  return href === undefined || href === '' ? (
    <span>{children}</span>
  ) : (
    <a href={href} rel={rel} referrerPolicy="no-referrer">
      {children}
    </a>
  );
}

/** Nothing is fetched from another host: a picture is named, and led to. */
function Picture({ src, alt }: { src?: unknown; alt?: string }) {
  const name = alt === undefined || alt === '' ? 'picture' : `picture: ${alt}`;
  return <Link href={typeof src === 'string' ? src : undefined}>[{name}]</Link>;
}

/** A picture inside a link is only named: links do not stand in links. */
const components: Components = {
  h1: ({ children }) => <h4>{children}</h4>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h5>{children}</h5>,
  h4: ({ children }) => <h6>{children}</h6>,
  h5: ({ children }) => <h6>{children}</h6>,
  h6: ({ children }) => <h6>{children}</h6>,
  a: ({ href, children }) => <Link href={href}>{withoutPictures(children)}</Link>,
  img: ({ src, alt }) => <Picture src={src} alt={alt} />,
  input: ({ checked }) => <span>{checked ? '☑' : '☐'} </span>,
  section: ({ children }) => <div>{children}</div>,
  pre: ({ children }) => <pre className="mail-text">{children}</pre>,
  table: ({ children }) => <table className="plain-table">{children}</table>,
};

const headingsBelow2: Components = {
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  h4: ({ children }) => <h5>{children}</h5>,
  h5: ({ children }) => <h6>{children}</h6>,
};

function withoutPictures(children: ReactNode): ReactNode {
  return Children.map(children, (child) =>
    isValidElement<{ alt?: string; src?: unknown }>(child) && child.props.src !== undefined
      ? `[picture${child.props.alt ? `: ${child.props.alt}` : ''}]`
      : child,
  );
}
