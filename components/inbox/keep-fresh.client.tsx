'use client';
// Loads a page's content again when something is other than what it shows; what was typed, chosen and opened on it stays.

import { useRouter } from 'next/navigation';
import { startTransition, useEffect, useRef } from 'react';
import { Notice } from '#components/ui/notice.tsx';
import { useInbox } from './inbox-store.client.ts';

/** The front page: as soon as anything in the inbox changed. `mark`: of the inbox as the page shows it. */
export function KeepFresh({ mark }: { mark: string }) {
  const heard = useInbox();
  useRefresh(heard !== null && heard.mark !== mark ? heard.mark : null);
  return null;
}

type KeepDraftFreshProps = {
  draft: string;
  /** The revision that the page shows. */
  revision: number;
  /** Of the draft as the page shows it; null: it is over. */
  mark: string | null;
};

/**
 * A draft's page: signatures, declines and states come by themselves. Another revision does not: what somebody reads and is about to sign
 * is never exchanged under their eyes.
 */
export function KeepDraftFresh({ draft, revision, mark }: KeepDraftFreshProps) {
  const heard = useInbox();
  const now = heard?.drafts.find(({ id }) => id === draft);
  const isOther = heard !== null && (now?.mark ?? null) !== mark;
  const newest = isOther && now ? now.revision : revision;
  useRefresh(isOther && newest === revision ? heard.mark : null);
  return newest === revision ? null : <NewerRevision draft={draft} shown={revision} newest={newest} />;
}

function NewerRevision({ draft, shown, newest }: { draft: string; shown: number; newest: number }) {
  return (
    <Notice live tone="warning" title={`The files changed: it is revision ${newest} now.`}>
      <p>
        This page still shows revision {shown}; a signature over that no longer counts.{' '}
        <a href={`/drafts/${draft}`}>Show revision {newest}</a>
      </p>
    </Notice>
  );
}

/** Once for each state, however often it is heard; null: nothing is to be done. */
function useRefresh(state: string | null): void {
  const router = useRouter();
  const asked = useRef<string | null>(null);
  useEffect(() => {
    if (state === null || asked.current === state) return;
    asked.current = state;
    startTransition(() => router.refresh());
  }, [router, state]);
}
