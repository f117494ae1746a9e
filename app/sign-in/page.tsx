// Signing in: one field. There are no passwords here; a link comes by mail. Whoever has a passkey uses it instead.

import type { Metadata } from 'next';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Field } from '#components/ui/field.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { UsePasskey } from '#components/passkeys/use-passkey.client.tsx';
import { passkeysUnavailable } from '#lib/server/queries/passkeys.ts';
import { askForLink } from './actions.ts';
import { askPasskey, signInWithPasskey } from '#lib/next/passkey-actions.ts';

export const metadata: Metadata = { title: 'Sign in' };

type SearchParams = Promise<Record<string, string | string[] | undefined>>;

export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
  const claimed = (await searchParams).returnTo;
  const returnTo = typeof claimed === 'string' ? claimed : '';
  return (
    <>
      <PageHeading
        title="Sign in"
        lead="Type your mail address; a link comes by mail. With a new address the link creates your account. There is no password."
      />
      <ActionForm action={askForLink} label="Sign in" submit="Send me the link" busy="Sending…">
        <input type="hidden" name="returnTo" value={returnTo} />
        <Field name="address" label="Mail address" type="email" autoComplete="email" required maxLength={254} />
      </ActionForm>
      {passkeysUnavailable() === null ? (
        <section className="clause" data-needs-script>
          <h2>Or with a passkey</h2>
          <div className="clause-body">
            <p>If you added one to your account: with your device or a security key, without a mail.</p>
            <UsePasskey label="Use a passkey" ask={askPasskey} confirm={signInWithPasskey.bind(null, returnTo)} />
          </div>
        </section>
      ) : null}
    </>
  );
}
