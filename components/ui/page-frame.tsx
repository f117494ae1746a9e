// What stands round every page: skip link, name and navigation, the page itself, the foot with the choice of theme, the live region.
// Fetches nothing: who is signed in and what waits for them comes as props from app/layout.tsx.

import type { ReactNode } from 'react';
import { announcementsId } from './announce-region.ts';
import { Mark } from './mark.tsx';
import { NavLink, type NavEntry } from './nav-link.client.tsx';
import { Shortcuts } from './shortcuts.client.tsx';

export type Theme = 'system' | 'light' | 'dark';

type PageFrameProps = {
  children: ReactNode;
  nav: NavEntry[];
  theme: Theme;
  /** Server action that keeps the choice; reads the field `theme`. */
  chooseTheme: (form: FormData) => Promise<void>;
  /** After the navigation: the account menu, or nothing. */
  account?: ReactNode;
  /** The index's name, which every statement binds. */
  indexName?: string;
  /** For people who are signed in. */
  hasShortcuts?: boolean;
};

export function PageFrame(props: PageFrameProps) {
  const { children, nav, theme, chooseTheme, account, indexName, hasShortcuts = false } = props;
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <header className="masthead">
        <div className="frame">
          <a className="wordmark" href="/">
            <Mark />
            Countersign
          </a>
          <nav aria-label="Main">
            <ul>
              {nav.map((entry) => (
                <li key={entry.href}>
                  <NavLink {...entry} />
                </li>
              ))}
              {account === undefined ? null : <li>{account}</li>}
            </ul>
          </nav>
        </div>
      </header>
      <main id="content" className="frame" tabIndex={-1}>
        {children}
      </main>
      <footer className="colophon">
        <div className="frame">
          <p>
            {indexName === undefined ? 'Countersign' : `The index ${indexName}`}. Check it without trusting us:{' '}
            <a href="/#check">how</a>. <a href="/log">Log</a> of all that it published.{' '}
            <a href="/docs">Documentation</a>.
          </p>
          {hasShortcuts ? <Shortcuts /> : null}
          <ThemeChoice theme={theme} chooseTheme={chooseTheme} />
        </div>
      </footer>
      <div id={announcementsId} className="sr-only" role="status" aria-live="polite" />
    </>
  );
}

const themes: { value: Theme; label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** Three buttons in a form: works without script, and the page comes back in the chosen theme without a flash. */
function ThemeChoice({ theme, chooseTheme }: Pick<PageFrameProps, 'theme' | 'chooseTheme'>) {
  return (
    <form action={chooseTheme} className="theme-choice">
      <span id="theme-label">Theme</span>
      {themes.map(({ value, label }) => (
        <button
          key={value}
          type="submit"
          name="theme"
          value={value}
          aria-pressed={theme === value}
          aria-describedby="theme-label"
        >
          {label}
        </button>
      ))}
    </form>
  );
}
