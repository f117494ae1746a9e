// Every version of the rules, newest first: when it came into force, who signed it, what it changed, its file, and how to check it without us.

import type { Metadata } from 'next';
import { PolicyChanges } from '#components/policy/policy-changes.tsx';
import { PolicyCheck } from '#components/policy/policy-check.tsx';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Digest } from '#components/ui/hex.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { StateChip } from '#components/ui/state-chip.tsx';
import { load } from '#lib/next/load.ts';
import { publicUrl } from '#lib/next/instance.ts';
import { currentActor } from '#lib/next/session.ts';
import { policyHistory, type PolicyVersion } from '#lib/server/queries/policy-history.ts';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `All policies of ${(await params).name}` };
}

export default async function PolicyHistoryPage({ params }: Props) {
  const { name } = await params;
  const { project, versions } = await load(`/projects/${name}/policy/history`, async () =>
    policyHistory(await currentActor(), name),
  );
  return (
    <>
      <PageHeading
        title="All policies"
        trail={[{ href: `/projects/${project}`, label: project }]}
        lead="Each version names the SHA-256 of the one before and is signed by its owners: a chain that everybody can check."
      />
      <ProjectNav project={project} />
      {versions.length === 0 ? (
        <Empty title="No policy is in force yet.">The first one waits for its founder’s signature.</Empty>
      ) : null}
      {versions.map((entry) => (
        <Version key={entry.version} project={project} entry={entry} />
      ))}
    </>
  );
}

function Version({ project, entry }: { project: string; entry: PolicyVersion }) {
  const { version, isInForce, effectiveAt, proposedBy, counts, changes, signedBy, follows, path, sha256 } = entry;
  const names = [...new Set(signedBy.map(({ name }) => name))];
  return (
    <Clause title={`Policy ${version}`} id={`policy-${version}`}>
      <p>
        <StateChip state={isInForce ? 'done' : 'retired'} word={isInForce ? 'In force' : 'Superseded'} /> Since{' '}
        <Moment at={effectiveAt} />, proposed by {proposedBy}, signed by{' '}
        {names.length === 0 ? 'nobody whose key still counts' : names.join(', ')}. {counts}
        {follows || version === 1 ? null : ' It begins a new chain.'}
      </p>
      <PolicyChanges changes={changes} version={version} />
      <p>
        <a href={`/projects/${project}/policy/${version}`}>Read policy {version}</a>, <a href={path}>its file</a>,{' '}
        <a href={`${path}.asc`}>
          its signatures<span className="sr-only"> (policy {version})</span>
        </a>
      </p>
      <p>
        SHA-256 <Digest value={sha256} copy />
      </p>
      {signedBy.length === 0 ? null : (
        <details className="reveal">
          <summary>Check policy {version} without us</summary>
          <PolicyCheck origin={publicUrl()} project={project} version={version} signedBy={signedBy} follows={follows} />
        </details>
      )}
    </Clause>
  );
}
