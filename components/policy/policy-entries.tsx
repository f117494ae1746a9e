// Open policy changes in a list: which project, which version, who still must sign it.
import { anyOf } from '#components/draft/signature-lines.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Moment } from '#components/ui/moment.tsx';

export type PolicyEntry = {
  project: string;
  version: number;
  proposedBy: string;
  proposedAt: Date;
  needs: { why: string; counted: string[]; required: number; missing: number }[];
  couldStillSign: string[];
  needsMe: boolean;
};

type PolicyEntriesProps = { policies: PolicyEntry[]; label: string; hasPrimary?: boolean };

export function PolicyEntries({ policies, label, hasPrimary = false }: PolicyEntriesProps) {
  if (policies.length === 0) return null;
  return (
    <ul className="entries" aria-label={label}>
      {policies.map((policy, at) => (
        <li key={`${policy.project} ${policy.version}`}>
          <h3>
            <a href={`/projects/${policy.project}/policy/${policy.version}`}>
              Policy {policy.version} of {policy.project}
            </a>
          </h3>
          <p>{sayNeeds(policy)}</p>
          <p className="entry-facts">
            Proposed by {policy.proposedBy} on <Moment at={policy.proposedAt} />
          </p>
          {policy.needsMe ? (
            <ButtonLink
              href={`/projects/${policy.project}/policy/${policy.version}`}
              look={hasPrimary && at === 0 ? 'primary' : 'plain'}
            >
              Read and sign
              <span className="sr-only">
                {' '}
                policy {policy.version} of {policy.project}
              </span>
            </ButtonLink>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

/** "1 of 2 owners' signatures; bo can add one." */
function sayNeeds({ needs, couldStillSign }: PolicyEntry): string {
  const counts = needs
    .map((need) => `${need.counted.length} of ${need.required} ${groups[need.why] ?? 'people'}`)
    .join(', ');
  const who = couldStillSign.length === 0 ? 'nobody else can sign now' : `${anyOf(couldStillSign)} can sign`;
  return `Signed by ${counts}; ${who}.`;
}

const groups: Record<string, string> = {
  founders: 'founding owners',
  owners: 'owners',
  'new-owners': 'future owners',
  weakening: 'people',
};
