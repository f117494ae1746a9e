// Who objects to a draft and why, with the way to lift it; and what else holds it back. Reasons are other people's words, shown as text.

import { ActionForm } from '#components/ui/action-form.client.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { Notice } from '#components/ui/notice.tsx';
import type { DeclineLine, DraftPage } from '#lib/server/queries/draft-page.ts';
import { lift } from './actions.ts';

export function Declines({ draft }: { draft: DraftPage }) {
  const { heldBack, declines } = draft;
  if (heldBack === null) return null;
  if (declines.length === 0) return <Notice tone="warning" title={heldBack} />;
  return declines.map((decline) => <Decline key={decline.id} draft={draft} decline={decline} />);
}

function Decline({ draft: { id, revision }, decline }: { draft: DraftPage; decline: DeclineLine }) {
  const { name, reason, at, mayLift } = decline;
  const looked = decline.revision === revision ? '' : ` (it is revision ${revision} now)`;
  return (
    <Notice tone="danger" title={`${name} declined this draft.`}>
      <p className="wrap-anywhere">“{reason}”</p>
      <p>
        Revision {decline.revision}
        {looked}, <Moment at={at} />. Nothing is published while this stands, however many people sign.
      </p>
      {mayLift ? (
        <ActionForm
          action={lift.bind(null, id, decline.id)}
          label={`Lift the decline of ${name}`}
          submit={`Lift the decline of ${name}`}
          look="plain"
        />
      ) : (
        <p>{name} or an owner can lift it.</p>
      )}
    </Notice>
  );
}
