// Signing in: one field. There are no passwords here; a link comes by mail.

import type { Metadata } from 'next';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Field } from '#components/ui/field.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { askForLink } from './actions.ts';

export const metadata: Metadata = { title: 'Sign in' };

type SearchParams = Promise<Record<string, string | string[] | undefined>>;

export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
  const { returnTo } = await searchParams;
  return (
    <>
      <PageHeading
        title="Sign in"
        lead="Type your mail address; a link comes by mail. With a new address the link creates your account. There is no password."
      />
      <ActionForm action={askForLink} label="Sign in" submit="Send me the link" busy="Sending…">
        <input type="hidden" name="returnTo" value={typeof returnTo === 'string' ? returnTo : ''} />
        <Field name="address" label="Mail address" type="email" autoComplete="email" required maxLength={254} />
      </ActionForm>
    </>
  );
}
