// What is said to a screen reader when something changed while the page was open.
import { expect, test } from 'vitest';
import type { Inbox, InboxDraft } from '#lib/browser/follow-inbox.ts';
import { sayNews } from '#components/inbox/say-news.client.ts';

const draft = (change: Partial<InboxDraft> = {}): InboxDraft => ({
  ...{ id: '6f2c9d1e4b7a', name: 'sunrise 1.2.0', revision: 1, signed: 0, required: 2, counted: [], needsMe: true },
  ...{ mark: '', ...change },
});
const inbox = (count: number, ...drafts: InboxDraft[]): Inbox => ({ person: 'bo', count, drafts, mark: '' });

test.each([
  ['nothing, where nothing changed', inbox(1, draft()), inbox(1, draft()), ''],
  [
    'who signed, and how far it is',
    inbox(1, draft()),
    inbox(1, draft({ counted: ['ada'], signed: 1 })),
    'ada signed sunrise 1.2.0: 1 of 2.',
  ],
  [
    'what is new, and how many there are',
    inbox(1, draft()),
    inbox(2, draft(), draft({ id: '000000000001', name: 'other 1.0' })),
    'other 1.0 is new and needs your signature. 2 things need your signature.',
  ],
  [
    'that the files changed, and nothing of the signatures that fell with it',
    inbox(1, draft({ counted: ['ada'], signed: 1 })),
    inbox(1, draft({ revision: 2 })),
    'The files of sunrise 1.2.0 changed: it is revision 2 now.',
  ],
  [
    'not what the reader did, but what is left',
    inbox(1, draft()),
    inbox(0, draft({ counted: ['bo'], signed: 1, needsMe: false })),
    'Nothing needs your signature.',
  ],
  [
    'nothing of a new draft that the reader need not sign',
    inbox(0),
    inbox(0, draft({ needsMe: false, counted: ['bo'] })),
    '',
  ],
])('what is said is %s', (_, before, after, says) => {
  expect(sayNews(before, after)).toBe(says);
});
