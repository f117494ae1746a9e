'use client';
// Where a private key comes from and the field for its passphrase: a key of this browser, a file, or pasted text. None of the fields has a
// name or stands in a form; they are read at the moment of signing and emptied afterwards (use-browser-signing.client.ts).

import { useId, type KeyboardEvent } from 'react';
import { DropFiles } from '#components/ui/drop-files.client.tsx';
import { Choice, Choices } from '#components/ui/field.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import type { BrowserKey, Chosen } from './use-browser-keys.client.ts';

type SecretKeyProps<Key extends BrowserKey> = Chosen<Key> & { onEnter: () => void };

/** All that a private key needs: which one, where from, and its passphrase. A handle of this browser needs nothing more than to be chosen. */
export function SecretKeyFields<Key extends BrowserKey>({ onEnter, ...choice }: SecretKeyProps<Key>) {
  const { chosen } = choice;
  return (
    <>
      <WhichKey {...choice} />
      {chosen === null ? <KeyFromElsewhere /> : null}
      {chosen === null || chosen.isLocked ? (
        <PassphraseField
          hint={chosen === null ? 'Leave it empty if the key has none.' : 'Nobody can reset it; it opens the key here.'}
          onEnter={onEnter}
        />
      ) : null}
    </>
  );
}

/** Shown only where this browser keeps one. */
function WhichKey<Key extends BrowserKey>({ kept, chosen, choose }: Chosen<Key>) {
  const group = useId();
  if (kept.length === 0) return null;
  return (
    <Choices legend="Which key">
      {kept.map((key) => (
        <Choice
          key={key.fingerprint}
          name={group}
          checked={chosen?.fingerprint === key.fingerprint}
          onChange={() => choose(key)}
          label={`${key.isLocked ? 'In this browser' : 'This browser’s own key'}: ${key.userId}`}
          hint={<Fingerprint value={key.fingerprint} />}
        />
      ))}
      <Choice name={group} checked={chosen === null} onChange={() => choose(null)} label="Another one, from a file" />
    </Choices>
  );
}

/** A private key from a file, or pasted. */
function KeyFromElsewhere() {
  const id = useId();
  return (
    <>
      <DropFiles label="Private key file" hint="An exported OpenPGP private key, armored or binary." />
      <div className="field">
        <label htmlFor={id}>Or paste the private key</label>
        <textarea id={id} data-secret="key" rows={4} autoComplete="off" spellCheck={false} className="font-mono" />
      </div>
    </>
  );
}

type PassphraseProps = { hint: string; onEnter: () => void };

function PassphraseField({ hint, onEnter }: PassphraseProps) {
  const id = useId();
  const ifEnter = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onEnter();
  };
  return (
    <div className="field">
      <label htmlFor={id}>Passphrase of the key</label>
      <p className="field-hint" id={`${id}-hint`}>
        {hint}
      </p>
      <input
        id={id}
        data-secret="passphrase"
        type="password"
        autoComplete="off"
        aria-describedby={`${id}-hint`}
        onKeyDown={ifEnter}
      />
    </div>
  );
}
