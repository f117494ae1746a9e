'use server';
// Inviting, revoking, proposing the policy that adds people. Each calls one command, which asks whether the reader may.

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { refuse } from '#lib/core/errors.ts';
import { action } from '#lib/next/action.ts';
import { requireText, textOf, textsOf } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { invitePerson } from '#lib/server/commands/invite-person.ts';
import { proposePolicy } from '#lib/server/commands/propose-policy.ts';
import { revokeInvitation } from '#lib/server/commands/revoke-invitation.ts';

export async function invite(project: string, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    await invitePerson(await currentActor(), {
      project,
      address: requireText(form, 'address', 'Mail address'),
      role: textOf(form, 'role') === 'owner' ? 'owner' : 'maintainer',
    });
    redirect(`/projects/${project}/people`);
  });
}

export async function revoke(
  project: string,
  invitation: string,
  _before: FormState,
  _form: FormData,
): Promise<FormState> {
  return action(async () => {
    await revokeInvitation(await currentActor(), { invitation });
    revalidatePath(`/projects/${project}/people`);
    return {};
  });
}

export async function admit(project: string, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const chosen = textsOf(form, 'admit');
    if (chosen.length === 0) throw refuse('input.missing', { field: 'whom to add' });
    const { version } = await proposePolicy(await currentActor(), { project, admit: chosen });
    redirect(`/projects/${project}/policy/${version}`);
  });
}

export async function nameKeys(project: string, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const addKeys = textsOf(form, 'key');
    if (addKeys.length === 0) throw refuse('input.missing', { field: 'which key to add' });
    const { version } = await proposePolicy(await currentActor(), { project, addKeys });
    redirect(`/projects/${project}/policy/${version}`);
  });
}

export async function retireKeys(project: string, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const chosen = textsOf(form, 'retire');
    if (chosen.length === 0) throw refuse('input.missing', { field: 'which key to retire' });
    const { version } = await proposePolicy(await currentActor(), { project, dropKeys: chosen });
    redirect(`/projects/${project}/policy/${version}`);
  });
}
