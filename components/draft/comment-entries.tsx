// The comments on a draft, oldest first, each with the revision that it is about where that is not the newest. One that was taken back stays, struck.
import type { ReactNode } from 'react';
import { Moment } from '#components/ui/moment.tsx';
import { Words } from './words.tsx';

export type CommentEntry = {
  id: string;
  name: string;
  revision: number;
  at: Date;
  text: string;
  takenBackAt: Date | null;
  isMine: boolean;
};

type CommentEntriesProps = {
  comments: CommentEntry[];
  /** The newest revision. */
  revision: number;
  /** What the reader can do with one. */
  actions?: (comment: CommentEntry) => ReactNode;
};

export function CommentEntries({ comments, revision, actions }: CommentEntriesProps) {
  if (comments.length === 0) return <p>Nobody has written anything about it yet.</p>;
  return (
    <ol className="entries" aria-label="Comments, oldest first">
      {comments.map((comment) => (
        <li key={comment.id} id={`comment-${comment.id}`}>
          <p className="entry-facts">
            <strong>{comment.name}</strong>, <Moment at={comment.at} />
            {comment.revision === revision ? null : `, about revision ${comment.revision}`}
            {comment.takenBackAt === null ? null : (
              <>
                ; taken back <Moment at={comment.takenBackAt} />
              </>
            )}
          </p>
          <Words text={comment.text} isStruck={comment.takenBackAt !== null} />
          {actions?.(comment)}
        </li>
      ))}
    </ol>
  );
}
