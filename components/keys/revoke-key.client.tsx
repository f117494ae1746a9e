'use client';
// Revoking a key in the browser: the reason with its effect in words, then the private key (one that this browser keeps, a file, pasted text),
// which makes the revocation in a worker. What is handed in is the revocation alone, through the same door as an uploaded one. Key and
// passphrase are in no form and in no state.

import { startTransition, useActionState, useId, useRef, useState, type RefObject } from 'react';
import { revokeInWorker } from '#lib/browser/revoke.ts';
import { isRefusal } from '#lib/core/errors.ts';
import { readFingerprint } from '#lib/core/ids.ts';
import { revocationReasons, type RevocationReason } from '#lib/core/key-end.ts';
import { forget, privateKeyIn, useForgetting, valueOf } from '#components/signing/secret-box.client.ts';
import { SecretKeyFields } from '#components/signing/secret-fields.client.tsx';
import { useChosenKey, type BrowserKey } from '#components/signing/use-browser-keys.client.ts';
import type { FormState } from '#components/ui/action-form.client.tsx';
import { Actions, Button } from '#components/ui/button.tsx';
import { Choice, Choices } from '#components/ui/field.tsx';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import type { UpdateAction } from './update-key.client.tsx';

type RevokeKeyProps = {
  action: UpdateAction;
  fingerprint: string;
  /** Armored. */
  certificate: string;
  /** Other keys of the person, one of which may take its place. */
  others: { fingerprint: string; userId: string }[];
  /** The server's time when the page was made. */
  now: number;
};

type Kind = RevocationReason['kind'];

export function RevokeKey({ action, fingerprint, certificate, others, now }: RevokeKeyProps) {
  const box = useRef<HTMLDivElement>(null);
  const [state, send, isHandingIn] = useActionState(action, {});
  const choice = useChosenKey([{ fingerprint, userId: '' }]);
  const { isBusy, refusal, make } = useRevoking(box, { fingerprint, certificate, now, chosen: choice.chosen });
  useForgetting(box);
  const [kind, setKind] = useState<Kind>('retired');
  const by = others[0]?.fingerprint;

  async function revoke() {
    const armored = isBusy || isHandingIn ? null : await make(reasonOf(kind, by));
    if (armored === null) return;
    const form = new FormData();
    form.set('pasted', armored);
    startTransition(() => send(form));
  }
  return (
    <div ref={box} className="form" data-needs-script>
      <FormRefusal refusal={refusal ?? state.refusal} />
      <Reasons kind={kind} onChoose={setKind} hasOther={by !== undefined} />
      <SecretKeyFields {...choice} onEnter={() => void revoke()} />
      <Actions>
        <Button look="danger" aria-disabled={isBusy || isHandingIn} onClick={() => void revoke()}>
          {isBusy ? 'Making the revocation…' : isHandingIn ? 'Handing in…' : 'Revoke this key for good'}
        </Button>
      </Actions>
    </div>
  );
}

const reasonOf = (kind: Kind, by: string | undefined): RevocationReason => {
  if (kind !== 'superseded') return { kind };
  return by === undefined ? { kind: 'retired' } : { kind, by: readFingerprint(by) };
};

type ReasonsProps = { kind: Kind; onChoose: (kind: Kind) => void; hasOther: boolean };

function Reasons({ kind, onChoose, hasOther }: ReasonsProps) {
  const group = useId();
  const kinds = (Object.keys(revocationReasons) as Kind[]).filter((name) => name !== 'superseded' || hasOther);
  return (
    <Choices legend="Why it ends">
      {kinds.map((name) => (
        <Choice
          key={name}
          name={group}
          value={name}
          checked={kind === name}
          onChange={() => onChoose(name)}
          label={revocationReasons[name].label}
          hint={revocationReasons[name].effect}
        />
      ))}
    </Choices>
  );
}

type Revoking = { fingerprint: string; certificate: string; now: number; chosen: BrowserKey | null };

function useRevoking(box: RefObject<HTMLElement | null>, { fingerprint, certificate, now, chosen }: Revoking) {
  const [openedAt] = useState(() => Date.now());
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<FormState['refusal']>();

  /** The armored revocation; null where it was refused, which then is shown. */
  async function make(reason: RevocationReason): Promise<string | null> {
    setRefusal(undefined);
    setBusy(true);
    try {
      const answer = await revokeInWorker({
        ...{ expected: fingerprint, certificate, reason, now: now + (Date.now() - openedAt) },
        privateKey: privateKeyIn(box.current, chosen),
        passphrase: valueOf(box.current, 'passphrase'),
      });
      forget(box.current, answer.refusal === undefined);
      setRefusal(answer.refusal);
      return answer.armored ?? null;
    } catch (fault) {
      forget(box.current, false);
      if (!isRefusal(fault)) throw fault;
      setRefusal({ code: fault.code, message: fault.message });
      return null;
    } finally {
      setBusy(false);
    }
  }
  return { isBusy, refusal, make };
}
