// Signing a policy: the same panel as for a release; and for owners, withdrawing a change that is open.

import type { DocumentToSign } from '#components/signing/document.client.ts';
import { SigningPanel } from '#components/signing/signing-panel.client.tsx';
import { WhatYouSign } from '#components/signing/what-you-sign.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause } from '#components/ui/page.tsx';
import type { PolicyPage } from '#lib/server/queries/policy-page.ts';
import { handInForPolicy, withdrawChange } from './actions.ts';

type Panel = NonNullable<PolicyPage['panel']>;

export function SignPolicy({ page, panel }: { page: PolicyPage; panel: Panel }) {
  const { project, version } = page;
  return (
    <>
      <Clause number={1} title="What you sign">
        <WhatYouSign document={documentOf(page, panel)} what={`policy ${version}`} />
      </Clause>
      <Clause number={2} title="Sign">
        <Sign page={page} panel={panel} />
      </Clause>
      {page.may.withdraw ? (
        <Clause title="Or withdraw it">
          <p>The change is dropped and its signatures count for nothing else. Its number is free again.</p>
          <ActionForm
            action={withdrawChange.bind(null, project, version)}
            label={`Withdraw policy ${version}`}
            submit={`Withdraw policy ${version}`}
            look="danger"
          />
        </Clause>
      ) : null}
    </>
  );
}

function Sign({ page, panel }: { page: PolicyPage; panel: Panel }) {
  const { project, version, sha256 } = page;
  const isOpen = panel.cannotSign === null && panel.signedAt === null;
  return (
    <>
      {panel.signedAt === null ? null : (
        <Notice tone="good" title="You signed this policy.">
          <p>
            On <Moment at={panel.signedAt} />. There is nothing more for you to do.
          </p>
        </Notice>
      )}
      {panel.cannotSign !== null && panel.signedAt === null ? <p>{panel.cannotSign}</p> : null}
      {isOpen ? <p>{panel.will}</p> : null}
      <SigningPanel
        document={documentOf(page, panel)}
        keys={panel.keys}
        commands={panel.commands}
        submit={`Sign policy ${version}`}
        uploadHint="The .asc, .sig or .gpg file that your tool made over the policy."
        isOpen={isOpen}
        handIn={handInForPolicy.bind(null, project, version, sha256)}
      />
    </>
  );
}

function documentOf({ project, version, sha256 }: PolicyPage, panel: Panel): DocumentToSign {
  return {
    shown: { kind: 'policy', project, version, sha256 },
    text: panel.text,
    size: panel.size,
    fileName: panel.fileName,
    downloadPath: panel.downloadPath,
  };
}
