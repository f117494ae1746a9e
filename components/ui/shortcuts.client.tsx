'use client';
// Keys for those who work without a mouse: `?` shows them, `g` and a letter goes to a place, `j` and `k` move through the list of what needs the
// reader. Nothing can be done only by them, they do nothing while somebody types, and they can be switched off on this device (WCAG 2.1.4). The list
// is a native dialog: Escape closes it, and the focus goes back to where it was.

import { useEffect, useRef, useState } from 'react';
import { Actions, Button } from './button.tsx';
import { Choice } from './field.tsx';
import { queueId, readKey, type Wish } from './shortcut-keys.client.ts';

const places = { q: `/#${queueId}`, d: '/', a: '/account' } as const;

const rows = [
  { keys: ['?'], what: 'Show this list' },
  { keys: ['g', 'q'], what: 'Go to what needs you' },
  { keys: ['g', 'd'], what: 'Go to the front page' },
  { keys: ['g', 'a'], what: 'Go to your account' },
  { keys: ['j'], what: 'Next thing that needs you' },
  { keys: ['k'], what: 'The one before' },
];

const keptOff = 'shortcuts-off';

/** A letter after `g` counts for this long. */
const togetherMs = 1_500;

export function Shortcuts() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOn, setOn] = useState(true);
  useEffect(() => setOn(localStorage.getItem(keptOff) === null), []);
  useEffect(() => {
    if (!isOn) return;
    return listen((wish) => (wish.kind === 'list' ? dialog.current?.showModal() : follow(wish)));
  }, [isOn]);
  function switchTo(wanted: boolean) {
    setOn(wanted);
    if (wanted) localStorage.removeItem(keptOff);
    else localStorage.setItem(keptOff, 'yes');
  }
  return (
    <>
      <div className="theme-choice" data-needs-script>
        <button type="button" onClick={() => dialog.current?.showModal()}>
          Keyboard
        </button>
      </div>
      <dialog ref={dialog} className="shortcuts" aria-labelledby="shortcuts-title">
        <h2 id="shortcuts-title">Keys</h2>
        <Keys />
        <Choice
          kind="checkbox"
          checked={isOn}
          onChange={(event) => switchTo(event.target.checked)}
          label="Single keys do this"
          hint="Kept on this device. They never act while you type."
        />
        <Actions>
          <Button onClick={() => dialog.current?.close()}>Close</Button>
        </Actions>
      </dialog>
    </>
  );
}

function Keys() {
  return (
    <dl>
      {rows.map(({ keys, what }) => (
        <div key={what}>
          <dt>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}

function listen(tell: (wish: Wish) => void): () => void {
  let before = { key: '', at: 0 };
  const onKey = (event: KeyboardEvent) => {
    const { key, timeStamp: at } = event;
    const wish = readKey(event, at - before.at < togetherMs ? before.key : '');
    before = { key, at };
    if (wish === null) return;
    event.preventDefault();
    tell(wish);
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

function follow(wish: Exclude<Wish, { kind: 'list' }>): void {
  if (wish.kind === 'go') return location.assign(places[wish.to]);
  const links = [...document.querySelectorAll<HTMLElement>(`#${queueId} h3 a`)];
  const at = links.findIndex((link) => link === document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, at + wish.by))]?.focus();
}
