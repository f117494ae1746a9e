// What every page has: language, theme, fonts, the Trusted Types policy, the frame. Decides no access: that is the first line of
// each command and query. Rendered for each request, because each answer has a nonce of its own.

import type { Metadata, Viewport } from 'next';
import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import type { NavEntry } from '#components/ui/nav-link.client.tsx';
import { PageFrame, type Theme } from '#components/ui/page-frame.tsx';
import { TrustedTypes } from '#components/ui/trusted-types.tsx';
import { FollowInbox } from '#components/inbox/follow-inbox.client.tsx';
import { currentInbox } from '#lib/next/home.ts';
import { indexName } from '#lib/next/instance.ts';
import type { Inbox } from '#lib/server/queries/inbox.ts';
import { chooseTheme } from './theme.ts';
import '@fontsource-variable/source-sans-3/wght.css';
import '@fontsource-variable/source-sans-3/wght-italic.css';
import '@fontsource/ibm-plex-mono/400.css';
import './globals.css';

/** The count of what waits for the reader stands before every title, so that it can be read on a tab; it is kept right by FollowInbox. */
export async function generateMetadata(): Promise<Metadata> {
  const waiting = (await currentInbox())?.count ?? 0;
  const count = waiting === 0 ? '' : `(${waiting}) `;
  return {
    title: { default: `${count}Countersign`, template: `${count}%s · Countersign` },
    description: 'The maintainers of a Python package co-sign a release before the world can install it.',
  };
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbfaf6' },
    { media: '(prefers-color-scheme: dark)', color: '#14161b' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = readTheme((await cookies()).get('theme')?.value);
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  const inbox = await currentInbox();
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme}>
      <head>
        <TrustedTypes nonce={nonce} />
      </head>
      <body>
        <PageFrame {...{ theme, chooseTheme }} nav={navOf(inbox)} indexName={indexName()} hasShortcuts={inbox !== null}>
          {children}
        </PageFrame>
        {inbox === null ? null : <FollowInbox inbox={inbox} />}
      </body>
    </html>
  );
}

function navOf(inbox: Inbox | null): NavEntry[] {
  if (inbox === null) return [{ href: '/sign-in', label: 'Sign in' }];
  return [
    { href: '/', label: 'To sign', count: inbox.count, countLabel: 'need your signature', live: true },
    { href: '/account', label: inbox.person },
  ];
}

function readTheme(cookie: string | undefined): Theme {
  return cookie === 'light' || cookie === 'dark' ? cookie : 'system';
}
