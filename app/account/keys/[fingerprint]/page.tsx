// One key of the reader: what it says, where it signs, what happened to it; and while it is not proven, the phrase that proves it.

import type { Metadata } from 'next';
import { DeviceKeyHere } from '#components/keys/device-key-here.client.tsx';
import { FingerprintSheet } from '#components/keys/fingerprint-sheet.tsx';
import { KeptHere } from '#components/keys/kept-here.client.tsx';
import { KeyFactsList } from '#components/keys/key-facts.tsx';
import { Code } from '#components/ui/command.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause, Columns, PageHeading } from '#components/ui/page.tsx';
import { StateChip } from '#components/ui/state-chip.tsx';
import { Timeline } from '#components/history/timeline.tsx';
import { readCompared, type Search } from '#lib/next/compared.ts';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { keyPage, type KeyPage } from '#lib/server/queries/account-keys.ts';
import { isConfirmed } from '#lib/server/queries/passkeys.ts';
import { Life } from './life.tsx';
import { Proof } from './proof.tsx';

export const metadata: Metadata = { title: 'A key of yours' };

type Props = { params: Promise<{ fingerprint: string }>; searchParams: Promise<Search> };

export default async function OneKeyPage({ params, searchParams }: Props) {
  const { fingerprint } = await params;
  const actor = await currentActor();
  const key = await load(`/account/keys/${fingerprint}`, () => keyPage(actor, fingerprint));
  return (
    <>
      <PageHeading
        title={key.userIds[0] ?? 'A key without a user id'}
        trail={[
          { href: '/account', label: 'Account' },
          { href: '/account/keys', label: 'Keys' },
        ]}
        lead={leads[key.state]}
        aside={<StateChip state={key.state} />}
      />
      <Columns asideLabel="Use and history" aside={<Aside page={key} />}>
        {key.revocation === null ? null : (
          <Notice tone="danger" title="This key is revoked.">
            <p>Reason: {key.revocation.reason}</p>
          </Notice>
        )}
        {key.state === 'unproven' ? <Proof page={key} /> : null}
        <DeviceKeyHere fingerprint={key.fingerprint} />
        <KeptHere fingerprint={key.fingerprint} />
        <Clause title="What it says">
          <KeyFactsList {...key} />
          <details className="reveal">
            <summary>The certificate, as it is published</summary>
            <Code text={key.certificate} what="the certificate" />
          </details>
        </Clause>
        <Life page={key} isConfirmed={isConfirmed(actor)} />
        <Clause title="For others to compare">
          <p>
            Whoever admits you to a project asks for the fingerprint over another channel. Read it from your own tool.
          </p>
          <FingerprintSheet
            fingerprint={key.fingerprint}
            whose="your key"
            path={`/account/keys/${key.fingerprint}`}
            pasted={readCompared(await searchParams)[key.fingerprint]}
          />
        </Clause>
      </Columns>
    </>
  );
}

const leads: Record<KeyPage['state'], string> = {
  unproven: 'Added, but not proven yet: until you prove it in one of the ways below, it cannot sign anything here.',
  active: 'Proven. It can sign for the projects whose policy names it.',
  expiring: 'Proven, and about to expire. Extend it with your own tool and upload the newer copy below; it is merged.',
  expired: 'Expired: nothing new by it is accepted. Extend it with your own tool and upload the newer copy below.',
  revoked: 'Revoked: nothing new by it is accepted.',
  lost: 'You said that it is lost: nothing new by it is accepted.',
};

/** The next step of somebody whose key no policy names. */
const unnamed = (state: KeyPage['state']): string =>
  state === 'active' || state === 'expiring'
    ? 'No project names this key in its policy yet. If you were invited, open the link in that mail again and accept with this key. Otherwise an owner proposes it on the project’s page of people.'
    : 'No project names this key in its policy.';

function Aside({ page }: { page: KeyPage }) {
  return (
    <>
      <section>
        <h2>Signs for</h2>
        {page.projects.length === 0 ? (
          <p>{unnamed(page.state)}</p>
        ) : (
          <ul>
            {page.projects.map((project) => (
              <li key={project}>
                <a href={`/projects/${project}`}>{project}</a>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <h2>What happened</h2>
        <Timeline label="What happened to this key, newest first" entries={page.history} short />
      </section>
    </>
  );
}
