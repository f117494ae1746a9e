'use server';
// Proposing that the reader leaves, with the project's name typed.

import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { requireTyped } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { leaveProject } from '#lib/server/commands/leave-project.ts';

export async function leave(project: string, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    requireTyped(form, project);
    const { version } = await leaveProject(await currentActor(), { project });
    redirect(`/projects/${project}/policy/${version}`);
  });
}
