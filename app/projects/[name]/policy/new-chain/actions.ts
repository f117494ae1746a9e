'use server';
// Proposes the new chain and goes to its document, which its founders sign next.

import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { numberOf, requireTyped, textsOf } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { beginNewChain } from '#lib/server/commands/begin-new-chain.ts';

export async function beginChainOf(project: string, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    requireTyped(form, project);
    const threshold = numberOf(form, 'threshold', 'how many people publishing needs');
    const { version } = await beginNewChain(await currentActor(), {
      project,
      people: textsOf(form, 'people'),
      threshold,
    });
    redirect(`/projects/${project}/policy/${version}`);
  });
}
