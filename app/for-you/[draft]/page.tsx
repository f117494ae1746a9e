// A draft by the personal link of a mail, without signing in: read it, hand in a signature that was made elsewhere, decline, choose what to hear
// of it. Signing in the browser asks for a sign-in and comes back to the draft. The token is not here: web/personal-links.ts took it away.

import type { Metadata } from 'next';
import { CommentEntries } from '#components/draft/comment-entries.tsx';
import { SinceRelease } from '#components/changes/since-release.tsx';
import { DraftSubject } from '#components/draft/draft-subject.tsx';
import { OnThisPage } from '#components/draft/on-this-page.tsx';
import { RebuildEntries } from '#components/draft/rebuild-entries.tsx';
import { Findings } from '#components/draft/findings.tsx';
import { sayProgress } from '#components/draft/say-progress.ts';
import { SignatureLines } from '#components/draft/signature-lines.tsx';
import { TryIt } from '#components/draft/try-it.tsx';
import { DescriptionOfDraft } from '#components/release/description.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { StateChip } from '#components/ui/state-chip.tsx';
import { personOf } from '#lib/core/people.ts';
import { publicUrl } from '#lib/next/instance.ts';
import { shownByLink } from '#lib/next/link.ts';
import { currentActor } from '#lib/next/session.ts';
import type { LinkedDraft } from '#lib/server/queries/linked-draft.ts';
import { Instead } from './instead.tsx';
import { SignByLink } from './sign-by-link.tsx';

type Props = { params: Promise<{ draft: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const shown = await shownByLink((await params).draft);
  const title = 'draft' in shown ? `${shown.draft.project} ${shown.draft.version}` : 'The link of a mail';
  return { title, robots: 'noindex' };
}

export default async function LinkedDraftPage({ params }: Props) {
  const { draft: id } = await params;
  const shown = await shownByLink(id);
  if ('refused' in shown) return <NothingHere id={id} message={shown.refused.message} />;
  const { draft } = shown;
  const { project, version, isOpen, state, declines } = draft;
  return (
    <>
      <PageHeading
        title={version}
        trail={[{ href: `/projects/${project}`, label: project }]}
        lead={<Lead draft={draft} />}
        aside={<StateChip state={state === 'draft' && declines.length > 0 ? 'declined' : state} />}
      />
      <WhoseLink draft={draft} signedIn={personOf(await currentActor())} />
      <Signatures draft={draft} />
      <OnThisPage draft={draft} />
      <Clause number={1} title={isOpen ? 'What you sign' : 'What was signed'}>
        <DraftSubject draft={draft} />
        <SinceRelease id="changed" since={draft.sinceRelease} details={null} />
        <DescriptionOfDraft description={draft.description} />
        <Findings findings={draft.findings} />
        <Talk draft={draft} />
      </Clause>
      <Clause number={2} title={isOpen ? `Sign revision ${draft.revision}` : 'Signing is over'} id="sign">
        <SignByLink draft={draft} />
      </Clause>
      <Clause number={3} title="Or something else">
        <Instead draft={draft} />
      </Clause>
      <Comments draft={draft} />
    </>
  );
}

function Lead({ draft: { revision, openedBy, openedAt, state, deadline } }: { draft: LinkedDraft }) {
  return (
    <>
      Revision {revision}, opened by {openedBy} on <Moment at={openedAt} />.{' '}
      {state === 'draft' ? (
        <>
          Open until <Moment at={deadline} />.
        </>
      ) : null}
    </>
  );
}

/** For whom the mail was, what the link is, and what has changed since that mail. */
function WhoseLink({ draft, signedIn }: { draft: LinkedDraft; signedIn: string | null }) {
  const { person, linkEnds, mailedRevision, revision } = draft;
  return (
    <>
      <Notice title={`This page is for ${person}, by the link in a mail.`}>
        <p>
          It needs no sign-in and cannot sign for you. The link opens this one draft until <Moment at={linkEnds} />; do
          not pass the mail on.
        </p>
      </Notice>
      {signedIn === null || signedIn === person ? null : (
        <Notice tone="warning" title={`In this browser ${signedIn} is signed in.`}>
          <p>What you do on this page is done for {person}, whose mail the link is from.</p>
        </Notice>
      )}
      {mailedRevision === revision ? null : (
        <Notice
          tone="warning"
          title={`The files have changed since that mail: it was about revision ${mailedRevision}.`}
        >
          <p>The digest below is that of revision {revision}; the one in the mail is of the older statement.</p>
        </Notice>
      )}
    </>
  );
}

function Signatures({ draft }: { draft: LinkedDraft }) {
  const { state, verdict, lines, waitsUntil, declines, heldBack } = draft;
  const signed = verdict.required - verdict.missing;
  return (
    <section aria-labelledby="signatures">
      <h2 id="signatures" className="sr-only">
        Signatures
      </h2>
      <SignatureLines lines={lines} label={`Signatures, ${signed} of ${verdict.required}`} />
      <p className="standing">{sayProgress({ ...verdict, signed, state })}</p>
      {waitsUntil === null ? null : (
        <Notice tone="accent" title="Enough people have signed. It waits, as the policy asks.">
          <p>
            It is published no earlier than <Moment at={waitsUntil} />; until then anyone of the people may decline it.
          </p>
        </Notice>
      )}
      {state === 'approved' ? <Notice tone="accent" title="Enough people have signed. It is being published." /> : null}
      {declines.map(({ id, name, reason, at, revision }) => (
        <Notice key={id} tone="danger" title={`${name} declined this draft.`}>
          <p className="wrap-anywhere">“{reason}”</p>
          <p>
            Revision {revision}, <Moment at={at} />. Nothing is published while this stands, however many people sign.
          </p>
        </Notice>
      ))}
      {heldBack === null || declines.length > 0 ? null : <Notice tone="warning" title={heldBack} />}
    </section>
  );
}

/** Where it can be tried, and what others got who rebuilt it. */
function Talk({ draft: { project, version, revision, talk } }: { draft: LinkedDraft }) {
  const { preview, rebuilds } = talk;
  return (
    <>
      {preview === null ? null : (
        <TryIt
          {...{ address: preview.address, endedBy: preview.endedBy, project, version, revision }}
          origin={publicUrl()}
        />
      )}
      {rebuilds.length === 0 ? null : (
        <section aria-labelledby="rebuilds">
          <h3 id="rebuilds" className="mt-8">
            Rebuilt from source
          </h3>
          <p>What people say they got when they built these files by themselves. It counts for no signature.</p>
          <RebuildEntries rebuilds={rebuilds} />
        </section>
      )}
    </>
  );
}

/** To be read; writing one asks for a sign-in. */
function Comments({ draft: { id, revision, talk } }: { draft: LinkedDraft }) {
  if (talk.comments.length === 0) return null;
  return (
    <Clause title="Comments" id="comments">
      <CommentEntries comments={talk.comments} revision={revision} />
      <p>
        <a href={`/drafts/${id}#comments`}>Sign in to answer</a>
      </p>
    </Clause>
  );
}

/** A link that opens nothing (any more), or a page that was opened too long ago: why, and the way by signing in. */
async function NothingHere({ id, message }: { id: string; message: string }) {
  const isDraft = /^[0-9a-f]{12}$/.test(id);
  const returnTo = isDraft ? `/drafts/${id}` : '/';
  const isSignedIn = personOf(await currentActor()) !== null;
  return (
    <>
      <PageHeading title="This page is shut" />
      <Empty
        title="The link does not open it"
        action={
          <ButtonLink
            href={isSignedIn ? returnTo : `/sign-in?${new URLSearchParams({ returnTo }).toString()}`}
            look="primary"
          >
            {isSignedIn ? 'Go on, signed in' : 'Sign in'}
          </ButtonLink>
        }
      >
        {message} Nothing was changed by opening it.
      </Empty>
    </>
  );
}
