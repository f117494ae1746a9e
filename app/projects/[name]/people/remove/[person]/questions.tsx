// The first two questions, each answered already: in the mildest way, or as they were answered before. Changing an answer asks again what it would do.

import { Choice, Choices, Field } from '#components/ui/field.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import { LiveForm } from '#components/ui/live-form.client.tsx';
import { Clause } from '#components/ui/page.tsx';
import { SentenceField } from '#components/ui/sentence-field.tsx';
import type { PolicyFacts } from '#lib/server/queries/policy-facts.ts';
import type { Answers } from './answers.ts';
import type { Subject } from './subject.ts';

type QuestionsProps = { project: string; subject: Subject; rules: PolicyFacts; answers: Answers };

export function Questions(props: QuestionsProps) {
  const { project, subject } = props;
  return (
    <LiveForm
      path={`/projects/${project}/people/remove/${subject.name}`}
      label={`How ${subject.name} is removed`}
      submit="Show what it does"
    >
      <Clause number={1} title={`How many must sign ${subject.isIn ? `without ${subject.name}` : 'from then on'}?`}>
        <Numbers {...props} />
      </Clause>
      <Clause number={2} title={`What becomes of what ${subject.name} signed?`}>
        <Signatures {...props} />
      </Clause>
    </LiveForm>
  );
}

function Numbers({ subject: { name, isOwner, peopleLeft, ownersLeft }, rules, answers }: QuestionsProps) {
  return (
    <>
      <SentenceField
        name="threshold"
        label="A release needs the signatures of"
        after={peopleLeft === 1 ? 'of 1 person.' : `of ${peopleLeft} people.`}
        hint={`It is ${rules.threshold} of ${rules.people.length} now. Lowering it must be signed as a release is.`}
        min={1}
        max={500}
        defaultValue={Number(answers.threshold)}
      />
      {isOwner ? (
        <SentenceField
          name="ownerThreshold"
          label="A policy change needs the signatures of"
          after={ownersLeft === 1 ? 'of 1 owner.' : `of ${ownersLeft} owners.`}
          hint={`It is ${rules.ownerThreshold} now, with ${name}.`}
          min={1}
          max={500}
          defaultValue={Number(answers.ownerThreshold)}
        />
      ) : (
        <input type="hidden" name="ownerThreshold" value={answers.ownerThreshold} />
      )}
    </>
  );
}

function Signatures({ subject, answers }: QuestionsProps) {
  const { name, keys } = subject;
  return (
    <>
      <p>
        {keys.length === 1 ? 'The key of ' : 'The keys of '}
        {name}:
      </p>
      {keys.map((key) => (
        <p key={key}>
          <Fingerprint value={key} />
        </p>
      ))}
      <Hows subject={subject} how={answers.how} />
      <Field
        name="since"
        label="Since (only for “since a moment”)"
        hint="In UTC. What counts is when the countersigner first saw a signature, not the date in it."
        type="datetime-local"
        defaultValue={answers.since}
      />
      <Field
        name="reason"
        label="The reason (only for striking)"
        hint="It stands in the policy: everybody can read it, for ever."
        maxLength={500}
        autoComplete="off"
        defaultValue={answers.reason}
      />
    </>
  );
}

function Hows({ subject: { name, isIn }, how }: { subject: Subject; how: string }) {
  return (
    <Choices legend={`${name} is`}>
      {isIn ? (
        <Choice
          name="how"
          value="retire"
          defaultChecked={how === 'retire'}
          label="Retired"
          hint="Left in good standing. What was signed keeps counting in every release that is published."
        />
      ) : null}
      <Choice
        name="how"
        value="strike-since"
        defaultChecked={how === 'strike-since'}
        label="Struck since a moment"
        hint="A key was stolen then, or the person went rogue then. What was received from that moment on never counts again."
      />
      <Choice
        name="how"
        value="strike-all"
        defaultChecked={how === 'strike-all'}
        label="Struck altogether"
        hint="Nothing that was ever signed counts any more. It cannot be undone."
      />
    </Choices>
  );
}
