// A policy as its people read it: in sentences, with what it changes and whom it needs; and while it is open, the panel that signs it.

import { Consequences } from '#components/policy/consequences.tsx';
import { PolicyChanges } from '#components/policy/policy-changes.tsx';
import { PolicyNeeds } from '#components/policy/policy-needs.tsx';
import { Sentences } from '#components/policy/sentences.tsx';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { Digest } from '#components/ui/hex.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Actions, ButtonLink } from '#components/ui/button.tsx';
import { Clause, Columns, PageHeading } from '#components/ui/page.tsx';
import { StateChip, type StateName } from '#components/ui/state-chip.tsx';
import type { PolicyPage } from '#lib/server/queries/policy-page.ts';
import { SignPolicy } from './sign-policy.tsx';
import { NewChain } from './new-chain.tsx';
import { Versions } from './versions.tsx';

const chips: Record<PolicyPage['state'], { state: StateName; word: string }> = {
  open: { state: 'current', word: 'Open for signatures' },
  'in-force': { state: 'done', word: 'In force' },
  superseded: { state: 'retired', word: 'Superseded' },
  withdrawn: { state: 'withdrawn', word: 'Withdrawn' },
  expired: { state: 'expired', word: 'Expired' },
};

export function PolicyView({ page }: { page: PolicyPage }) {
  const { project, version, state, panel } = page;
  return (
    <>
      <PageHeading
        title={`Policy ${version}`}
        trail={[{ href: `/projects/${project}`, label: project }]}
        lead={leadOf(page)}
        aside={<StateChip {...chips[state]} />}
      />
      <ProjectNav project={project} />
      <Columns asideLabel="All versions" aside={<Versions page={page} />}>
        {page.consequences !== null
          ? null
          : page.warnings.map((warning) => <Notice key={warning} tone="warning" title={warning} />)}
        <NewChain page={page} />
        <Clause title="What it says">
          <Sentences sentences={page.sentences} label={`Policy ${version} in sentences`} />
        </Clause>
        <Changes page={page} />
        {page.consequences === null ? null : (
          <Clause title="What it does">
            <Consequences told={page.consequences} />
          </Clause>
        )}
        {state === 'withdrawn' || state === 'expired' ? null : (
          <Clause title={state === 'open' ? 'Who must sign it' : 'Who signed it'}>
            {state === 'open' ? <p className="lead">{page.counts}</p> : null}
            <PolicyNeeds needs={page.needs} />
          </Clause>
        )}
        {panel === null ? <Document page={page} /> : <SignPolicy page={page} panel={panel} />}
        {page.may.propose && state === 'in-force' ? (
          <Actions>
            <ButtonLink href={`/projects/${project}/policy/change`}>Change the rules</ButtonLink>
          </Actions>
        ) : null}
      </Columns>
    </>
  );
}

function leadOf({ state, version, proposedBy, met, couldStillSign }: PolicyPage): string {
  if (state === 'in-force') return 'These are the rules now.';
  if (state === 'superseded') return 'These were the rules once; a later policy replaced them.';
  if (state === 'withdrawn') return 'This change was withdrawn before it came into force.';
  if (state === 'expired') return 'This change expired before everybody who must had signed it.';
  if (met) return 'Everybody who must has signed.';
  const who =
    couldStillSign.length === 0 ? 'nobody can sign it at the moment' : `waits for ${couldStillSign.join(', ')}`;
  return version === 1 ? `The first rules of the project; it ${who}.` : `Proposed by ${proposedBy}; it ${who}.`;
}

function Changes({ page }: { page: PolicyPage }) {
  const { version, changes, weakenings } = page;
  if (version === 1 || changes.length === 0) return null;
  return (
    <Clause title="What it changes">
      <PolicyChanges changes={changes} version={version} />
      {weakenings.length === 0 ? null : (
        <Notice tone="warning" title="This weakens the rules, so people must sign it as they would sign a release.">
          <ul>
            {weakenings.map((weakening) => (
              <li key={weakening.kind}>{weakening.says}</li>
            ))}
          </ul>
        </Notice>
      )}
    </Clause>
  );
}

/** For readers who do not sign: the digest and the bytes. */
function Document({ page }: { page: PolicyPage }) {
  const fileName = `${page.project}-policy-${page.version}.json`;
  return (
    <Clause title="The document">
      <p>
        SHA-256 <Digest value={page.sha256} copy />
      </p>
      <p>
        <a href={`/projects/${page.project}/policy/${page.version}/${page.version}.json`} download={fileName}>
          Download {fileName}
        </a>
      </p>
      <details className="reveal">
        <summary>Read the document</summary>
        <pre className="wrap-anywhere whitespace-pre-wrap">{page.text}</pre>
      </details>
    </Clause>
  );
}
