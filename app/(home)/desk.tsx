// What a signed-in person comes for, in this order: what needs me, what am I waiting for, what happened; and my projects. Somebody who is new
// is led through the first steps.

import { DraftEntries } from '#components/draft/draft-entries.tsx';
import { PolicyEntries } from '#components/policy/policy-entries.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Clause, Columns, PageHeading } from '#components/ui/page.tsx';
import { Timeline } from '#components/history/timeline.tsx';
import type { Home, MyInvitation } from '#lib/server/queries/home.ts';
import { FirstSteps, firstStepsOf } from './first-steps.tsx';
import { Projects } from './projects.tsx';

export function Desk({ home, keys }: { home: Home; keys: number }) {
  const { needsMe, waitingForOthers, projects, invitations } = home;
  const waiting = needsMe.drafts.length + needsMe.policies.length;
  const others = waitingForOthers.drafts.length + waitingForOthers.policies.length;
  const steps = firstStepsOf(home, keys);
  const isLearning = steps.some((step) => !step.done);
  const isNew = projects.length === 0 && waiting === 0;
  return (
    <>
      <PageHeading title={headline(waiting, isNew, home.person)} lead={isNew ? newcomer(invitations) : undefined} />
      <Columns asideLabel="What happened" aside={<Happened home={home} />}>
        <Invitations invitations={invitations} />
        {isNew ? <FirstSteps steps={steps} hasPrimary /> : null}
        {isNew ? null : <NeedsMe needsMe={needsMe} />}
        {others === 0 ? null : (
          <Clause title="You wait for others">
            <DraftEntries drafts={waitingForOthers.drafts} label="Drafts that wait for others" />
            <PolicyEntries policies={waitingForOthers.policies} label="Policies that wait for others" />
          </Clause>
        )}
        {isNew ? null : <Projects projects={projects} hasPrimary={waiting === 0 && !isLearning} />}
        {isNew || !isLearning ? null : <FirstSteps steps={steps} hasPrimary={waiting === 0} />}
      </Columns>
    </>
  );
}

function headline(waiting: number, isNew: boolean, person: string): string {
  if (isNew) return `Welcome, ${person}`;
  if (waiting === 0) return 'Nothing needs your signature';
  return waiting === 1 ? 'One thing needs your signature' : `${waiting} things need your signature`;
}

const newcomer = (invitations: MyInvitation[]): string =>
  invitations.length > 0
    ? 'You have been invited. A key of yours comes first; then you accept.'
    : 'Five steps lead to your first co-signed release. Each is short.';

function NeedsMe({ needsMe }: { needsMe: Home['needsMe'] }) {
  if (needsMe.drafts.length + needsMe.policies.length === 0) {
    return <p>You get a mail when something does.</p>;
  }
  return (
    <Clause title="Needs you">
      <DraftEntries drafts={needsMe.drafts} label="Drafts that need your signature" hasPrimary />
      <PolicyEntries
        policies={needsMe.policies}
        label="Policies that need your signature"
        hasPrimary={needsMe.drafts.length === 0}
      />
    </Clause>
  );
}

function Invitations({ invitations }: { invitations: MyInvitation[] }) {
  if (invitations.length === 0) return null;
  return (
    <Clause title="Invitations">
      <ul className="entries" aria-label="Invitations">
        {invitations.map(({ project, role, invitedBy, expiresAt, state }) => (
          <li key={project}>
            <h3>
              {invitedBy} invites you to {project} as {role}
            </h3>
            <p className="entry-facts">
              {state === 'accepted' ? (
                'You accepted. The owners now sign the policy that adds you.'
              ) : (
                <>
                  Open the link in the mail to accept. It ends on <Moment at={expiresAt} />.
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </Clause>
  );
}

function Happened({ home }: { home: Home }) {
  return (
    <section>
      <h2>What happened</h2>
      {home.happened.length === 0 ? (
        <Empty title="Nothing yet" level={3}>
          Signatures, drafts and changes of your projects will stand here, newest first.
        </Empty>
      ) : (
        <Timeline label="What happened, newest first" entries={home.happened} short />
      )}
    </section>
  );
}
