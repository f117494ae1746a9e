'use server';
// Proposing the change that the page showed: the same fields, read by the same function.

import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { readPolicyFields } from '#lib/next/policy-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { proposePolicy } from '#lib/server/commands/propose-policy.ts';

export async function propose(project: string, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const { version } = await proposePolicy(await currentActor(), { ...readPolicyFields(form), project });
    redirect(`/projects/${project}/policy/${version}`);
  });
}
