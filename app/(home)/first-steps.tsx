// The way of a newcomer to their first co-signed release, in five steps; the next one carries the action.

import { ButtonLink } from '#components/ui/button.tsx';
import { Clause } from '#components/ui/page.tsx';
import { Steps } from '#components/ui/steps.tsx';
import type { Home } from '#lib/server/queries/home.ts';

export type FirstStep = { title: string; body: string; href: string; action: string; done: boolean };

/** What is done follows from what is there; nothing is ticked by hand. */
export function firstStepsOf({ keys, usableKeys, projects }: Home): FirstStep[] {
  const first = projects[0];
  const home = first ? `/projects/${first.name}` : '/projects/new';
  const hasKey = usableKeys > 0;
  return [
    {
      title: 'Add your key',
      body: 'The public half of your OpenPGP key, or a new one that your browser makes. The private half stays with you, always.',
      ...{ href: '/account/keys/new', action: 'Add your key', done: keys > 0 },
    },
    {
      title: 'Prove that it is yours',
      body: 'You sign one short phrase with it, in the browser or with your own tool.',
      ...{ href: '/account/keys', action: 'Prove your key', done: hasKey },
    },
    {
      title: 'Create a project',
      body: 'Its name on the index, and how many people must sign before anything is published.',
      ...{ href: '/projects/new', action: 'Create a project', done: projects.length > 0 },
    },
    {
      title: 'Invite the others',
      body: 'By mail. They register their own keys; you and they sign the policy that adds them.',
      ...{ href: `${home}/people`, action: 'Invite people', done: projects.some((project) => project.people > 1) },
    },
    {
      title: 'Open a draft',
      body: 'Drop the wheels and the source distribution. Nothing of it can be installed until enough people have signed.',
      href: `${home}/drafts/new`,
      action: 'Open a draft',
      done: projects.some((project) => project.openDrafts > 0 || project.latestRelease !== null),
    },
  ];
}

export function FirstSteps({ steps, hasPrimary }: { steps: FirstStep[]; hasPrimary: boolean }) {
  const next = steps.find((step) => !step.done);
  return (
    <Clause title="First steps">
      <Steps
        steps={steps.map((step) => ({
          title: step.title,
          body: (
            <>
              <p>{step.body}</p>
              {step === next ? (
                <p className="pt-2">
                  <ButtonLink href={step.href} look={hasPrimary ? 'primary' : 'plain'}>
                    {step.action}
                  </ButtonLink>
                </p>
              ) : null}
            </>
          ),
          ...(step.done ? { state: 'done' as const } : {}),
        }))}
      />
    </Clause>
  );
}
