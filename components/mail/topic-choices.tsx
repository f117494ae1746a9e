// The matrix of mail: a row for each topic, a column for each way in which it can come. Radio buttons, so that it works without script and a
// keyboard walks along a row; on a narrow screen each row is a card whose buttons carry the name of their column.
import { asForAll } from '#lib/core/mail-topics.ts';
import { Table } from '#components/ui/table.tsx';

export type TopicEntry = { topic: string; title: string; says: string; chosen: string | null; comes: string };

const ways = [
  { key: 'at-once', label: 'At once' },
  { key: 'daily', label: 'In the daily mail' },
  { key: 'off', label: 'Not at all' },
];

/** In words: how a topic comes. */
export const sayDelivery = (delivery: string): string =>
  (ways.find(({ key }) => key === delivery)?.label ?? delivery).toLowerCase();

type TopicChoicesProps = {
  topics: TopicEntry[];
  /** For one project, which may follow the choice for all. */
  canFollow?: boolean;
};

export function TopicChoices({ topics, canFollow = false }: TopicChoicesProps) {
  const columns = [...(canFollow ? [{ key: asForAll, label: 'As for all' }] : []), ...ways];
  const rows = topics.map((entry) => ({
    key: entry.topic,
    cells: {
      name: <TopicName {...entry} />,
      ...Object.fromEntries(
        columns.map(({ key, label }) => [
          key,
          <label key={key} className="choice-cell">
            <span className="sr-only">
              {entry.title}: {label}
            </span>
            <input
              type="radio"
              name={entry.topic}
              value={key}
              defaultChecked={key === (canFollow ? (entry.chosen ?? asForAll) : entry.comes)}
            />
          </label>,
        ]),
      ),
    },
  }));
  return (
    <Table
      caption="What comes, and how"
      captionHidden
      columns={[{ key: 'name', label: 'Mail' }, ...columns]}
      rows={rows}
    />
  );
}

function TopicName({ title, says }: TopicEntry) {
  return (
    <>
      {title}
      <span className="entry-facts block">{says}</span>
    </>
  );
}
