// The life of a key: what its state does to releases and drafts, a newer copy of it, and its two ends, revoked or lost. Each end says what it does
// before anything can be pressed.

import { RevokeKey } from '#components/keys/revoke-key.client.tsx';
import { UpdateKey } from '#components/keys/update-key.client.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Command } from '#components/ui/command.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { Field } from '#components/ui/field.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause } from '#components/ui/page.tsx';
import { serverTime } from '#lib/next/instance.ts';
import type { KeyPage } from '#lib/server/queries/account-keys.ts';
import type { KeyEffect } from '#lib/server/queries/key-effects.ts';
import { mergeCopy, sayLost } from './life-actions.ts';

type LifeProps = {
  page: KeyPage;
  /** The reader signed in not long ago. */
  isConfirmed: boolean;
};

export function Life({ page, isConfirmed }: LifeProps) {
  const { fingerprint, effects, lostAt } = page;
  return (
    <>
      {lostAt === null ? null : (
        <Notice tone="danger" title="This key is lost.">
          <p>
            You said so <Moment at={lostAt} />. Nothing new by it enters here. Owners of the projects that name it were
            asked to retire it.
          </p>
        </Notice>
      )}
      {effects.now.length === 0 ? null : (
        <Clause title="What it does to releases and drafts">
          <Effects effects={effects.now} />
        </Clause>
      )}
      <Clause title="Upload a newer copy" id="newer-copy">
        {isConfirmed ? null : <ConfirmFirst here={`/account/keys/${fingerprint}`} what="Changing or ending a key" />}
        <p>
          After you extended it, added a subkey, or revoked it with your own tool: hand in the new copy, or the
          revocation certificate alone. It is merged; nothing that is here is ever taken away by an older copy.
        </p>
        <UpdateKey action={mergeCopy.bind(null, fingerprint)} />
      </Clause>
      {page.revocation === null ? <Ends page={page} /> : null}
    </>
  );
}

function Effects({ effects }: { effects: readonly KeyEffect[] }) {
  return (
    <ul>
      {effects.map(({ says, path, isLoss }) => (
        <li key={path} className={isLoss ? 'text-danger' : undefined}>
          {says} <a href={path}>See it</a>
        </li>
      ))}
    </ul>
  );
}

function Ends({ page }: { page: KeyPage }) {
  const { fingerprint, effects, others, state, lostAt } = page;
  return (
    <Clause title="End it">
      <p>A key is never deleted, because releases depend on it. It can be ended, for good.</p>
      <details className="reveal">
        <summary>Revoke it</summary>
        <p>The key itself says that it is over, and every program that gets the new copy believes it.</p>
        {effects.ifCompromised.length === 0 ? null : (
          <>
            <p>If you revoke it because somebody else may have it:</p>
            <Effects effects={effects.ifCompromised} />
          </>
        )}
        <RevokeKey
          action={mergeCopy.bind(null, fingerprint)}
          fingerprint={fingerprint}
          certificate={page.certificate}
          others={others}
          now={serverTime()}
        />
        <Command
          label="Or with GnuPG; then upload revocation.asc above"
          command={`gpg --output revocation.asc --gen-revoke ${fingerprint}`}
        />
      </details>
      {state === 'unproven' || lostAt !== null ? null : <Lost fingerprint={fingerprint} />}
    </Clause>
  );
}

function Lost({ fingerprint }: { fingerprint: string }) {
  return (
    <details className="reveal">
      <summary>It is lost, and you cannot revoke it</summary>
      <p>
        From that moment nothing new by it enters here; what it signed before keeps counting. You and the owners of the
        projects that name it get a mail, and an owner proposes the policy that retires it. This cannot be taken back.
      </p>
      <ActionForm
        action={sayLost.bind(null, fingerprint)}
        label="Say that it is lost"
        submit="This key is lost"
        look="danger"
      >
        <Field name="typed" label="Type lost to confirm" autoComplete="off" required />
      </ActionForm>
    </details>
  );
}
