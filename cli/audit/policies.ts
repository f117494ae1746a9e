// The chain of policies of a project, from version 1: each signed by those who must sign it, by the rules that countersigner and client decide by.
import { readPolicy } from '#lib/core/policy.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { SignedBytes } from '#lib/evidence/bundle.ts';
import { checkPolicies } from '#lib/evidence/check-policies.ts';
import { certificatePath, policyPath } from '#lib/evidence/index-tree.ts';
import { keysNamedIn, readKeyring } from '#lib/evidence/keyring.ts';
import { asDifference, type Difference } from './difference.ts';
import type { ProjectCase } from './project.ts';

/** What speaks against the chain. A policy that is not served as it was told is listed already, and the chain cannot be judged without it. */
export async function checkChain({ index, project, told, documents, now }: ProjectCase): Promise<Difference[]> {
  const numbered = told.filter((entry) => entry.event === 'policy').map((_, at) => at + 1);
  const policies: (SignedBytes & { version: number })[] = [];
  for (const version of numbered) {
    const bytes = documents.byPath.get(policyPath(project, version));
    if (!bytes) return [];
    policies.push({ version, bytes, signature: await index.read(`${policyPath(project, version)}.asc`) });
  }
  return asDifference('policies', policyPath(project, numbered.length), async () => {
    const certificates = new Map<Fingerprint, Uint8Array>();
    for (const key of keysNamedIn(policies.map(({ bytes }) => readPolicy(bytes)))) {
      const bytes = await index.read(certificatePath(key));
      if (bytes) certificates.set(key, bytes);
    }
    await checkPolicies({
      ...{ project, known: [], policies, keyring: await readKeyring(certificates, now), now, hashing },
      // As the client does: nobody else says when policy signatures came.
      custodyOf: (facts) => ({ received: facts.made ?? now, firstSeenHere: true, takenBack: false }),
      mayBeginAnew: () => true,
    });
  });
}
