// Reminders and deadlines of a project: its people read the rules, its owners change them. They decide when mail comes and until when a draft
// waits; who may sign and how many must stands in the signed policy.

import type { Metadata } from 'next';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import type { ReminderRules } from '#lib/core/reminding.ts';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { reminderSettings, type ReminderSettings } from '#lib/server/queries/reminder-settings.ts';
import { RemindersForm } from './reminders-form.tsx';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Reminders of ${(await params).name}` };
}

export default async function RemindersPage({ params }: Props) {
  const { name } = await params;
  const settings = await load(`/projects/${name}/reminders`, async () => reminderSettings(await currentActor(), name));
  const { project, mayChange } = settings;
  return (
    <>
      <PageHeading
        title="Reminders and deadlines"
        trail={[{ href: `/projects/${project}`, label: project }]}
        lead="When people are asked again to sign a draft, and for how long it waits for them."
      />
      <ProjectNav project={project} />
      <Clause title="The rules">
        <Rules settings={settings} />
        {mayChange ? null : <p>An owner of the project can change them.</p>}
      </Clause>
      {mayChange ? (
        <Clause title="Other rules">
          <p>
            They hold at once for reminders, and for the deadlines of drafts that are opened from now on. Nobody signs
            them: they change nothing of what is published, or of what it needs.
          </p>
          <RemindersForm settings={settings} />
        </Clause>
      ) : null}
      <Clause title="For yourself">
        <p>
          On the page of a draft you can put its reminders off or mute it. Whether reminders come at all, and your quiet
          hours, stand in your <a href="/account/mail">mail settings</a>.
        </p>
      </Clause>
    </>
  );
}

function Rules({ settings: { rules, changed } }: { settings: ReminderSettings }) {
  return (
    <>
      <ul>
        <li>{sayReminders(rules)}</li>
        <li>A draft is open for {days(rules.deadlineDays)}. Then it ends, and its version is free again.</li>
        <li>{sayWarning(rules)}</li>
      </ul>
      <p>
        {changed === null ? (
          'Nobody changed them so far: they are those of every new project.'
        ) : (
          <>
            Chosen by {changed.by} on <Moment at={changed.at} />.
          </>
        )}
      </p>
    </>
  );
}

const days = (count: number): string => (count === 1 ? 'one day' : `${count} days`);

function sayReminders({ firstAfterDays, thenEveryDays, atMost }: ReminderRules): string {
  if (atMost === 0) return 'Nobody is reminded unless somebody of the project does it by hand.';
  const first = `Whoever can still sign a draft is reminded after ${days(firstAfterDays)}`;
  if (atMost === 1) return `${first}, once.`;
  return `${first}, and then every ${thenEveryDays === 1 ? 'day' : days(thenEveryDays)}, at most ${atMost} times.`;
}

const sayWarning = ({ warnDaysBefore }: ReminderRules): string =>
  warnDaysBefore === 0
    ? 'Nobody is warned before it ends.'
    : `Once, ${days(warnDaysBefore)} before it ends, they and whoever opened it are warned.`;
