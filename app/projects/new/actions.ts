'use server';
// Creates the project and goes to its first policy, which its founder signs next.

import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { numberOf, requireText } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { createProject } from '#lib/server/commands/create-project.ts';

export async function createProjectOf(_before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const { project, version } = await createProject(await currentActor(), {
      name: requireText(form, 'name', 'Name of the project'),
      threshold: numberOf(form, 'threshold', 'how many people publishing needs'),
      key: requireText(form, 'key', 'Your key for this project'),
    });
    redirect(`/projects/${project}/policy/${version}`);
  });
}
