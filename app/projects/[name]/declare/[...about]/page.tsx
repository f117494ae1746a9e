// What owners declare about what is published: `declare/yank/VERSION` takes a release out of automatic choice or brings it back, `declare/status`
// archives or quarantines the project. What the index says now, the document to be signed, and what was declared before.

import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { statusPage, yankPage, type StatusPage, type YankPage } from '#lib/server/queries/declaration-page.ts';
import { isConfirmed } from '#lib/server/queries/passkeys.ts';
import { StatusForm } from './status-form.tsx';
import { Waiting } from './waiting.tsx';
import { YankForm } from './yank-form.tsx';

type Props = { params: Promise<{ name: string; about: string[] }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, about } = await params;
  return { title: about[0] === 'yank' ? `Yank of ${name}` : `Status of ${name}` };
}

export default async function DeclarePage({ params }: Props) {
  const { name, about } = await params;
  const [kind, version, ...more] = about.map(decodeURIComponent);
  if (kind === 'yank' && version !== undefined && more.length === 0) return <Yank name={name} version={version} />;
  if (kind === 'status' && version === undefined) return <Status name={name} />;
  notFound();
}

async function Yank({ name, version }: { name: string; version: string }) {
  const actor = await currentActor();
  const here = `/projects/${name}/declare/yank/${version}`;
  const page = await load(here, () => yankPage(actor, name, version));
  const home = `/projects/${page.project}`;
  if (page.project !== name || page.version !== version) redirect(`${home}/declare/yank/${page.version}`);
  const { yankedReason } = page;
  return (
    <>
      <PageHeading
        title={yankedReason === null ? `Yank ${page.version}` : `${page.version} is yanked`}
        trail={[
          { href: home, label: page.project },
          { href: `/drafts/${page.draft}`, label: page.version },
        ]}
        lead="Installers stop choosing a yanked release by themselves; who asks for exactly this version still gets it, with the reason. Nothing is deleted."
      />
      <ProjectNav project={page.project} />
      <Clause title="What the index says now">
        {yankedReason === null ? (
          <p>{page.version} is published, and not yanked.</p>
        ) : (
          <p className="wrap-anywhere">Yanked: “{yankedReason}”</p>
        )}
      </Clause>
      <Rest page={page} here={here} isConfirmed={isConfirmed(actor)} form={<YankForm page={page} />} />
    </>
  );
}

async function Status({ name }: { name: string }) {
  const actor = await currentActor();
  const here = `/projects/${name}/declare/status`;
  const page = await load(here, () => statusPage(actor, name));
  const home = `/projects/${page.project}`;
  if (page.project !== name) redirect(`${home}/declare/status`);
  return (
    <>
      <PageHeading
        title="Status of the project"
        trail={[{ href: home, label: page.project }]}
        lead="What the index says of the whole project to people and installers (PEP 792)."
      />
      <ProjectNav project={page.project} />
      <Clause title="What the index says now">
        <p className="wrap-anywhere">
          {page.project} is {page.status}
          {page.reason === null ? '.' : `: “${page.reason}”`}
        </p>
      </Clause>
      <Rest page={page} here={here} isConfirmed={isConfirmed(actor)} form={<StatusForm page={page} />} />
    </>
  );
}

type RestProps = { page: YankPage | StatusPage; here: string; isConfirmed: boolean; form: React.ReactNode };

/** What waits, else the form; then what was declared before. */
function Rest({ page, here, isConfirmed: confirmed, form }: RestProps) {
  const { open, mayDeclare } = page;
  return (
    <>
      {mayDeclare && !confirmed ? <ConfirmFirst here={here} what="Declaring something" /> : null}
      {open === null ? null : <Waiting project={page.project} open={open} mayDeclare={mayDeclare} here={here} />}
      {open === null && mayDeclare ? form : null}
      {open === null && !mayDeclare ? <p>An owner of the project can declare something here.</p> : null}
      <Past past={page.past} />
    </>
  );
}

function Past({ past }: { past: YankPage['past'] }) {
  if (past.length === 0) return null;
  return (
    <Clause title="Declared before">
      <ol className="entries">
        {past.map(({ number, name, reason, by, at }) => (
          <li key={number}>
            <p className="wrap-anywhere">
              Number {number}, the {name}: “{reason}”
            </p>
            <p className="entry-facts">
              {by === null ? null : <>Signed by {by}. </>}In the index since <Moment at={at} />.
            </p>
          </li>
        ))}
      </ol>
    </Clause>
  );
}
