// What one backup is made of: a small document beside a store of bytes by digest, so that several backups share what did not change. Whoever can write the folder can change both:
// its digests find damage, not malice (docs/guide/backup.md).
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { refuse } from '#lib/core/errors.ts';
import { readSha256 } from '#lib/core/ids.ts';

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform(readSha256);
/** A place in a folder: no way out of it. */
const place = z.string().refine((text) => text.split('/').every((part) => !['', '.', '..'].includes(part)));

const schema = z.object({
  type: z.literal('countersign/backup'),
  format: z.literal(1),
  at: z.iso.datetime(),
  index: z.string(),
  program: z.string(),
  migrations: z.array(z.string()),
  tables: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.object({ name: z.string(), type: z.string() })),
      rows: z.number(),
      sha256,
    }),
  ),
  files: z.array(sha256),
  tree: z.array(z.object({ place, sha256 })),
  secrets: z.array(z.object({ name: place, sha256 })),
});

export type BackupManifest = z.infer<typeof schema>;

const namePattern = /^backup-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.json$/;
const nameOf = ({ at }: BackupManifest): string => `backup-${at.slice(0, 19).replaceAll(':', '-')}Z.json`;

/** Writes it whole or not at all, when everything that it names is there; answers its name. */
export async function writeManifest(folder: string, manifest: BackupManifest): Promise<string> {
  const name = nameOf(manifest);
  const unfinished = path.join(folder, `${name}.unfinished`);
  await writeFile(unfinished, `${JSON.stringify(manifest, null, 1)}\n`, { mode: 0o600, flush: true });
  await rename(unfinished, path.join(folder, name));
  return name;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The named one, or the newest. Refuses `backup.none`, `backup.unreadable`. */
export async function readManifest(folder: string, wanted: string | null): Promise<BackupManifest> {
  const names = await readdir(folder).catch((): string[] => []);
  const name =
    wanted ??
    names
      .filter((entry) => namePattern.test(entry))
      .sort()
      .at(-1);
  if (name === undefined || !names.includes(name)) throw refuse('backup.none', { folder });
  const read = schema.safeParse(await readFile(path.join(folder, name), 'utf8').then(asJson));
  if (!read.success) throw refuse('backup.unreadable', { name });
  return read.data;
}
