'use client';
// Keeps the page true while it is open: hears what waits for the reader, puts the count into the title, and says politely what is new. The
// navigation and the parts that show drafts follow the same state (inbox-store.client.ts). Without script the page is what was loaded.

import { useEffect } from 'react';
import { followInbox, type Inbox } from '#lib/browser/follow-inbox.ts';
import { announce } from '#components/ui/announce.client.ts';
import { keepInbox, newestInbox, useInbox } from './inbox-store.client.ts';
import { sayNews } from './say-news.client.ts';

export function FollowInbox({ inbox }: { inbox: Inbox }) {
  const { person } = inbox;
  const count = useInbox()?.count;
  useEffect(() => keepInbox(inbox), [inbox]);
  useEffect(() => followInbox((news) => hear(news, person)), [person]);
  useEffect(() => {
    if (count !== undefined) document.title = withCount(document.title, count);
  }, [count]);
  return null;
}

/** Another tab may be signed in as somebody else by now: what waits for them is not this page's. */
function hear(news: Inbox, person: string): void {
  const before = newestInbox();
  if (news.person !== person || before?.mark === news.mark) return;
  keepInbox(news);
  const sentences = before === null ? '' : sayNews(before, news);
  if (sentences !== '') announce(sentences);
}

/** "(2) Countersign"; the server makes titles of the same form (app/layout.tsx). */
const withCount = (title: string, count: number): string => {
  const plain = title.replace(/^\(\d+\) /, '');
  return count === 0 ? plain : `(${count}) ${plain}`;
};
