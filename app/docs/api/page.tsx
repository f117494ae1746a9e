// Every address for programs, from the same description that programs read at /api/v1/openapi.json.

import type { Metadata } from 'next';
import { ApiAddress, type ShownAddress } from '#components/docs/api-address.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { apiReference, type ApiAddress as Described } from '#lib/server/queries/api-reference.ts';

export const metadata: Metadata = { title: 'Addresses for programs' };

export default function ApiReferencePage() {
  const { publicUrl, groups } = apiReference();
  return (
    <>
      <PageHeading
        title="Addresses for programs"
        trail={[{ href: '/docs', label: 'Documentation' }]}
        lead={
          <>
            Each request shows a token. How that works, what is refused, and how often one may ask:{' '}
            <a href="/docs/formats/api">the format</a>. For programs: <a href="/api/v1/openapi.json">OpenAPI 3.1</a>.
          </>
        }
      />
      {groups.map(({ about, addresses }) => (
        <section className="clause" key={about}>
          <h2>{about}</h2>
          <div className="clause-body">
            {addresses.map((one) => (
              <ApiAddress key={one.operationId} address={shownOf(one)} publicUrl={publicUrl} />
            ))}
          </div>
        </section>
      ))}
    </>
  );
}

function shownOf({
  operationId,
  method,
  path,
  summary,
  parameters,
  requestBody,
  responses,
  ...rest
}: Described): ShownAddress {
  const [body] = Object.entries(requestBody?.content ?? {});
  return {
    ...{ operationId, method, path, summary, parameters, scopes: rest['x-scopes'] },
    body: body === undefined ? null : { media: body[0], ...body[1] },
    answers: Object.entries(responses)
      .filter(([status]) => status !== 'default')
      .flatMap(([status, answer]) => {
        const content = (answer as { content?: Record<string, { schema?: object }> }).content ?? {};
        return Object.entries(content).map(([media, { schema = null }]) => ({ status, media, schema }));
      }),
  };
}
