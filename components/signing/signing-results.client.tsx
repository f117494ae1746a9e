'use client';
// What came of handing in: one sentence for each signature, or the refusal of the whole. Takes the focus, so that nobody has to look for it.

import { useEffect, useRef } from 'react';
import { FormRefusal } from '#components/ui/form-refusal.client.tsx';
import { Notice } from '#components/ui/notice.tsx';
import type { SigningState } from './document.client.ts';

export function SigningResults({ state }: { state: SigningState }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (state.results.length > 0) box.current?.focus();
  }, [state]);
  return (
    <>
      <FormRefusal refusal={state.refusal} />
      {state.results.length === 0 ? null : (
        <div ref={box} tabIndex={-1} role="group" aria-label="What came of your signatures">
          {state.results.map((result, at) => (
            <Notice key={at} live tone={result.counts ? 'good' : 'danger'} title={result.name}>
              <p>{result.sentence}</p>
            </Notice>
          ))}
        </div>
      )}
    </>
  );
}
