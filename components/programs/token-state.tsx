// How a token stands: its chip, and until when one works that still does.

import { Moment } from '#components/ui/moment.tsx';
import { StateChip } from '#components/ui/state-chip.tsx';

const chips = { live: 'active', expired: 'expired', revoked: 'revoked' } as const;

export function TokenStateChip({ state, expiresAt }: { state: keyof typeof chips; expiresAt: Date }) {
  return (
    <>
      <StateChip state={chips[state]} />
      {state === 'live' ? (
        <>
          {' '}
          until <Moment at={expiresAt} />
        </>
      ) : null}
    </>
  );
}
