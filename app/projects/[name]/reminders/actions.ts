'use server';
// Saving the rules for reminders and deadlines; the command reads every number again.

import { revalidatePath } from 'next/cache';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { numberOf } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { setReminderRules } from '#lib/server/commands/set-reminder-rules.ts';

export async function setRules(project: string, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    await setReminderRules(await currentActor(), {
      project,
      firstAfterDays: numberOf(form, 'firstAfterDays', 'the days before the first reminder'),
      thenEveryDays: numberOf(form, 'thenEveryDays', 'the days between reminders'),
      atMost: numberOf(form, 'atMost', 'the number of reminders'),
      deadlineDays: numberOf(form, 'deadlineDays', 'the days for which a draft is open'),
      warnDaysBefore: numberOf(form, 'warnDaysBefore', 'the days of the warning'),
    });
    revalidatePath(`/projects/${project}/reminders`);
    return {};
  });
}
