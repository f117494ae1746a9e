// Comments on a draft, what people rebuilt, and the address to try it, with what the reader can do about each.

import { CommentEntries, type CommentEntry } from '#components/draft/comment-entries.tsx';
import { RebuildEntries } from '#components/draft/rebuild-entries.tsx';
import { RebuildForm } from '#components/draft/rebuild-form.client.tsx';
import { TryIt } from '#components/draft/try-it.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { TextField } from '#components/ui/field.tsx';
import { Clause } from '#components/ui/page.tsx';
import { wordsMost } from '#lib/core/words.ts';
import { publicUrl } from '#lib/next/instance.ts';
import type { DraftPage } from '#lib/server/queries/draft-page.ts';
import { comment, endAddress, renewAddress, state, takeBackStated, takeBackWritten } from './talk-actions.ts';

export function Comments({ draft }: { draft: DraftPage }) {
  const { id, revision, talk } = draft;
  if (talk.comments.length === 0 && !talk.may.comment) return null;
  return (
    <Clause title="Comments" id="comments">
      <CommentEntries
        comments={talk.comments}
        revision={revision}
        actions={(one) => (talk.may.comment ? <TakeBack draft={id} comment={one} /> : null)}
      />
      {talk.may.comment ? <Write draft={draft} /> : null}
    </Clause>
  );
}

/** A new form after each comment of the reader's own, and only then: what they are typing stays when others write. */
function Write({ draft: { id, revision, talk } }: { draft: DraftPage }) {
  const written = talk.comments.filter(({ isMine }) => isMine).length;
  return (
    <ActionForm
      key={written}
      action={comment.bind(null, id, revision)}
      label="Write a comment"
      submit={`Comment on revision ${revision}`}
      look="plain"
    >
      <TextField
        name="comment"
        label="Your comment"
        hint="Plain text. The people of the project read it here and by mail, and it stays in the history of the draft."
        rows={4}
        maxLength={wordsMost.characters}
        required
      />
    </ActionForm>
  );
}

function TakeBack({ draft, comment: { id, isMine, takenBackAt } }: { draft: string; comment: CommentEntry }) {
  if (!isMine || takenBackAt !== null) return null;
  return (
    <details className="reveal">
      <summary>Take it back</summary>
      <p>It is shown struck through from then on. Mail that went out cannot be called back, and history keeps it.</p>
      <ActionForm
        action={takeBackWritten.bind(null, draft, id)}
        label="Take your comment back"
        submit="Take the comment back"
        look="plain"
      />
    </details>
  );
}

export function Rebuilds({ draft }: { draft: DraftPage }) {
  const { rebuilds, may } = draft.talk;
  if (rebuilds.length === 0 && !may.rebuild) return null;
  const isMine = (id: string) => may.rebuild && rebuilds.some((one) => one.id === id && one.isMine);
  return (
    <section aria-labelledby="rebuilds">
      <h3 id="rebuilds" className="mt-8">
        Rebuilt from source
      </h3>
      <p>
        What people say they got when they built these files by themselves. It counts for no signature, and holds
        nothing back.
      </p>
      {rebuilds.length === 0 ? null : (
        <RebuildEntries
          rebuilds={rebuilds}
          actions={({ id }) => (isMine(id) ? <TakeBackRebuild draft={draft.id} id={id} /> : null)}
        />
      )}
      {may.rebuild ? <StateIt draft={draft} /> : null}
    </section>
  );
}

function StateIt({ draft: { id, revision, files, talk } }: { draft: DraftPage }) {
  const mine = talk.rebuilds.find(({ isMine }) => isMine);
  return (
    <details className="reveal" key={mine?.id ?? 'none'}>
      <summary>{mine === undefined ? 'I rebuilt it' : 'State something else about your rebuild'}</summary>
      <RebuildForm
        files={files.map(({ name, sha256, size, path }) => ({ name, sha256, size, path }))}
        action={state.bind(null, id, revision)}
        revision={revision}
      />
    </details>
  );
}

function TakeBackRebuild({ draft, id }: { draft: string; id: string }) {
  return (
    <ActionForm
      action={takeBackStated.bind(null, draft, id)}
      label="Take back what you stated"
      submit="Take it back"
      look="plain"
    />
  );
}

export function Try({ draft }: { draft: DraftPage }) {
  const { id, project, version, revision, talk } = draft;
  const { preview } = talk;
  if (preview === null) return null;
  const { address, endedBy } = preview;
  return (
    <TryIt {...{ address, endedBy, project, version, revision }} origin={publicUrl()}>
      {preview.mayManage ? <ManageAddress draft={id} isLive={address !== null} /> : null}
    </TryIt>
  );
}

function ManageAddress({ draft, isLive }: { draft: string; isLive: boolean }) {
  return (
    <details className="reveal">
      <summary>{isLive ? 'Renew or end this address' : 'Make a new address'}</summary>
      {isLive ? (
        <p>Do that if the address got where it should not be. A new revision has a new one by itself.</p>
      ) : null}
      <ActionForm
        action={renewAddress.bind(null, draft)}
        label="Make a new address"
        submit={isLive ? 'Make a new address, end this one' : 'Make a new address'}
        look="plain"
      />
      {isLive ? (
        <ActionForm
          action={endAddress.bind(null, draft)}
          label="End the address"
          submit="End this address"
          look="danger"
        />
      ) : null}
    </details>
  );
}
