// The drafts that need the reader's signature; where there are several, they can be chosen and signed together with one unlocking of the key.

import { DraftEntries } from '#components/draft/draft-entries.tsx';
import { Actions, Button } from '#components/ui/button.tsx';
import type { Home } from '#lib/server/queries/home.ts';

const label = 'Drafts that need your signature';

export function DraftsToSign({ drafts }: { drafts: Home['needsMe']['drafts'] }) {
  if (drafts.length === 0) return null;
  if (drafts.length === 1) return <DraftEntries drafts={drafts} label={label} hasPrimary />;
  return (
    <form method="get" action="/drafts/sign" aria-label="Sign several drafts">
      <DraftEntries drafts={drafts} label={label} hasPrimary choose="draft" />
      <Actions>
        <Button type="submit">Sign the chosen ones together</Button>
      </Actions>
    </form>
  );
}
