// Several drafts, signed with one unlocking of a key: each with its digest and statement, then one panel. Chosen on the front page, which
// links here with their ids; nothing is signed by coming here.

import type { Metadata } from 'next';
import { documentOf } from '#components/draft/draft-subject.tsx';
import { SigningTogether } from '#components/signing/signing-together.client.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import type { DraftPage } from '#lib/server/queries/draft-page.ts';
import { draftsTogether, type DraftsTogether } from '#lib/server/queries/drafts-together.ts';
import { handInOneOf } from './actions.ts';
import { OneDraft } from './one-draft.tsx';

export const metadata: Metadata = { title: 'Sign several drafts' };

type Props = { searchParams: Promise<{ draft?: string | string[] }> };

export default async function SignSeveralPage({ searchParams }: Props) {
  const chosen = [(await searchParams).draft ?? []].flat();
  const here = `/drafts/sign?${new URLSearchParams(chosen.map((id) => ['draft', id])).toString()}`;
  const found = await load(here, async () => draftsTogether(await currentActor(), chosen));
  const { open, closed } = found;
  return (
    <>
      <PageHeading title={headline(open.length)} trail={[{ href: '/', label: 'To sign' }]} lead={lead(found)} />
      {open.map((draft, at) => (
        <OneDraft key={draft.id} draft={draft} number={at + 1} />
      ))}
      {closed.length === 0 ? null : <NotHere closed={closed} />}
      <Clause number={open.length === 0 ? undefined : open.length + 1} title="Sign" id="sign">
        {open.length === 0 ? null : <WithoutScript />}
        <SigningTogether all={open.map(oneOfSeveral)} />
        <p>
          <a href="/">Back to what needs you</a>
        </p>
      </Clause>
    </>
  );
}

const oneOfSeveral = (draft: DraftPage) => ({
  name: `${draft.project} ${draft.version}`,
  document: documentOf(draft),
  keys: draft.panel?.keys.map(({ fingerprint, userId }) => ({ fingerprint, userId })) ?? [],
  handIn: handInOneOf.bind(null, draft.id, draft.revision),
});

function headline(open: number): string {
  if (open === 0) return 'Nothing here to sign';
  return open === 1 ? 'Sign one draft' : `Sign ${open} drafts with one key`;
}

const whatToDo = (open: number): string => {
  if (open === 0) return 'Choose drafts on the page “To sign”.';
  return open === 1 ? 'Read the statement, then sign it.' : 'Read each statement; then one key signs them all.';
};

/** What to do here, and what was left out. */
function lead({ open, missing, leftOut, most }: DraftsTogether): string {
  const said = [
    whatToDo(open.length),
    missing === 0
      ? ''
      : `${missing === 1 ? 'One of them is' : `${missing} of them are`} not there, or not yours to see.`,
    leftOut === 0 ? '' : `At most ${most} go together: ${leftOut} more of them wait for the next time.`,
  ];
  return said.filter((sentence) => sentence !== '').join(' ');
}

function NotHere({ closed }: Pick<DraftsTogether, 'closed'>) {
  return (
    <Clause title="Not to be signed by you now">
      <ul className="entries" aria-label="Not to be signed by you now">
        {closed.map(({ draft: { id, project, version }, why }) => (
          <li key={id}>
            <h3>
              <a href={`/drafts/${id}`}>
                {project} {version}
              </a>
            </h3>
            <p>{why}</p>
          </li>
        ))}
      </ul>
    </Clause>
  );
}

function WithoutScript() {
  return (
    <noscript>
      <Notice title="Signing here needs script.">
        <p>Without it, open each draft by its name above: there it is signed with GnuPG or Sequoia and an upload.</p>
      </Notice>
    </noscript>
  );
}
