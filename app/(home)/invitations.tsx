// Invitations of the reader: to accept, or accepted and waiting for the owners.

import { Moment } from '#components/ui/moment.tsx';
import { Clause } from '#components/ui/page.tsx';
import type { MyInvitation } from '#lib/server/queries/home.ts';

export function Invitations({ invitations }: { invitations: MyInvitation[] }) {
  if (invitations.length === 0) return null;
  return (
    <Clause title="Invitations">
      <ul className="entries" aria-label="Invitations">
        {invitations.map(({ project, role, invitedBy, expiresAt, state }) => (
          <li key={project}>
            <h3>
              {invitedBy} invites you to {project} as {role}
            </h3>
            <p className="entry-facts">
              {state === 'accepted' ? (
                'You accepted. An owner compares your key with you; then they sign the policy that adds you.'
              ) : (
                <>
                  Open the link in the mail to accept. It ends on <Moment at={expiresAt} />.
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </Clause>
  );
}
