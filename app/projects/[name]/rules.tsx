// Who may sign and how many must, beside everything else of a project; with full fingerprints, since that is what people compare.

import { Fingerprint } from '#components/ui/hex.tsx';
import type { ProjectPage } from '#lib/server/queries/project-page.ts';

export function Rules({ project: { name, policy, drafts, may } }: { project: ProjectPage }) {
  if (policy === null) {
    return (
      <section>
        <h2>The rules</h2>
        <p>
          They are written down and wait for the founder’s signature: <a href={`/projects/${name}/policy`}>policy 1</a>.
        </p>
      </section>
    );
  }
  return (
    <>
      <section>
        <h2>How many must sign</h2>
        <p>
          {policy.threshold > policy.people.length
            ? `${policy.threshold} people, and ${policy.people.length} in the project so far`
            : `${policy.threshold} of ${policy.people.length}`}
          {policy.openerCounts ? '' : ', not counting who opened the draft'}.{' '}
          <a href={`/projects/${name}/policy`}>Policy {policy.version}</a>
        </p>
      </section>
      <WhoMaySign name={name} people={policy.people} />
      {drafts === null ? null : (
        <section>
          <h2>For its people</h2>
          <p>
            <a href={`/projects/${name}/reminders`}>Reminders and deadlines</a>
          </p>
          <p>
            <a href={`/projects/${name}/programs`}>Webhooks and tokens</a>
          </p>
        </section>
      )}
      {may.declare ? (
        <section>
          <h2>For owners</h2>
          <p>
            <a href={`/projects/${name}/declare/status`}>Archive or quarantine the project</a>
          </p>
        </section>
      ) : null}
    </>
  );
}

type People = NonNullable<ProjectPage['policy']>['people'];

function WhoMaySign({ name, people }: { name: string; people: People }) {
  return (
    <section>
      <h2>Who may sign</h2>
      <ul className="entries">
        {people.map((person) => (
          <li key={person.name}>
            <p>
              <strong>{person.name}</strong>, {person.role}
              {person.canSign ? '' : ' (cannot sign at the moment)'}
            </p>
            {person.keys.map((key) => (
              <p key={key.fingerprint}>
                <Fingerprint value={key.fingerprint} />{' '}
                <a href={`/keys/${key.fingerprint}.asc`}>
                  certificate<span className="sr-only"> of {person.name}</span>
                </a>{' '}
                <a href={`/projects/${name}/people/${key.fingerprint}`}>
                  compare<span className="sr-only"> the fingerprint of {person.name}</span>
                </a>
              </p>
            ))}
          </li>
        ))}
      </ul>
      <p>
        <a href={`/projects/${name}/keyring.asc`}>All keys in one file</a>
      </p>
    </section>
  );
}
