'use client';
// A link of the main navigation that knows whether it is the current place.

import { usePathname } from 'next/navigation';

export type NavEntry = {
  href: string;
  label: string;
  /** Shown and said when above zero: "2 need you". */
  count?: number;
  countLabel?: string;
  /** Pages below it are other places. */
  exact?: boolean;
};

export function NavLink({ href, label, count = 0, countLabel = 'waiting', exact = false }: NavEntry) {
  const path = usePathname();
  const isCurrent = path === href || (!exact && href !== '/' && path.startsWith(`${href}/`));
  return (
    <a className="nav-link" href={href} aria-current={isCurrent ? 'page' : undefined}>
      {label}
      {count > 0 ? (
        <span className="nav-count">
          {count}
          <span className="sr-only"> {countLabel}</span>
        </span>
      ) : null}
    </a>
  );
}
