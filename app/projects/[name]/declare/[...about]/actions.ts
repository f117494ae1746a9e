'use server';
// Preparing, signing and dropping declarations. The digest that the reader looked at names the document that is signed or dropped.

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import type { SigningState } from '#components/signing/document.client.ts';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { action } from '#lib/next/action.ts';
import { requireText } from '#lib/next/form-fields.ts';
import { handIn } from '#lib/next/handed-in.ts';
import { currentActor } from '#lib/next/session.ts';
import { dropDeclaration } from '#lib/server/commands/drop-declaration.ts';
import { prepareDeclaration } from '#lib/server/commands/prepare-declaration.ts';
import { signDeclaration } from '#lib/server/commands/sign-declaration.ts';

export async function prepareYank(
  project: string,
  version: string,
  wanted: string,
  _before: FormState,
  form: FormData,
): Promise<FormState> {
  return action(async () => {
    const reason = requireText(form, 'reason', 'the reason');
    const wish = {
      type: 'countersign/yank',
      version,
      action: wanted === 'unyank' ? 'unyank' : 'yank',
      reason,
    } as const;
    await prepareDeclaration(await currentActor(), { project, wish });
    redirect(`/projects/${project}/declare/yank/${version}`);
  });
}

export async function prepareStatus(project: string, _before: FormState, form: FormData): Promise<FormState> {
  return action(async () => {
    const reason = requireText(form, 'reason', 'the reason');
    const wish = { type: 'countersign/status', status: requireText(form, 'status', 'the status'), reason } as const;
    await prepareDeclaration(await currentActor(), { project, wish });
    redirect(`/projects/${project}/declare/status`);
  });
}

export async function handInForDeclaration(
  project: string,
  declaration: string,
  here: string,
  _before: SigningState,
  form: FormData,
): Promise<SigningState> {
  const answer = await action(() =>
    handIn(form, async (signature, way) => [
      await signDeclaration(await currentActor(), { project, declaration, signature, way }),
    ]),
  );
  revalidatePath(here);
  return { results: [], ...answer };
}

export async function drop(
  project: string,
  declaration: string,
  here: string,
  _before: FormState,
  _form: FormData,
): Promise<FormState> {
  return action(async () => {
    await dropDeclaration(await currentActor(), { project, declaration });
    revalidatePath(here);
    return {};
  });
}
