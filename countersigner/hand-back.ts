// From written paths to a hand-back: the signed manifest, the commit that makes it ours, and the post. State is written before anything
// leaves this machine, together with the very bytes, so that after a kill at any moment the same hand-back is posted again and never
// another one with the same number (threats.md, 99).
import { renderInstant, type Sha256 } from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { packHandback, renderManifest, type Manifest } from '#lib/evidence/handback.ts';
import { renderCertificates, isSame, type Certificates } from './certificates.ts';
import {
  outboxPlace,
  readInstanceState,
  renderInstanceState,
  treePlace,
  type InstanceState,
} from './instance-state.ts';
import { renderProjectState, type ProjectState } from './project-state.ts';
import type { Store } from './store.ts';
import type { WebProgram } from './web-program.ts';
import type { Paths, Writing } from './write-list.ts';
import { targetsOf, untold } from './tuf/targets-of.ts';
import { writeTuf, type TufParts, type TufWritten } from './tuf/write-tuf.ts';
import { writeLog } from './write-log.ts';

export type HandbackInput = {
  instance: InstanceState;
  paths: Paths;
  /** What else changes in the same commit. */
  project?: ProjectState;
  certificates?: Certificates;
  /** Places of our own folder, keys among them. */
  own?: ReadonlyMap<string, Uint8Array>;
  /** TUF metadata that is written for its own sake, of a hand-back that brings nothing new else. */
  tuf?: TufWritten;
  /** What is served already and goes out once more, as it stands in our own copy. */
  again?: Paths;
};

/**
 * Signs the manifest of what differs from our copy of the tree, of what the log gets by it and of what TUF says of it, and commits all of it.
 * Answers the new instance state.
 */
export async function commitHandback(store: Store, writing: Writing, input: HandbackInput): Promise<InstanceState> {
  const { instance } = input;
  const documents = new Map([...input.paths].filter(([path, bytes]) => !isSame(writing.readTree(path), bytes)));
  const kept = new Map([...documents, ...(await writeLog(writing, documents))]);
  const tuf = input.tuf ?? writeTuf(tufPartsOf(store, writing), targetsOf(new Map([...untold(store), ...documents])));
  const changed = new Map([...(input.again ?? []), ...kept, ...tuf.served]);
  const manifest: Manifest = {
    ...{ type: 'countersign/handback', format: 1, index: writing.index },
    ...{ sequence: instance.sequence + 1, previous: instance.manifest },
    files: [...changed].map(([path, bytes]) => ({ path, sha256: hashing.sha256(bytes) })),
    date: renderInstant(writing.now),
  };
  const manifestBytes = Buffer.from(renderManifest(manifest));
  const signature = await writing.keys.key.sign(manifestBytes, writing.now);
  const packed = packHandback(manifestBytes, signature, changed);
  const next: InstanceState = {
    ...{ ...instance, sequence: manifest.sequence, manifest: hashing.sha256(manifestBytes) },
    handback: hashing.sha256(packed),
  };
  store.commit(
    new Map([
      ...[...kept].map(([path, bytes]): [string, Uint8Array] => [treePlace(path), bytes]),
      ...tuf.kept,
      ...renderCertificates(store, input.certificates ?? new Map()),
      ...(input.project ? [renderProjectState(input.project)] : []),
      [outboxPlace(manifest.sequence), packed],
      ...(input.own ?? []),
      renderInstanceState(next),
    ]),
  );
  return next;
}

/** What the TUF metadata is written with. */
export const tufPartsOf = (store: Store, { keys, index, now }: Writing): TufParts => ({
  ...{ store, keys: keys.tuf, index, now },
});

/** A web program that holds our newest hand-back has everything before it: it was given it by hand (hand-over-all.ts), or its answer was lost. */
export function acknowledgeHeld(store: Store, held: { sequence: number; handback: Sha256 | null }): void {
  const instance = readInstanceState(store);
  if (!instance || held.sequence !== instance.sequence || held.handback !== instance.handback) return;
  const waiting = instance.sequence - instance.acknowledged;
  if (waiting === 0) return;
  store.commit(new Map([renderInstanceState({ ...instance, acknowledged: instance.sequence })]));
  for (let at = 1; at <= waiting; at += 1) store.remove(outboxPlace(instance.acknowledged + at));
}

/** Posts what was not acknowledged yet, oldest first. Throws `countersigner.web-away`; posting again later is harmless. */
export async function postHandbacks(store: Store, web: WebProgram): Promise<InstanceState | null> {
  let instance = readInstanceState(store);
  while (instance && instance.acknowledged < instance.sequence) {
    const sequence: number = instance.acknowledged + 1;
    const bytes = store.read(outboxPlace(sequence));
    if (!bytes) throw new Error(`Hand-back ${sequence} is not in the state folder, though it was not acknowledged.`);
    await web.postResults(bytes, hashing.sha256(bytes));
    instance = { ...instance, acknowledged: sequence };
    store.commit(new Map([renderInstanceState(instance)]));
    store.remove(outboxPlace(sequence));
  }
  return instance;
}
