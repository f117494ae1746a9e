// The index certificate that this instance is set up with (INDEX_KEY_FILE). Read from the file each time: the
// operator may put it there after the first start. A hand-back must be signed by exactly this key.
import { readFile } from 'node:fs/promises';
import { refuse } from '#lib/core/errors.ts';
import { readIndexKey, type IndexKey } from '#lib/evidence/index-signature.ts';
import { runtime } from '#lib/server/runtime.ts';

/** The certificate; refuses `handoff.no-index-key` where the file is missing. */
export async function loadIndexKey(): Promise<IndexKey> {
  const { config, clock } = runtime();
  const bytes = await readFile(config.indexKeyFile).catch((cause: NodeJS.ErrnoException) => {
    throw refuse('handoff.no-index-key', { file: config.indexKeyFile }, cause);
  });
  return readIndexKey(bytes, clock.now().getTime());
}
