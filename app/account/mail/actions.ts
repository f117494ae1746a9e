'use server';
// What mail the reader wants, and when. Each calls one command; fields are hostile, the commands check them.

import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { numberOf, textOf } from '#lib/next/form-fields.ts';
import { readMailChoices } from '#lib/next/mail-choices.ts';
import { currentActor } from '#lib/next/session.ts';
import { changeMailChoices } from '#lib/server/commands/change-mail-choices.ts';
import { changeMailHours } from '#lib/server/commands/change-mail-hours.ts';

export async function choose(_before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    await changeMailChoices(await currentActor(), { project: null, choices: readMailChoices(form) });
    redirect('/account/mail?saved=yes');
  });
}

export async function setHours(_before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const hourOf = (name: string, label: string) => (textOf(form, name) === '' ? null : numberOf(form, name, label));
    await changeMailHours(await currentActor(), {
      timeZone: textOf(form, 'timeZone'),
      quietFrom: hourOf('quietFrom', 'Quiet from'),
      quietTo: hourOf('quietTo', 'Quiet until'),
      digestHour: numberOf(form, 'digestHour', 'The daily mail comes at'),
    });
    redirect('/account/mail?saved=yes');
  });
}
