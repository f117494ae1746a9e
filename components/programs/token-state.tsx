// How a token stands: its chip, until when one works that still does, and when it was used last.

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

/** Noted to the hour (lib/server/judge/token.ts), and said so. */
export function LastUsed({ at }: { at: Date | null }) {
  return at === null ? (
    'not yet'
  ) : (
    <>
      in the hour from <Moment at={at} />
    </>
  );
}
