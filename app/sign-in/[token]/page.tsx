// The page behind a mailed link. Opening it changes nothing: mail scanners open links. The button signs in; for a new address
// it also creates the account under the name typed here. A link that cannot be used says so and offers a new one.

import type { Metadata } from 'next';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Field } from '#components/ui/field.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { readSignInLink } from '#lib/server/queries/sign-in-link.ts';
import { pressButton } from './actions.ts';

export const metadata: Metadata = { title: 'Sign in', robots: 'noindex' };

export default async function LinkPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const link = await readSignInLink(token);
  if (!link.usable) return <Unusable />;
  return (
    <>
      <PageHeading
        title={link.isNew ? 'Create your account' : 'Sign in'}
        lead={
          link.isNew ? (
            <>
              <strong>{link.address}</strong> is new here. Choose the name under which you will sign.
            </>
          ) : (
            <>
              As <strong>{link.address}</strong>, in this browser, for 30 days.
            </>
          )
        }
      />
      <ActionForm
        action={pressButton}
        label="Sign in"
        submit={link.isNew ? 'Create the account and sign in' : 'Sign in'}
        busy="Signing in…"
        beside={<a href="/sign-in">Ask for another link</a>}
      >
        <input type="hidden" name="token" value={token} />
        {link.isNew ? <NameField /> : null}
      </ActionForm>
    </>
  );
}

function NameField() {
  return (
    <Field
      name="name"
      label="Account name"
      hint="2 to 39 letters, digits and single hyphens, starting with a letter. It stands in every document you sign and never changes."
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      required
      minLength={2}
      maxLength={39}
    />
  );
}

function Unusable() {
  return (
    <>
      <PageHeading title="This link cannot be used" />
      <Empty
        title="It was used already, or it is older than 15 minutes"
        action={
          <ButtonLink href="/sign-in" look="primary">
            Ask for a new link
          </ButtonLink>
        }
      >
        Each link signs in once. Nothing was changed by opening it.
      </Empty>
    </>
  );
}
