// An evidence bundle as the source of a release: no index, no network. It says how things stood when it was made, so it has no pages and continues no
// log; each document that the log must tell brings its own proof. Files of the release are not in it.
import { refuse } from '#lib/core/errors.ts';
import { noteCheck } from '#lib/digest/ed25519.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { readLogKey } from '#lib/evidence/check-log.ts';
import { renderNoteKey } from '#lib/evidence/checkpoint.ts';
import { requireProven } from '#lib/evidence/log-proof.ts';
import { eventOf } from '#lib/evidence/log-tree.ts';
import type { ReleaseBundle } from '#lib/evidence/release-bundle.ts';
import type { Source } from './source.ts';

/** The bundle that stands in this file. */
export function sourceOfBundle(file: string, bundle: ReleaseBundle): Source {
  return {
    ...{ from: file, isCurrent: false, read: bundle.read },
    readPage: () => Promise.resolve(null),
    measure: ({ name }) => {
      throw refuse('evidence.missing', { what: `the file ${name}, over whose own bytes people signed` });
    },
    requireLogged: async (question, documents) => {
      const logKey = await readLogKey(bundle.read, question, { hashing, note: noteCheck });
      for (const document of documents) requireProof(bundle, document.path);
      // Whatever else the log tells of what is in the bundle must be told as it stands here.
      for (const path of bundle.paths.filter((place) => eventOf(place) !== null)) {
        const sha256 = hashing.sha256((await bundle.read(path)) ?? new Uint8Array());
        requireProven(requireProof(bundle, path), { path, sha256 }, logKey, noteCheck);
      }
      return { key: renderNoteKey(logKey, noteCheck.hash), checkpoint: '' };
    },
  };
}

function requireProof({ proofs }: ReleaseBundle, path: string): Uint8Array {
  const proof = proofs.get(path);
  if (!proof) throw refuse('log.missing', { path: `the proof for ${path}` });
  return proof;
}
