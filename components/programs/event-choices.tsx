// Which events a webhook is told: folded, since most people keep the usual ones; one fieldset a heading, each event with its name as programs see it.

import { Choice, Choices } from '#components/ui/field.tsx';

type EventGroup = { title: string; events: readonly { type: string; says: string }[] };

type EventChoicesProps = { groups: readonly EventGroup[]; chosen: readonly string[] };

export function EventChoices({ groups, chosen }: EventChoicesProps) {
  const all = groups.reduce((sum, { events }) => sum + events.length, 0);
  return (
    <details className="reveal">
      <summary>
        Choose what it is told ({chosen.length} of {all} events)
      </summary>
      {groups.map(({ title, events }) => (
        <Choices key={title} legend={title}>
          {events.map(({ type, says }) => (
            <Choice
              key={type}
              kind="checkbox"
              name="event"
              value={type}
              label={says}
              hint={<code>{type}</code>}
              defaultChecked={chosen.includes(type)}
            />
          ))}
        </Choices>
      ))}
    </details>
  );
}
