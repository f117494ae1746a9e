// Every address for programs in a line, by what it is about; each leads to the page that tells all of it.

import type { Metadata } from 'next';
import { WordsWithCode } from '#components/docs/words-with-code.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { apiReference } from '#lib/server/queries/api-reference.ts';

export const metadata: Metadata = { title: 'Addresses for programs' };

export default function ApiReferencePage() {
  return (
    <>
      <PageHeading
        title="Addresses for programs"
        trail={[{ href: '/docs', label: 'Documentation' }]}
        lead={
          <>
            Each request shows a token. How that works, what is sent once, what comes in pieces, and how often one may
            ask: <a href="/docs/formats/api">the format</a>. What each refusal says:{' '}
            <a href="/docs/problems">the refusals</a>. What answers share: <a href="/docs/api/shapes">the shapes</a>.
            For programs: <a href="/api/v1/openapi.json">OpenAPI 3.1</a>.
          </>
        }
      />
      {apiReference().areas.map(({ about, area, addresses }) => (
        <section className="clause" key={area}>
          <h2>
            <a href={`/docs/api/${area}`}>{about}</a>
          </h2>
          <dl className="clause-body api-lines">
            {addresses.map(({ operationId, method, path, summary }) => (
              <div key={operationId}>
                <dt>
                  <a href={`/docs/api/${area}#${operationId}`}>
                    <code>
                      {method} {path}
                    </code>
                  </a>
                </dt>
                <dd>
                  <WordsWithCode text={summary} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </>
  );
}
