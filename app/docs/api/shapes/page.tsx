// The shapes that several answers of the addresses for programs share, each at its name.

import type { Metadata } from 'next';
import { Fields } from '#components/docs/api-fields.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { apiShapes } from '#lib/server/queries/api-reference.ts';

export const metadata: Metadata = { title: 'Shapes of answers' };

export default function ApiShapesPage() {
  return (
    <>
      <PageHeading
        title="Shapes of answers"
        trail={[
          { href: '/docs', label: 'Documentation' },
          { href: '/docs/api', label: 'Addresses for programs' },
        ]}
        lead="Fields are added in later versions, never taken away or renamed."
      />
      {Object.entries(apiShapes()).map(([name, schema]) => (
        <section className="clause" key={name} id={name}>
          <h2>{name}</h2>
          <div className="clause-body api-shape">
            <Fields schema={schema} />
          </div>
        </section>
      ))}
    </>
  );
}
