// All versions of the rules, newest first: a chain, in which each names the one before.

import { Moment } from '#components/ui/moment.tsx';
import type { PolicyPage } from '#lib/server/queries/policy-page.ts';

const words = { open: 'open for signatures', 'in-force': 'in force', superseded: 'superseded' };

export function Versions({ page: { project, version, versions } }: { page: PolicyPage }) {
  return (
    <section>
      <h2>All versions</h2>
      <ol className="entries">
        {versions.map((entry) => (
          <li key={entry.version}>
            <a
              href={`/projects/${project}/policy/${entry.version}`}
              aria-current={entry.version === version ? 'page' : undefined}
            >
              Policy {entry.version}
            </a>
            , {words[entry.state]}
            {entry.effectiveAt === null ? null : (
              <>
                {' '}
                since <Moment at={entry.effectiveAt} />
              </>
            )}
          </li>
        ))}
      </ol>
      <p>
        <a href={`/projects/${project}/policy/history`}>What each changed, and how to check it</a>
      </p>
    </section>
  );
}
