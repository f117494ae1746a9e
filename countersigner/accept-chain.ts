// The operator's yes to a new chain (docs/decisions/024), said at this machine and nowhere else: one small file for one document. It is written beside a
// running countersigner, which looks for it in its next round. Alone it has no effect: the founders must have signed that very document.
import { renderInstant, type ProjectName, type Sha256 } from '#lib/core/ids.ts';
import { writeDurably, type Store } from './store.ts';

const placeOf = (project: ProjectName, sha256: Sha256): string => `accepted-chains/${project}-${sha256}`;

/** Whether the operator said yes to this document as the beginning of a new chain of the project. */
export const isChainAccepted = (store: Store, project: ProjectName, sha256: Sha256): boolean =>
  store.read(placeOf(project, sha256)) !== null;

/** Keeps the yes; saying it again changes nothing. `at`: gives the absolute place in the countersigner's folder; `now` in milliseconds. */
export function acceptChain(
  at: Store['at'],
  { project, sha256, now }: { project: ProjectName; sha256: Sha256; now: number },
): void {
  writeDurably(at(placeOf(project, sha256)), Buffer.from(`${renderInstant(now)}\n`));
}
