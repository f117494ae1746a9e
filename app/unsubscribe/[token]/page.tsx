// Where the link at the end of a mail leads. Opening it changes nothing (mail scanners open links); the button does, also without script and
// without signing in. Before and after it says what still comes.

import type { Metadata } from 'next';
import { AlwaysComes } from '#components/mail/always-comes.tsx';
import { sayDelivery } from '#components/mail/topic-choices.tsx';
import { Actions, Button } from '#components/ui/button.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { unsubscribePage, type UnsubscribePage } from '#lib/server/queries/unsubscribe-page.ts';

export const metadata: Metadata = { title: 'Switch mail off', robots: { index: false } };

type Props = { params: Promise<{ token: string }> };

export default async function SwitchMailOffPage({ params }: Props) {
  const { token } = await params;
  const page = await load('/', () => unsubscribePage(token));
  const { person, project, isOff } = page;
  return (
    <>
      <PageHeading
        title={isOff ? 'It is switched off' : 'Switch mail off?'}
        lead={
          <>
            {sayWhat(page)}
            {project === null ? '' : ` of ${project}`}, to the account {person}.
          </>
        }
      />
      {isOff ? (
        <Notice tone="good" title="This mail does not come any more.">
          <p>
            To get it again, sign in and choose in <a href="/account/mail">your mail</a>.
          </p>
        </Notice>
      ) : (
        <SwitchOff token={token} submit="Switch it off" look="primary" />
      )}
      <StillComes page={page} token={token} />
      <Clause title="What always comes">
        <AlwaysComes />
      </Clause>
    </>
  );
}

const sayWhat = ({ names }: UnsubscribePage): string =>
  names === null ? 'The daily mail with everything in it' : `Mail that ${names}`;

type SwitchOffProps = { token: string; submit: string; look: 'primary' | 'plain'; all?: boolean };

/** The very request that a mail program makes by its own button. */
function SwitchOff({ token, submit, look, all = false }: SwitchOffProps) {
  return (
    <form method="post" action={`/unsubscribe/${token}`} className="form" aria-label={submit}>
      <input type="hidden" name="List-Unsubscribe" value="One-Click" />
      <input type="hidden" name="from" value="page" />
      {all ? <input type="hidden" name="all" value="yes" /> : null}
      <Actions>
        <Button type="submit" look={look}>
          {submit}
        </Button>
      </Actions>
    </form>
  );
}

function StillComes({ page: { still, project, names }, token }: { page: UnsubscribePage; token: string }) {
  const where = project === null ? 'of your projects' : `of ${project}`;
  return (
    <Clause title="What still comes">
      {still.length === 0 ? <p>Nothing else {where} that could be switched off.</p> : <StillList still={still} />}
      {still.length === 0 || names === null ? null : (
        <SwitchOff token={token} submit={`Switch off all of it ${where}`} look="plain" all />
      )}
    </Clause>
  );
}

function StillList({ still }: Pick<UnsubscribePage, 'still'>) {
  return (
    <ul>
      {still.map(({ title, comes }) => (
        <li key={title}>
          {title}: {sayDelivery(comes)}
        </li>
      ))}
    </ul>
  );
}
