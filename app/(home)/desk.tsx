// What a signed-in person comes for, in this order: what needs me, what am I waiting for, what happened; and my projects. Somebody who is new
// is led through the first steps.

import { DraftEntries } from '#components/draft/draft-entries.tsx';
import { Timeline } from '#components/history/timeline.tsx';
import { PolicyEntries } from '#components/policy/policy-entries.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Clause, Columns, PageHeading } from '#components/ui/page.tsx';
import type { Home, MyInvitation } from '#lib/server/queries/home.ts';
import { FirstSteps, firstStepsOf } from './first-steps.tsx';
import { Invitations } from './invitations.tsx';
import { OtherNeeds } from './other-needs.tsx';
import { DraftsToSign } from './drafts-to-sign.tsx';
import { Projects } from './projects.tsx';

export function Desk({ home }: { home: Home }) {
  const { needsMe, projects, invitations } = home;
  const waiting = needsMe.drafts.length + needsMe.policies.length;
  const steps = firstStepsOf(home);
  const isLearning = steps.some((step) => !step.done);
  const isNew = projects.length === 0 && waiting === 0;
  return (
    <>
      <PageHeading title={headline(waiting, isNew, home.person)} lead={isNew ? newcomer(invitations) : undefined} />
      <Columns asideLabel="What happened" aside={<Happened home={home} />}>
        <Invitations invitations={invitations} />
        {isNew ? <FirstSteps steps={steps} hasPrimary /> : <NeedsMe needsMe={needsMe} />}
        {isNew ? null : <WaitForOthers waiting={home.waitingForOthers} />}
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
  const { drafts, policies, people, keys } = needsMe;
  if (drafts.length + policies.length + people.length + keys.length === 0) {
    return (
      <Clause title="Needs you" id="needs-you">
        <p>Nothing now. You get a mail when something does.</p>
      </Clause>
    );
  }
  return (
    <Clause title="Needs you" id="needs-you">
      <DraftsToSign drafts={drafts} />
      <PolicyEntries policies={policies} label="Policies that need your signature" hasPrimary={drafts.length === 0} />
      <OtherNeeds people={people} keys={keys} />
    </Clause>
  );
}

function WaitForOthers({ waiting: { drafts, policies } }: { waiting: Home['waitingForOthers'] }) {
  return (
    <Clause title="You wait for others">
      {drafts.length + policies.length === 0 ? (
        <p>Nothing. No draft and no change of the rules waits for somebody else.</p>
      ) : null}
      {drafts.length === 0 ? null : <DraftEntries drafts={drafts} label="Drafts that wait for others" />}
      <PolicyEntries policies={policies} label="Policies that wait for others" />
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
      <p>
        <a href="/account/history">Your own history</a>
      </p>
    </section>
  );
}
