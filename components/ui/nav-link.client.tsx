'use client';
// A link of the main navigation that knows whether it is the current place, and how much waits there now.

import { usePathname } from 'next/navigation';
import { useInbox } from '#components/inbox/inbox-store.client.ts';

export type NavEntry = {
  href: string;
  label: string;
  /** Shown and said when above zero: "2 need you". */
  count?: number;
  countLabel?: string;
  /** The count is that of what waits for the reader, and stays right while the page is open. */
  live?: boolean;
  /** Pages below it are other places. */
  exact?: boolean;
};

export function NavLink({ href, label, count = 0, countLabel = 'waiting', live = false, exact = false }: NavEntry) {
  const path = usePathname();
  const isCurrent = path === href || (!exact && href !== '/' && path.startsWith(`${href}/`));
  return (
    <a className="nav-link" href={href} aria-current={isCurrent ? 'page' : undefined}>
      {label}
      <Count {...{ count, live }} label={countLabel} />
    </a>
  );
}

function Count({ count, live, label }: { count: number; live: boolean; label: string }) {
  const heard = useInbox();
  const shown = live && heard !== null ? heard.count : count;
  if (shown === 0) return null;
  return (
    <span className="nav-count">
      {shown}
      <span className="sr-only"> {label}</span>
    </span>
  );
}
