// The five numbers, each in its sentence, with the bounds of core.

import { ActionForm } from '#components/ui/action-form.client.tsx';
import { SentenceField } from '#components/ui/sentence-field.tsx';
import { reminderBounds, type ReminderRules } from '#lib/core/reminding.ts';
import type { ReminderSettings } from '#lib/server/queries/reminder-settings.ts';
import { setRules } from './actions.ts';

const sentences: { name: keyof ReminderRules; label: string; after: string; hint?: string }[] = [
  { name: 'firstAfterDays', label: 'Remind people for the first time after', after: 'days.' },
  { name: 'thenEveryDays', label: 'After that, remind them every', after: 'days.' },
  { name: 'atMost', label: 'Remind them at most', after: 'times.', hint: '0: only by hand.' },
  { name: 'deadlineDays', label: 'A draft is open for', after: 'days.', hint: 'From 1 to 180.' },
  { name: 'warnDaysBefore', label: 'Warn people', after: 'days before it ends.', hint: '0: no warning.' },
];

export function RemindersForm({ settings: { project, rules } }: { settings: ReminderSettings }) {
  return (
    <ActionForm action={setRules.bind(null, project)} label="Reminders and deadlines" submit="Save the rules">
      {sentences.map((sentence) => {
        const [min, max] = reminderBounds[sentence.name];
        return (
          <SentenceField key={sentence.name} {...sentence} {...{ min, max }} defaultValue={rules[sentence.name]} />
        );
      })}
    </ActionForm>
  );
}
