// A draft: who signed and who can, what is signed, the panel to sign it, and what else can be done. Every number comes from one verdict.

import { cache } from 'react';
import type { Metadata } from 'next';
import { KeepDraftFresh } from '#components/inbox/keep-fresh.client.tsx';
import { SinceRelease } from '#components/changes/since-release.tsx';
import { DraftSubject } from '#components/draft/draft-subject.tsx';
import { OnThisPage } from '#components/draft/on-this-page.tsx';
import { SignatureLines } from '#components/draft/signature-lines.tsx';
import { hasEnded, sayProgress } from '#components/draft/say-progress.ts';
import { DescriptionOfDraft } from '#components/release/description.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause, Columns, PageHeading } from '#components/ui/page.tsx';
import { StateChip, type StateName } from '#components/ui/state-chip.tsx';
import { currentInbox } from '#lib/next/home.ts';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { draftPage, type DraftPage } from '#lib/server/queries/draft-page.ts';
import { Aside } from './aside.tsx';
import { Change } from './change.tsx';
import { Checks } from './checks.tsx';
import { Countersigning } from './countersigning.tsx';
import { Declines } from './declines.tsx';
import { Published } from './published.tsx';
import { Sign } from './sign.tsx';
import { Comments, Rebuilds, Try } from './talk.tsx';

type Props = { params: Promise<{ id: string }> };

const loadDraft = cache(async (id: string) => {
  // First, so that a mark is never newer than the draft that is shown with it.
  await currentInbox();
  return load(`/drafts/${id}`, async () => draftPage(await currentActor(), id));
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { project, version } = await loadDraft((await params).id);
  return { title: `${project} ${version}` };
}

export default async function OneDraftPage({ params }: Props) {
  const draft = await loadDraft((await params).id);
  const { project, version, state, isOpen } = draft;
  const isBeforeIndex = isOpen || state === 'approved';
  const known = (await currentInbox())?.drafts.find(({ id }) => id === draft.id);
  return (
    <>
      <PageHeading
        title={version}
        trail={[{ href: `/projects/${project}`, label: project }]}
        lead={<Lead draft={draft} />}
        aside={<StateChip state={shownState(draft)} />}
      />
      <Columns asideLabel="History and earlier revisions" aside={<Aside draft={draft} />}>
        <KeepDraftFresh draft={draft.id} revision={draft.revision} mark={known?.mark ?? null} />
        <Signatures draft={draft} />
        <OnThisPage draft={draft} />
        {state === 'published' ? <Published draft={draft} /> : null}
        <Clause number={isBeforeIndex ? 1 : undefined} title={isOpen ? 'What you sign' : 'What was signed'}>
          <DraftSubject draft={draft} />
          <SinceRelease id="changed" since={draft.sinceRelease} details={`/drafts/${draft.id}/changes`} />
          <DescriptionOfDraft description={draft.description} />
          <Checks draft={draft} />
          <Try draft={draft} />
          <Rebuilds draft={draft} />
        </Clause>
        {isBeforeIndex ? (
          <Clause number={2} title={signTitle(draft)} id="sign">
            <Sign draft={draft} />
          </Clause>
        ) : null}
        <Change draft={draft} />
        <Comments draft={draft} />
      </Columns>
    </>
  );
}

function shownState({ state, declines, yankedReason }: DraftPage): StateName {
  if (state === 'published' && yankedReason !== null) return 'yanked';
  return state === 'draft' && declines.length > 0 ? 'declined' : state;
}

/** Who signed and who can, and what keeps it from being published. */
function Signatures({ draft }: { draft: DraftPage }) {
  const { state, verdict } = draft;
  const signed = verdict.required - verdict.missing;
  const lines = hasEnded(state) ? draft.lines.filter((line) => line.state !== 'open') : draft.lines;
  return (
    <section aria-labelledby="signatures">
      <h2 id="signatures" className="sr-only">
        Signatures
      </h2>
      <SignatureLines lines={lines} label={`Signatures, ${signed} of ${verdict.required}`} />
      {draft.isOpen ? <CannotSign people={draft.cannotSign} /> : null}
      <p className="standing">{sayProgress({ ...verdict, signed, state })}</p>
      <Quarantined draft={draft} />
      <Waits until={draft.waitsUntil} />
      <Declines draft={draft} />
      <Withdrawn draft={draft} />
      <Countersigning draft={draft} />
    </section>
  );
}

/** Beside the empty lines: who of the policy cannot fill one, each with the reason. */
function CannotSign({ people }: { people: DraftPage['cannotSign'] }) {
  if (people.length === 0) return null;
  return (
    <ul className="entry-facts" aria-label="Who cannot sign">
      {people.map(({ name, why }) => (
        <li key={name}>
          {name} cannot sign: {why}
        </li>
      ))}
    </ul>
  );
}

function Waits({ until }: { until: Date | null }) {
  if (until === null) return null;
  return (
    <Notice tone="accent" title="Enough people have signed. It waits, as the policy asks.">
      <p>
        It is published no earlier than <Moment at={until} />; until then anyone of the people may decline it. The
        countersigner counts the time by its own clock.
      </p>
    </Notice>
  );
}

/** The same words as in the mail, in the record, and in `countersign verify`. */
function Quarantined({ draft: { quarantine, countersigning } }: { draft: DraftPage }) {
  if (quarantine === null) return null;
  return (
    <Notice tone="danger" title="Quarantined: out of the index.">
      <p>
        Since <Moment at={quarantine.since} />. {quarantine.reason}
      </p>
      <p>
        {quarantine.kept} {quarantine.wayBack}
      </p>
      {countersigning.says === null ? null : <p>The countersigner said: {countersigning.says}</p>}
    </Notice>
  );
}

function Withdrawn({ draft: { withdrawn } }: { draft: DraftPage }) {
  if (withdrawn === null) return null;
  return (
    <Notice title={`${withdrawn.by} withdrew this draft.`}>
      <p className="wrap-anywhere">“{withdrawn.reason}”</p>
    </Notice>
  );
}

function Lead({ draft }: { draft: DraftPage }) {
  const { revision, openedBy, openedAt, state, deadline, publishedAt } = draft;
  return (
    <>
      Revision {revision}, opened by {openedBy} on <Moment at={openedAt} />.{' '}
      {state === 'draft' ? (
        <>
          Open until <Moment at={deadline} />.
        </>
      ) : null}
      {publishedAt === null ? null : (
        <>
          {state === 'quarantined' ? 'It was published on' : 'Published on'} <Moment at={publishedAt} />.
        </>
      )}
    </>
  );
}

function signTitle({ state, isOpen, revision }: DraftPage): string {
  if (state === 'quarantined') return `Sign revision ${revision} again`;
  return isOpen ? `Sign revision ${revision}` : 'Signing is over';
}
