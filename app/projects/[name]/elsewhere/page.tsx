// Where releases of a project go besides this index: the other index, what became of each file there, and what owners do about it.

import type { Metadata } from 'next';
import { ElsewhereEntries } from '#components/project/elsewhere-entries.tsx';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { Facts } from '#components/ui/facts.tsx';
import { Field } from '#components/ui/field.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { elsewherePage, type ElsewherePage } from '#lib/server/queries/elsewhere-page.ts';
import { remove, send, set } from './actions.ts';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${(await params).name} elsewhere` };
}

export default async function ElsewherePlace({ params }: Props) {
  const { name } = await params;
  const here = `/projects/${name}/elsewhere`;
  const page = await load(here, async () => elsewherePage(await currentActor(), name));
  const { project, mayManage, isFresh } = page;
  return (
    <>
      <PageHeading
        title="Publish elsewhere too"
        trail={[{ href: `/projects/${project}`, label: project }]}
        lead="Releases can be uploaded to one other index as well, once they are countersigned and published here. Never before."
      />
      <ProjectNav project={project} />
      {mayManage && !isFresh ? <ConfirmFirst here={here} what="Changing where releases go" /> : null}
      <Index page={page} />
      <Releases page={page} />
      {mayManage ? <Set page={page} /> : null}
      {mayManage && page.index !== null ? <End project={project} host={page.index.host} /> : null}
    </>
  );
}

type PartProps = { page: ElsewherePage };

function Index({ page: { project, index, mayManage } }: PartProps) {
  if (index === null)
    return (
      <Clause title="The other index">
        <p>
          None. Releases of {project} are published here and nowhere else.{mayManage ? null : ' An owner can set one.'}
        </p>
      </Clause>
    );
  const { url, simple, username, setBy, setAt } = index;
  return (
    <Clause title="The other index">
      <Facts
        facts={[
          { term: 'Uploads go to', value: <span className="wrap-anywhere">{url}</span> },
          { term: 'As', value: <span className="wrap-anywhere">{username}, with a secret that is not shown</span> },
          {
            term: 'Compared at',
            value:
              simple === null ? (
                'nowhere: a file that it has already counts as failed'
              ) : (
                <span className="wrap-anywhere">{simple}</span>
              ),
          },
          {
            term: 'Set',
            value: (
              <>
                by {setBy}, <Moment at={setAt} />
              </>
            ),
          },
        ]}
      />
    </Clause>
  );
}

function Releases({ page: { project, index, releases, notSent, mayManage } }: PartProps) {
  if (releases.length === 0 && (index === null || notSent.length === 0)) return null;
  const maySend = mayManage && index !== null;
  return (
    <Clause title="What became of it" id="releases">
      {releases.map(({ version, host, files }) => (
        <section key={version}>
          <h3>
            <a href={`/projects/${project}/releases/${version}`}>{version}</a> at {host}
          </h3>
          <ElsewhereEntries caption={`Files of ${version} at ${host}`} files={files} />
          {maySend && files.some(({ state }) => state === 'failed' || state === 'stopped') ? (
            <Send project={project} version={version} submit="Try again" />
          ) : null}
        </section>
      ))}
      {maySend && notSent.length > 0 ? (
        <details className="reveal">
          <summary>Releases that were published here before</summary>
          {notSent.map((version) => (
            <Send key={version} project={project} version={version} submit={`Upload ${version}`} />
          ))}
        </details>
      ) : null}
    </Clause>
  );
}

const Send = ({ project, version, submit }: { project: string; version: string; submit: string }) => (
  <ActionForm
    action={send.bind(null, project, version)}
    label={`Upload ${version} to the other index`}
    submit={submit}
    look="plain"
  />
);

function Set({ page: { project, index } }: PartProps) {
  return (
    <Clause title={index === null ? 'Set another index' : 'Set it anew'} id="set">
      <ActionForm action={set.bind(null, project)} label="Another index" submit="Upload releases there too">
        <Field
          name="url"
          label="Upload address"
          hint="The address that twine would get as --repository-url: https, on the public internet."
          type="url"
          required
          maxLength={2000}
          autoComplete="off"
          defaultValue={index?.url}
          placeholder="https://index.example.org/legacy/"
        />
        <Field
          name="simple"
          label="Address of its project pages, if it has any"
          hint="What pip would get as --index-url. There it is compared which file is there when it says that it has one already."
          type="url"
          maxLength={2000}
          autoComplete="off"
          defaultValue={index?.simple ?? undefined}
          placeholder="https://index.example.org/simple/"
        />
        <Field
          name="username"
          label="User name"
          required
          maxLength={200}
          autoComplete="off"
          defaultValue={index?.username ?? '__token__'}
        />
        <Field
          name="secret"
          label="Token or password"
          hint="It is kept encrypted and never shown again. Give one that can upload to this project alone."
          type="password"
          required
          maxLength={2000}
          autoComplete="off"
        />
      </ActionForm>
    </Clause>
  );
}

const End = ({ project, host }: { project: string; host: string }) => (
  <Clause title="Its end">
    <p>What is at {host} stays there. The secret is deleted here; end it there too.</p>
    <ActionForm
      action={remove.bind(null, project)}
      label="Upload there no more"
      submit="Upload there no more"
      look="danger"
    />
  </Clause>
);
