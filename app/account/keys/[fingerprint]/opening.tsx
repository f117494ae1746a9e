// Proving a key by opening an encrypted message: have it sent, then open it with one's own tool from the mail (works without script) or on this
// page. A key that only signs is told why nothing is sent to it, and where the other ways are.

import { OpenChallenge } from '#components/keys/open-challenge.client.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Command } from '#components/ui/command.tsx';
import { TextField } from '#components/ui/field.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause } from '#components/ui/page.tsx';
import { Tabs } from '#components/ui/tabs.client.tsx';
import { readKeyProof } from '#lib/core/key.ts';
import type { KeyChallenge, KeyPage } from '#lib/server/queries/account-keys.ts';
import { proveByOpening, proveByOpeningHere, sendChallenge } from './actions.ts';

const title = 'Or open a message with it';

export function Opening({ page: { fingerprint, canOpenMail, challenge } }: { page: KeyPage }) {
  const mailed = challenge?.mailed ?? null;
  const send = sendChallenge.bind(null, fingerprint);
  if (!canOpenMail) {
    return (
      <Clause title={title} id="open">
        <Notice title="Not for this key: it only signs.">
          <p>
            It has no encryption key that is live now, so no encrypted message is ever sent to it.{' '}
            <a href="#sign">Sign the phrase</a> instead, in this browser or with GnuPG or Sequoia.
          </p>
        </Notice>
      </Clause>
    );
  }
  if (challenge === null || mailed === null) {
    return (
      <Clause title={title} id="open">
        <p>You get a mail with a message that only the private key opens. A token inside it proves the key.</p>
        <ActionForm action={send} label="Have a message sent" submit="Send me the encrypted message" look="plain" />
      </Clause>
    );
  }
  return (
    <Clause title={title} id="open">
      <p>
        Mailed to you <Moment at={mailed.at} />; it can be opened until <Moment at={challenge.expiresAt} />, once.
      </p>
      <Ways fingerprint={fingerprint} challenge={challenge} mailed={mailed} />
      <ActionForm action={send} label="Have another message sent" submit="Send another one" look="quiet" />
    </Clause>
  );
}

type WaysProps = { fingerprint: string; challenge: KeyChallenge; mailed: NonNullable<KeyChallenge['mailed']> };

function Ways({ fingerprint, challenge, mailed }: WaysProps) {
  const { index, account, key } = readKeyProof(new TextEncoder().encode(challenge.phrase));
  const here = (
    <OpenChallenge
      shown={{ index, account, key }}
      sealed={mailed.sealed}
      handIn={proveByOpeningHere.bind(null, fingerprint)}
    />
  );
  return (
    <Tabs
      label="How to open it"
      remember="way-to-open"
      tabs={[
        { key: 'mail', label: 'From the mail', panel: <FromTheMail fingerprint={fingerprint} mailed={mailed} /> },
        { key: 'here', label: 'On this page', panel: here },
      ]}
    />
  );
}

function FromTheMail({ fingerprint, mailed }: Omit<WaysProps, 'challenge'>) {
  return (
    <>
      <ol className="way">
        <li>
          Save {mailed.fileName} from the mail. The same file is <FileLink {...{ fingerprint, mailed }} />.
        </li>
        <li>
          Open it with one of these. They run as they stand, in the folder with the file.
          {mailed.commands.map(({ label, command }) => (
            <Command key={command} label={label} command={command} />
          ))}
        </li>
        <li>Follow the link that it prints, or paste all of it here.</li>
      </ol>
      <ActionForm
        action={proveByOpening.bind(null, fingerprint)}
        label="Hand in what it printed"
        submit="Prove this key"
        look="plain"
      >
        <TextField
          name="opened"
          label="What opening it printed"
          rows={5}
          required
          spellCheck={false}
          autoComplete="off"
          className="font-mono"
        />
      </ActionForm>
    </>
  );
}

function FileLink({ fingerprint, mailed }: Omit<WaysProps, 'challenge'>) {
  return (
    <a href={`/account/keys/${fingerprint}/${mailed.fileName}`} download={mailed.fileName}>
      here
    </a>
  );
}
