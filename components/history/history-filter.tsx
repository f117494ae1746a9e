// The fields by which a timeline is narrowed: a form that only asks for an address (GET), so it works without script and its result can be
// sent to somebody. Says in words what is shown.

import { Actions, Button } from '#components/ui/button.tsx';
import { Field, SelectField } from '#components/ui/field.tsx';

export type Choice = { value: string; label: string };
/** What is asked for now; empty: not given. */
export type FilterValues = { kind: string; person: string; release: string; from: string; until: string };

type FilterProps = {
  /** The address of the timeline without its query. */
  here: string;
  values: FilterValues;
  kinds: Choice[];
  people: string[];
  releases: string[];
};

export function HistoryFilter({ here, values, kinds, people, releases }: FilterProps) {
  const isNarrowed = Object.values(values).some((value) => value !== '');
  return (
    <details className="reveal" open={isNarrowed}>
      <summary>Filter</summary>
      <form method="get" action={here} className="filter">
        <Options name="kind" label="What" value={values.kind} all="Everything" options={kinds} />
        {people.length === 0 ? null : (
          <Options name="person" label="Who" value={values.person} all="Everybody" options={people.map(asChoice)} />
        )}
        {releases.length === 0 ? null : (
          <Options
            name="release"
            label="Release"
            value={values.release}
            all="Every release"
            options={releases.map(asChoice)}
          />
        )}
        <Field type="date" name="from" label="From (UTC)" defaultValue={values.from} />
        <Field type="date" name="until" label="Until (UTC)" defaultValue={values.until} />
        <Actions>
          <Button type="submit">Show these</Button>
          {isNarrowed ? <a href={here}>Show everything</a> : null}
        </Actions>
      </form>
    </details>
  );
}

const asChoice = (value: string): Choice => ({ value, label: value });

type OptionsProps = { name: string; label: string; value: string; all: string; options: Choice[] };

/** A value that is asked for stays among the choices, even if there is nothing of it. */
function Options({ name, label, value, all, options }: OptionsProps) {
  const known = value === '' || options.some((option) => option.value === value) ? [] : [asChoice(value)];
  return (
    <SelectField name={name} label={label} defaultValue={value}>
      <option value="">{all}</option>
      {[...options, ...known].map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </SelectField>
  );
}
