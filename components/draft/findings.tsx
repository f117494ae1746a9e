// What the checks of the files found, the worst first: how much it weighs, a sentence, the place, and what the check looks for. What an owner set aside
// stands last, with the reason. Texts are hostile: they are made visible and shown as text.
import type { ReactNode } from 'react';
import { Moment } from '#components/ui/moment.tsx';
import { Shape } from '#components/ui/shape.tsx';
import { visibleText } from '#lib/core/visible-text.ts';

export type FindingEntry = {
  severity: 'warning' | 'note';
  code: string;
  /** Null: it is about the files together. */
  file: string | null;
  where: string;
  say: string;
  looks: string;
  ignored: { id: string; by: string; at: Date; reason: string } | null;
};

export type FindingsProps = {
  findings: {
    list: FindingEntry[];
    warnings: number;
    notes: number;
    ignored: number;
    checks: number;
    unchecked: number;
  };
  /** What the reader can do with one. */
  actions?: (finding: FindingEntry) => ReactNode;
};

export function Findings({ findings, actions }: FindingsProps) {
  const { list, unchecked } = findings;
  const open = list.filter(({ ignored }) => ignored === null);
  const aside = list.filter(({ ignored }) => ignored !== null);
  return (
    <section aria-labelledby="checks">
      <h3 id="checks" className="mt-8">
        Checks: {sayCounts(findings)}
      </h3>
      <p className="entry-facts">
        {findings.checks} things are looked at beside what is refused outright; nothing of the files is run.
        {unchecked === 0 ? null : ` ${unchecked === 1 ? 'One file' : `${unchecked} files`} came before that was kept.`}
      </p>
      <List findings={open} label="What the checks found" actions={actions} />
      {aside.length === 0 ? null : (
        <details className="reveal">
          <summary>{aside.length} set aside by an owner</summary>
          <List findings={aside} label="What was set aside" actions={actions} />
        </details>
      )}
    </section>
  );
}

function List({
  findings,
  label,
  actions,
}: {
  findings: FindingEntry[];
  label: string;
  actions: FindingsProps['actions'];
}) {
  if (findings.length === 0) return null;
  return (
    <ul className="entries" aria-label={label}>
      {findings.map((finding) => (
        <li key={`${finding.file} ${finding.code} ${finding.where} ${finding.say}`}>
          <OneFinding finding={finding} />
          {actions?.(finding)}
        </li>
      ))}
    </ul>
  );
}

const tones = { warning: 'warning', note: 'plain' } as const;
const shapes = { warning: 'triangle', note: 'bar' } as const;
const words = { warning: 'Warning', note: 'Note' } as const;

function OneFinding({ finding: { severity, code, file, where, say, looks, ignored } }: { finding: FindingEntry }) {
  return (
    <>
      <p className="wrap-anywhere">
        <span className="chip" data-tone={tones[severity]}>
          <Shape name={shapes[severity]} /> {words[severity]}
        </span>{' '}
        {visibleText(say)}
      </p>
      <p className="entry-facts wrap-anywhere">
        {file === null || file === where ? null : `${file}, `}
        <code>{visibleText(where)}</code>
      </p>
      <p className="entry-facts">
        {code}: {looks}
      </p>
      {ignored === null ? null : (
        <p className="entry-facts wrap-anywhere">
          Set aside by {ignored.by}, <Moment at={ignored.at} />: “{visibleText(ignored.reason)}”
        </p>
      )}
    </>
  );
}

export function sayCounts({ warnings, notes }: FindingsProps['findings']): string {
  const counts = [
    ...(warnings > 0 ? [warnings === 1 ? '1 warning' : `${warnings} warnings`] : []),
    ...(notes > 0 ? [notes === 1 ? '1 note' : `${notes} notes`] : []),
  ];
  return counts.length === 0 ? 'nothing to look at twice' : counts.join(' and ');
}
