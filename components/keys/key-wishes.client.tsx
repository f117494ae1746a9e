'use client';
// What a new key should be: whose, until when, under which passphrase, and where it is kept. The fields stand in no form, so that nothing
// can send them.

import { useId, useState, useSyncExternalStore } from 'react';
import { hintForPassphrase, passphraseLengthMin, type PassphraseHint } from '#lib/core/passphrase.ts';
import { Actions, Button } from '#components/ui/button.tsx';
import { Choice, Choices, Field, SelectField } from '#components/ui/field.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import type { MadeHere } from './save-made-key.client.tsx';
import { useMaking } from './use-making.client.ts';

type KeyWishesProps = {
  name: string;
  addresses: string[];
  now: number;
  onMade: (made: MadeHere) => void;
};

export function KeyWishes({ name, addresses, now, onMade }: KeyWishesProps) {
  const { box, isMaking, refusal, make } = useMaking({ now, onMade });
  const isAlive = useSyncExternalStore(
    () => () => undefined,
    () => true,
    () => false,
  );
  return (
    <div ref={box} className="form" role="group" aria-label="Make a key">
      <FormRefusal refusal={refusal} />
      <Field
        name="holder"
        label="Name in the key"
        defaultValue={name}
        maxLength={80}
        autoComplete="name"
        hint="Public, and part of the key for ever. Your account name will do."
      />
      <SelectField name="address" label="Mail address in the key" hint="Public as well. One that you have proven here.">
        {addresses.map((address) => (
          <option key={address}>{address}</option>
        ))}
      </SelectField>
      <SelectField
        name="years"
        label="It expires after"
        defaultValue="2"
        hint="Can be put off later, as long as you have the key."
      >
        {[1, 2, 3, 5].map((years) => (
          <option key={years} value={years}>
            {years === 1 ? '1 year' : `${years} years`}
          </option>
        ))}
      </SelectField>
      <NewPassphrase />
      <WhereToKeep />
      <Actions>
        <Button
          look="primary"
          // A click before the script of the page runs would be lost.
          disabled={!isAlive}
          aria-disabled={isMaking}
          onClick={() => void (isMaking ? undefined : make())}
        >
          {isMaking ? 'Making the key…' : 'Make the key'}
        </Button>
      </Actions>
    </div>
  );
}

const levels: Record<PassphraseHint['level'], string> = {
  'too-short': 'Too short',
  weak: 'Weak',
  fair: 'Fair',
  strong: 'Strong',
};

function NewPassphrase() {
  const id = useId();
  const [hint, setHint] = useState<PassphraseHint | null>(null);
  return (
    <>
      <div className="field">
        <label htmlFor={id}>Passphrase</label>
        <p className="field-hint" id={`${id}-hint`}>
          {passphraseLengthMin} characters at least. Five unrelated words are easier to keep in mind than a short
          tangle.
        </p>
        <input
          id={id}
          type="password"
          data-secret="passphrase"
          autoComplete="new-password"
          aria-describedby={`${id}-hint ${id}-strength`}
          onChange={(event) => setHint(hintForPassphrase(event.target.value))}
        />
        <p className="field-hint" id={`${id}-strength`} role="status">
          {hint === null ? null : (
            <>
              <strong>{levels[hint.level]}.</strong> {hint.says}
            </>
          )}
        </p>
      </div>
      <div className="field">
        <label htmlFor={`${id}-again`}>The passphrase again</label>
        <input id={`${id}-again`} type="password" data-secret="again" autoComplete="new-password" />
      </div>
    </>
  );
}

function WhereToKeep() {
  const name = useId();
  return (
    <Choices legend="Where the key is kept">
      <Choice
        name={name}
        value="here"
        defaultChecked
        data-keep
        label="In this browser, and in a backup file"
        hint="Locked with the passphrase, for this site only. To sign you type the passphrase."
      />
      <Choice
        name={name}
        value="file"
        label="Only in the backup file"
        hint="Nothing stays in this browser. To sign you choose the file and type the passphrase."
      />
    </Choices>
  );
}
