// What a change of the rules would do, before it is signed: to drafts, to releases, to who can sign; and what to think about. The sentences are
// made by the server from core's answer; this shows them.

import { Notice } from '#components/ui/notice.tsx';

type Effect = { draft: string; version: string; says: string; isLoss: boolean };

export type ShownConsequences = { drafts: Effect[]; releases: Effect[]; people: string[]; warnings: string[] };

export function Consequences({ told }: { told: ShownConsequences }) {
  const { drafts, releases, people, warnings } = told;
  return (
    <>
      {warnings.map((warning) => (
        <Notice key={warning} tone="warning" title={warning} />
      ))}
      <h3>Who can sign</h3>
      <ul className="ruled">
        {people.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <h3>Open drafts</h3>
      <Effects effects={drafts} none="No draft is open." label="What it does to open drafts" />
      <h3>Published releases</h3>
      <Effects effects={releases} none="No release loses a signature." label="What it does to published releases" />
    </>
  );
}

function Effects({ effects, none, label }: { effects: Effect[]; none: string; label: string }) {
  if (effects.length === 0) return <p>{none}</p>;
  return (
    <ul className="ruled" aria-label={label}>
      {effects.map(({ draft, version, says, isLoss }) => (
        <li key={draft}>
          <a href={`/drafts/${draft}`}>{version}</a> {isLoss ? <strong>{says}</strong> : says}
        </li>
      ))}
    </ul>
  );
}
