'use server';
// What owners do with what the checks found. The revision they looked at goes along.

import { revalidatePath } from 'next/cache';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { requireText, textOf } from '#lib/next/form-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { ignoreFinding } from '#lib/server/commands/ignore-finding.ts';
import { regardFinding } from '#lib/server/commands/regard-finding.ts';

export async function ignore(draft: string, revision: number, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const reason = requireText(form, 'ignoreReason', 'the reason');
    const [code, place] = [textOf(form, 'code'), textOf(form, 'place')];
    await ignoreFinding(await currentActor(), { draft, code, place, reason, expectedRevision: revision });
    revalidatePath(`/drafts/${draft}`);
    return {};
  });
}

export async function regard(draft: string, ignored: string, _before: FormState, _form: FormData): Promise<FormState> {
  return action(async () => {
    await regardFinding(await currentActor(), { draft, ignored });
    revalidatePath(`/drafts/${draft}`);
    return {};
  });
}
