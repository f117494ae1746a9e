// After the index got another key (rotate.ts): what it had signed before is signed anew, so that everything that is served is by the key in force and the
// old one can end. Only the signatures beside the documents are new; a document that our own copy does not show signed by the key before,
// or by the new one already, is not signed (somebody changed it here). Cut off, it goes on where it was.
import { hashing } from '#lib/digest/hashing.ts';
import { readIndexKey, requireIndexSignature, type IndexKey } from '#lib/evidence/index-signature.ts';
import { releasesPath } from '#lib/evidence/index-tree.ts';
import { collectRotations, readIndexRotation } from '#lib/evidence/key-rotation.ts';
import { recordPath } from '#lib/simple/page.ts';
import { commitHandback } from './hand-back.ts';
import { readProjectState, type ProjectState } from './project-state.ts';
import { requireInstance, writingOf, type RoundParts } from './round-parts.ts';
import type { Paths, Writing } from './write-list.ts';

/** So many signatures in a hand-back: far below what one may hold. */
const signaturesMost = 1_000;

/** Signs what is left to be signed, some projects at a time. */
export async function signAnew(parts: RoundParts): Promise<void> {
  for (;;) {
    const { index, toSign = [] } = requireInstance(parts.store);
    if (toSign.length === 0) return;
    const writing = writingOf(parts, index);
    const keys = await keysOf(writing);
    const paths: Paths = new Map();
    let done = 0;
    for (const project of toSign) {
      if (paths.size >= signaturesMost) break;
      await signDocuments(writing, keys, readProjectState(parts.store, project), paths);
      done += 1;
    }
    const { toSign: _, ...instance } = requireInstance(parts.store);
    const left = toSign.slice(done);
    await commitHandback(parts.store, writing, {
      instance: { ...instance, ...(left.length > 0 && { toSign: left }) },
      paths,
    });
  }
}

/** The key in force, and the one before it. */
async function keysOf({ keys, readTree, now }: Writing): Promise<IndexKey[]> {
  const rotations = await collectRotations(async (path) => readTree(path));
  const last = rotations.at(-1);
  const before = last ? [Buffer.from(readIndexRotation(last.bytes).oldCertificate)] : [];
  return Promise.all([keys.key.certificate, ...before].map((certificate) => readIndexKey(certificate, now)));
}

async function signDocuments(writing: Writing, keys: IndexKey[], state: ProjectState, paths: Paths): Promise<void> {
  const records = Object.values(state.releases).flatMap(({ version, serial }) =>
    Array.from({ length: serial }, (_, at) => recordPath(state.project, version, at + 1)),
  );
  for (const path of [releasesPath(state.project), ...records]) {
    const [bytes, signature] = [writing.readTree(path), writing.readTree(`${path}.asc`)];
    if (bytes === null) continue;
    const by = await signerOf({ what: path, bytes, signature }, keys);
    if (by > 0) paths.set(`${path}.asc`, await writing.keys.key.sign(bytes, writing.now));
  }
}

/** Which of the keys signed it; a document that none of them signed stops everything: our copy was changed. */
async function signerOf(document: { what: string; bytes: Uint8Array; signature: Uint8Array | null }, keys: IndexKey[]) {
  for (const [at, key] of keys.entries())
    if (
      await requireIndexSignature(document, key, hashing).then(
        () => true,
        () => false,
      )
    )
      return at;
  throw new Error(`Our own copy of ${document.what} is not signed by a key of this index. It is not signed anew.`);
}
