'use server';
// Proposing the removal that the page showed: the same answers, read by the same function, and the person's name typed.

import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { requireTyped } from '#lib/next/form-fields.ts';
import { readFates, readRemovalFields } from '#lib/next/removal-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { removePerson } from '#lib/server/commands/remove-person.ts';

export async function propose(project: string, person: string, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const wish = { project, ...readRemovalFields(form, person), fates: readFates(form) };
    requireTyped(form, person);
    const { version } = await removePerson(await currentActor(), wish);
    redirect(`/projects/${project}/policy/${version}`);
  });
}
