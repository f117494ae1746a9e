// What a change of the rules would do to the drafts that are open now.

import type { DraftEffect } from '#lib/server/queries/policy-page.ts';

export function Effects({ drafts }: { drafts: DraftEffect[] }) {
  if (drafts.length === 0) return <p>No draft is open, so nothing else changes now.</p>;
  return (
    <>
      <p>On the drafts that are open:</p>
      <ul>
        {drafts.map((effect) => (
          <li key={effect.draft}>
            <a href={`/drafts/${effect.draft}`}>{effect.version}</a> {sayEffect(effect)}
          </li>
        ))}
      </ul>
    </>
  );
}

function sayEffect({ signed, requiredNow, requiredThen, metThen }: DraftEffect): string {
  const now = `has ${signed} of ${requiredNow} signatures`;
  if (metThen) return `${now}; it would be approved at once.`;
  return requiredNow === requiredThen ? `${now}; nothing changes for it.` : `${now}; it would need ${requiredThen}.`;
}
