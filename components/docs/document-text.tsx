// A document of this program as a page: Markdown as elements, without raw HTML. Links go where the page says; one that is not shown is text.

import { Children, type ReactNode } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';

type Props = { text: string; links: ReadonlyMap<string, string | null> };

export function DocumentText({ text, links }: Props) {
  const components: Components = {
    // The page has the one heading of the first level.
    h1: ({ children }) => <h2>{children}</h2>,
    a: ({ href = '', children }) => <LinkTo href={links.get(href) ?? null}>{children}</LinkTo>,
    img: ({ alt }) => <span>{alt}</span>,
    table: ({ children }) => (
      <div className="docs-table" role="group" aria-label="Table" tabIndex={0}>
        <table>{children}</table>
      </div>
    ),
    // The corner of a table: nothing is said about the column.
    th: ({ children }) => (Children.count(children) === 0 ? <td /> : <th scope="col">{children}</th>),
    pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
  };
  return (
    <div className="docs-text">
      <Markdown remarkPlugins={[remarkGfm]} components={components}>
        {text}
      </Markdown>
    </div>
  );
}

function LinkTo({ href, children }: { href: string | null; children: ReactNode }) {
  if (href === null) return <span>{children}</span>;
  const isForeign = href.startsWith('http');
  return (
    <a href={href} rel={isForeign ? 'noreferrer' : undefined}>
      {children}
    </a>
  );
}
