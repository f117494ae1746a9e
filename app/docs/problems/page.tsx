// Every refusal by its area: where the `type` of a problem document leads to.

import type { Metadata } from 'next';
import { PageHeading } from '#components/ui/page.tsx';
import { problemAreas } from '#lib/server/queries/problems.ts';

export const metadata: Metadata = { title: 'Refusals' };

export default function ProblemsPage() {
  return (
    <>
      <PageHeading
        title="Refusals"
        trail={[{ href: '/docs', label: 'Documentation' }]}
        lead="What this program says when it does not do what was asked. Each has a code that is never renamed: area, dot, reason."
      />
      <ul className="docs-list">
        {problemAreas().map(({ area, count }) => (
          <li key={area}>
            <a href={`/docs/problems/${area}`}>
              <code>{area}</code>
            </a>{' '}
            ({count})
          </li>
        ))}
      </ul>
    </>
  );
}
