// The form that makes a token of the reader: what it is for, what it may do, where, and for how long.

import { MadeForm } from '#components/programs/made-form.client.tsx';
import { Choice, Choices, Field, SelectField } from '#components/ui/field.tsx';
import { make } from './actions.ts';

const choices = [
  { scope: 'queue', label: 'See what needs your signature', hint: 'Drafts, their statements and files.' },
  { scope: 'read', label: 'Read your projects', hint: 'Releases, people, policies, history.' },
  { scope: 'sign', label: 'Hand in signatures, and decline', hint: 'Your key makes the signature, on your machine.' },
  {
    scope: 'upload',
    label: 'Open drafts and add files',
    hint: 'For twine, uv and CI. You are named as who opened them.',
  },
  {
    scope: 'manage',
    label: 'Look after drafts',
    hint: 'Withdraw, remind, lift declines, take back your signatures, set deadlines, revoke tokens of projects.',
  },
  {
    scope: 'account',
    label: 'Your account',
    hint: 'What mail you get, which tokens and keys you have, proofs of keys, invitations. No keys, addresses or sign-ins are added.',
  },
] as const;

export function MakeToken({ projects }: { projects: readonly string[] }) {
  return (
    <MadeForm action={make} label="Make a token" submit="Make the token">
      <Field
        name="name"
        label="What it is for"
        hint="So that you know it again: “laptop”."
        required
        maxLength={60}
        autoComplete="off"
      />
      <Choices legend="It may">
        {choices.map(({ scope, label, hint }) => (
          <Choice
            key={scope}
            kind="checkbox"
            name="scope"
            value={scope}
            label={`${label} (${scope})`}
            hint={hint}
            defaultChecked={scope === 'queue' || scope === 'sign'}
          />
        ))}
      </Choices>
      <SelectField name="project" label="In" defaultValue="">
        <option value="">all your projects</option>
        {projects.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </SelectField>
      <SelectField name="days" label="It ends after" defaultValue="90">
        <option value="7">7 days</option>
        <option value="30">30 days</option>
        <option value="90">90 days</option>
        <option value="365">a year</option>
      </SelectField>
    </MadeForm>
  );
}
