// Changing the rules: a form, and under it what the change would do, before anybody proposes or signs anything. The address holds what is asked, so
// that it works without script and can be shown to others who own the project. Asking changes nothing.

import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { WaitingChange } from '#components/policy/waiting-change.tsx';
import { ProjectNav } from '#components/project/project-nav.tsx';
import { ConfirmFirst } from '#components/ui/confirm-first.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { may } from '#lib/core/people.ts';
import type { Search } from '#lib/next/compared.ts';
import { load } from '#lib/next/load.ts';
import { formOf, readPolicyFields } from '#lib/next/policy-fields.ts';
import { currentActor } from '#lib/next/session.ts';
import { shownPreview } from '#lib/next/shown-preview.ts';
import { isConfirmed } from '#lib/server/queries/passkeys.ts';
import { peoplePage } from '#lib/server/queries/people-page.ts';
import { policyPreview } from '#lib/server/queries/policy-preview.ts';
import { Preview } from './preview.tsx';
import { RulesForm, type Asked } from './rules-form.tsx';

type Props = { params: Promise<{ name: string }>; searchParams: Promise<Search> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Change the rules of ${(await params).name}` };
}

export default async function ChangeRulesPage({ params, searchParams }: Props) {
  const { name } = await params;
  const here = `/projects/${name}/policy/change`;
  const actor = await currentActor();
  const page = await load(here, () => peoplePage(actor, name));
  const { project, policy, openPolicy, role } = page;
  if (policy === null || !may(role, 'policy.propose')) notFound();
  const form = formOf(await searchParams);
  const isAsked = form.has('threshold');
  return (
    <>
      <PageHeading
        title="Change the rules"
        trail={[
          { href: `/projects/${project}`, label: project },
          { href: `/projects/${project}/policy`, label: `policy ${policy.version}` },
        ]}
        lead="Nothing changes until those who must have signed the proposal."
      />
      <ProjectNav project={project} />
      {isConfirmed(actor) ? null : <ConfirmFirst here={here} what="Changing the rules" />}
      {openPolicy === null ? (
        <>
          <Clause title="The rules">
            <p>
              People are added and leave under <a href={`/projects/${project}/people`}>People and keys</a>. Here is the
              rest.
            </p>
            <RulesForm page={page} rules={policy} asked={isAsked ? askedIn(form) : null} />
          </Clause>
          {isAsked ? (
            <Preview
              project={project}
              shown={await shownPreview(() => policyPreview(actor, { ...readPolicyFields(form), project }))}
              fields={textsIn(form)}
            />
          ) : null}
        </>
      ) : (
        <WaitingChange project={project} version={openPolicy} />
      )}
    </>
  );
}

const textsIn = (form: FormData): [string, string][] =>
  [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));

function askedIn(form: FormData): Asked {
  const texts = new URLSearchParams(textsIn(form));
  return { get: (name) => texts.get(name), getAll: (name) => texts.getAll(name) };
}
