// The form of the rules: every number, who owns the project, which keys are named. It is filled with the rules in force, or with what was asked
// before. It only asks what a change would do; proposing is the button under the answer.

import { Choice, Choices, SelectField } from '#components/ui/field.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import { LiveForm } from '#components/ui/live-form.client.tsx';
import { SentenceField } from '#components/ui/sentence-field.tsx';
import { roleField } from '#lib/next/policy-fields.ts';
import type { PolicyFacts } from '#lib/server/queries/policy-facts.ts';
import type { PeoplePage } from '#lib/server/queries/people-page.ts';

/** What was asked, by field; null: nothing yet. */
export type Asked = { get(name: string): string | null; getAll(name: string): string[] } | null;

type FormProps = { page: PeoplePage; rules: PolicyFacts; asked: Asked };

export function RulesForm(props: FormProps) {
  return (
    <LiveForm path={`/projects/${props.page.project}/policy/change`} label="Other rules" submit="Show what it does">
      <Numbers {...props} />
      <Switches {...props} />
      <Roles {...props} />
      <Keys {...props} />
    </LiveForm>
  );
}

const numberAsked = (asked: Asked, name: string, now: number): number => Number(asked?.get(name) ?? now);

function Numbers({ rules, asked }: FormProps) {
  return (
    <>
      <SentenceField
        name="threshold"
        label="A release needs the signatures of"
        after={`of ${rules.people.length} people.`}
        hint={`It is ${rules.threshold} now. Lowering it must be signed as a release is.`}
        min={1}
        max={500}
        defaultValue={numberAsked(asked, 'threshold', rules.threshold)}
      />
      <SentenceField
        name="ownerThreshold"
        label="A policy change needs the signatures of"
        after="owners."
        hint={`It is ${rules.ownerThreshold} now.`}
        min={1}
        max={500}
        defaultValue={numberAsked(asked, 'ownerThreshold', rules.ownerThreshold)}
      />
      <SentenceField
        name="waitHours"
        label="Between signing and publishing lie"
        after="hours."
        hint="In that time anyone of the people may decline. 0: published at once."
        min={0}
        max={720}
        defaultValue={numberAsked(asked, 'waitHours', rules.waitHours)}
      />
    </>
  );
}

function Switches({ rules, asked }: FormProps) {
  const isOn = (name: 'openerCounts' | 'fileSignatures') => (asked ? asked.get(name) === 'yes' : rules[name]);
  return (
    <>
      <Choice
        kind="checkbox"
        name="openerCounts"
        value="yes"
        defaultChecked={isOn('openerCounts')}
        label="Whoever opens a draft may also sign it"
        hint="If not, the signature of the opener does not count."
      />
      <Choice
        kind="checkbox"
        name="fileSignatures"
        value="yes"
        defaultChecked={isOn('fileSignatures')}
        label="Signatures over single files count too"
        hint="If not, only signatures over the statement do."
      />
    </>
  );
}

function Roles({ rules, asked }: FormProps) {
  return (
    <Choices legend="Roles">
      <div className="stack">
        {rules.people.map(({ name, role }) => (
          <SelectField
            key={name}
            name={roleField(name)}
            label={`${name} is`}
            defaultValue={asked?.get(roleField(name)) ?? role}
          >
            <option value="maintainer">a maintainer</option>
            <option value="owner">an owner</option>
          </SelectField>
        ))}
      </div>
    </Choices>
  );
}

function Keys({ page, rules, asked }: FormProps) {
  const isAsked = (name: string, key: string) => asked?.getAll(name).includes(key) ?? false;
  const named = rules.people.flatMap(({ name, keys }) =>
    keys.map((key) => ({ name, ...key, alone: keys.length === 1 })),
  );
  return (
    <details className="reveal">
      <summary>Keys</summary>
      {page.newKeys.length === 0 ? null : (
        <Choices legend="Name a key that was proven since">
          {page.newKeys.map(({ name, fingerprint }) => (
            <Choice
              key={fingerprint}
              kind="checkbox"
              name="add"
              value={fingerprint}
              defaultChecked={isAsked('add', fingerprint)}
              label={`A key of ${name}`}
              hint={<Fingerprint value={fingerprint} />}
            />
          ))}
        </Choices>
      )}
      <Choices legend="Drop a key that was lost or replaced">
        {named.map(({ name, fingerprint, alone }) => (
          <Choice
            key={fingerprint}
            kind="checkbox"
            name="drop"
            value={fingerprint}
            defaultChecked={isAsked('drop', fingerprint)}
            label={
              alone ? `The only key of ${name}, who leaves with it unless another one is named` : `A key of ${name}`
            }
            hint={<Fingerprint value={fingerprint} />}
          />
        ))}
      </Choices>
    </details>
  );
}
