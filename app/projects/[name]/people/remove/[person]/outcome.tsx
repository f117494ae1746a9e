// What the answers would do; the third question, for each release that falls below its threshold; whose signatures it needs; and, with the name typed,
// the button that proposes exactly what is shown.

import { MustSign } from '#components/policy/must-sign.tsx';
import { Consequences } from '#components/policy/consequences.tsx';
import { PolicyChanges } from '#components/policy/policy-changes.tsx';
import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Choice, Choices, Field } from '#components/ui/field.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Clause } from '#components/ui/page.tsx';
import type { ShownPreview } from '#lib/next/shown-preview.ts';
import type { PolicyPreview } from '#lib/server/queries/policy-preview.ts';
import { propose } from './actions.ts';
import type { Answers } from './answers.ts';
import type { Subject } from './subject.ts';

type OutcomeProps = { project: string; subject: Subject; answers: Answers; shown: ShownPreview };

export function Outcome({ project, subject, answers, shown }: OutcomeProps) {
  if ('refused' in shown)
    return (
      <Clause title="What it does" id="what-it-does">
        <Notice tone="warning" title={shown.refused} />
      </Clause>
    );
  const { preview } = shown;
  return (
    <>
      <Clause title="What it does" id="what-it-does">
        <PolicyChanges changes={preview.changes} version={preview.version} />
        <Consequences told={preview.consequences} />
      </Clause>
      <ActionForm
        action={propose.bind(null, project, subject.name)}
        label={`Propose to remove ${subject.name}`}
        submit={`Propose policy ${preview.version} ${subject.isIn ? 'without' : 'striking'} ${subject.name}`}
        busy="Proposing…"
        look="danger"
      >
        {Object.entries(answers).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <Falling preview={preview} />
        <SignAndConfirm preview={preview} name={subject.name} />
      </ActionForm>
    </>
  );
}

function Falling({ preview: { consequences } }: { preview: PolicyPreview }) {
  const falling = consequences.releases.filter(({ isLoss }) => isLoss);
  return (
    <Clause number={3} title="What becomes of each release that falls below its threshold?">
      {falling.length === 0 ? <p>None falls: every release keeps as many signatures as it needs.</p> : null}
      {falling.map(({ draft, version }) => (
        <Choices key={draft} legend={`Release ${version}`}>
          <Choice
            name={`fate-${draft}`}
            value="ask"
            defaultChecked
            label="Ask the others to sign it again"
            hint="They are mailed. It comes back into the index when enough have signed; until then it is quarantined."
          />
          <Choice
            name={`fate-${draft}`}
            value="quarantine"
            label="Leave it quarantined"
            hint="Everybody concerned is told, nobody is asked. It can be signed again at any time."
          />
        </Choices>
      ))}
    </Clause>
  );
}

function SignAndConfirm({ preview: { counts, needs, weakenings }, name }: { preview: PolicyPreview; name: string }) {
  return (
    <Clause number={4} title="Who must sign it">
      <MustSign {...{ counts, needs, weakenings }} />
      <Field
        name="typed"
        label={`To go on, type the name ${name}`}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
    </Clause>
  );
}
