// What a policy's page says of new chains: that this document begins one, what it waits for, or that the project needs one (docs/decisions/024).

import { Command } from '#components/ui/command.tsx';
import { Notice } from '#components/ui/notice.tsx';
import type { PolicyPage } from '#lib/server/queries/policy-page.ts';

export function NewChain({ page }: { page: PolicyPage }) {
  const { project, version, newChain, sha256, state } = page;
  if (page.may.beginChain)
    return (
      <Notice tone="warning" title="These rules cannot be changed any more: too few of their keys can sign.">
        <p>
          If no key comes back, the project can go on as{' '}
          <a href={`/projects/${project}/policy/new-chain`}>a new chain</a>.
        </p>
      </Notice>
    );
  if (newChain === null) return null;
  if (newChain.waits)
    return (
      <Notice tone="warning" title="Its founders have signed. Now it waits for whoever keeps the countersigner.">
        <p>They make sure that you are who you say, and confirm this very document at their machine:</p>
        <Command command={`node .build/countersigner.mjs accept-chain ${project} ${sha256}`} />
        <p>Until then nothing changes. Anyone of the people in force can still withdraw it.</p>
      </Notice>
    );
  return (
    <Notice tone="warning" title={`With policy ${version} a new chain ${state === 'open' ? 'would begin' : 'began'}.`}>
      <p>
        The people of policy {version - 1} did not sign it, because too few of their keys were left: its founders did.
        Whoever pinned the policy before it is told and decides anew.
      </p>
    </Notice>
  );
}
