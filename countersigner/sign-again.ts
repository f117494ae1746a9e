// A quarantined release that people sign again: what came since is judged over our own copy of record and statement (check-again.ts). Met again, the
// release is published by its next record. That the web program calls it published says nothing here.
import { keysNamedIn } from '#lib/evidence/keyring.ts';
import { statementPath } from '#lib/evidence/index-tree.ts';
import { readAccepted } from './accept-policies.ts';
import { readCertificates, renderCertificates } from './certificates.ts';
import { commitHandback } from './hand-back.ts';
import { renderProjectState, type ProjectState, type PublishedRelease } from './project-state.ts';
import { requireInstance, type RoundParts } from './round-parts.ts';
import { toBeJudged } from './take-certificates.ts';
import type { QueuedDraft } from './web-program.ts';
import { putSignatures, writeCertificates } from './write-index.ts';
import type { Writing } from './write-list.ts';
import { readStanding, writeNextSerials } from './write-record.ts';

export type SigningAgain = { draft: QueuedDraft; release: PublishedRelease; state: ProjectState; bundle: Uint8Array };

/** Looks at the packets that came since; answers whether the release is published again. Refuses what cannot be read as signatures. */
export async function signAgain(parts: RoundParts, given: SigningAgain, writing: Writing): Promise<boolean> {
  const { store, judges } = parts;
  const { draft, release, bundle } = given;
  const record = readStanding(writing, given.state, release);
  const path = statementPath(record.project, record.version);
  const statement = writing.readTree(path);
  if (!statement) throw new Error(`Our own copy of the statement of ${record.project} ${record.version} is missing.`);
  const accepted = readAccepted(writing.readTree, given.state);
  const policies = accepted.map((entry) => entry.policy);
  const { released, certificates, ...looked } = await judges.of(record.project).checkAgain({
    ...{ draft: { id: draft.id, mark: draft.mark }, record, statement, own: writing.readTree(`${path}.asc`), bundle },
    ...{ state: given.state, accepted, certificates: readCertificates(store, keysNamedIn(policies)), now: writing.now },
  });
  const state = toBeJudged(store, looked.state, certificates);
  if (!released) {
    store.commit(new Map([renderProjectState(state), ...renderCertificates(store, certificates)]));
    return false;
  }
  const { signatures } = released;
  const change = { state: 'published', reason: null, signatures } as const;
  const written = await writeNextSerials(writing, state, new Map([[record.version, change]]));
  putSignatures(written.paths, released, 'statement', path);
  for (const [place, bytes] of writeCertificates(certificates, policies)) written.paths.set(place, bytes);
  await commitHandback(store, writing, {
    ...{ instance: requireInstance(store), paths: written.paths },
    ...{ project: written.state, certificates },
  });
  return true;
}
