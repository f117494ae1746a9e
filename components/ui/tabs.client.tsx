'use client';
// Two or more ways to do the same thing, one shown at a time (ARIA tabs: arrows move, Tab enters the panel). Without script there are no
// tabs and every way stands under its own heading. The choice is kept for the next page; only the name of the tab, nothing else.

import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

export type Tab = { key: string; label: string; panel: ReactNode };

type TabsProps = {
  label: string;
  tabs: [Tab, ...Tab[]];
  /** Where the choice is remembered on this device. */
  remember: string;
};

export function Tabs({ label, tabs, remember }: TabsProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState(tabs[0].key);
  const keys = tabs.map((tab) => tab.key).join(' ');
  useEffect(() => {
    const kept = localStorage.getItem(remember);
    if (kept !== null) setChosen((first) => (keys.split(' ').includes(kept) ? kept : first));
  }, [remember, keys]);
  function choose(key: string) {
    setChosen(key);
    localStorage.setItem(remember, key);
  }
  function move(event: KeyboardEvent) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const at = (tabs.findIndex((tab) => tab.key === chosen) + step + tabs.length) % tabs.length;
    const next = tabs[at];
    if (next === undefined) return;
    choose(next.key);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[at]?.focus();
  }
  return (
    <div className="tabs">
      <div ref={list} role="tablist" aria-label={label} className="tab-list" data-needs-script onKeyDown={move}>
        {tabs.map((tab) => (
          <button key={tab.key} {...tabProps(id, tab.key, chosen)} onClick={() => choose(tab.key)}>
            {tab.label}
          </button>
        ))}
      </div>
      {tabs.map((tab) => (
        <div key={tab.key} {...panelProps(id, tab.key, chosen)}>
          <h3 className="tab-title">{tab.label}</h3>
          {tab.panel}
        </div>
      ))}
    </div>
  );
}

const tabProps = (id: string, key: string, chosen: string) => ({
  type: 'button' as const,
  role: 'tab',
  id: `${id}-${key}`,
  'aria-selected': key === chosen,
  'aria-controls': `${id}-${key}-panel`,
  tabIndex: key === chosen ? 0 : -1,
});

const panelProps = (id: string, key: string, chosen: string) => ({
  role: 'tabpanel',
  id: `${id}-${key}-panel`,
  'aria-labelledby': `${id}-${key}`,
  className: 'tab-panel',
  'data-chosen': key === chosen ? '' : undefined,
});
