// For jobs: what was left lying goes. An upload of which nothing came for the stated time; parts of uploads that are over; and files in the store that
// nothing names: bytes of refused forms and of programs that were killed, a day after they came. Never a file that a draft (of any state), a
// release or an upload names; and bytes that come again meanwhile stay (FileStore.remove). Done twice, or by two processes, it is the same.
import { after } from '#lib/server/clock.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { ListedFile } from '#lib/server/files/store.ts';

/** Only the jobs program calls it. */
export async function sweepUploads(): Promise<void> {
  const { db, clock, files } = runtime();
  await db.fileUpload.deleteMany({ where: { expiresAt: { lte: clock.now() } } });
  for await (const id of files.parts.uploads()) {
    const going = await db.fileUpload.count({ where: { id, storedAt: null } });
    if (going === 0) await files.parts.remove(id);
  }
}

const filesAtOnce = 500;

/** Only the jobs program calls it. Answers how many files it removed; what killed programs left of their own goes as well. */
export async function sweepFiles(): Promise<number> {
  const before = after(runtime().clock.now(), -limits.unnamedFilesKeptMs);
  let [removed, old] = [0, [] as ListedFile[]];
  for await (const file of runtime().files.list()) {
    if (file.since < before) old.push(file);
    if (old.length < filesAtOnce) continue;
    removed += await removeUnnamed(old, before);
    old = [];
  }
  removed += await removeUnnamed(old, before);
  await runtime().files.tidy(before);
  return removed;
}

async function removeUnnamed(old: readonly ListedFile[], before: Date): Promise<number> {
  const { files, hold } = runtime();
  let removed = 0;
  const named = await namesOf(old.map(({ sha256 }) => sha256));
  await hold?.('sweep.named');
  for (const { sha256 } of old) if (!named.has(sha256) && (await files.remove(sha256, { before }))) removed += 1;
  return removed;
}

/** Which of them something names: in one statement, so that a file on its way from an upload into a draft is seen in one of the two. */
async function namesOf(digests: readonly string[]): Promise<Set<string>> {
  if (digests.length === 0) return new Set();
  const rows = await runtime().db.$queryRaw<{ sha256: string }[]>`
    SELECT "sha256" FROM "DraftFile" WHERE "sha256" = ANY (${digests})
    UNION SELECT "sha256" FROM "PublishedFile" WHERE "sha256" = ANY (${digests})
    UNION SELECT "sha256" FROM "FileUpload" WHERE "sha256" = ANY (${digests})`;
  return new Set(rows.map(({ sha256 }) => sha256));
}
