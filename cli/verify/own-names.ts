// A file that people signed by itself, and not in a statement: nothing that they signed says of which project and version it is. An index with all its keys could
// offer the signed wheel of an old version under a new number, or that of one project in another. So such a file has to say it by its own metadata, as the
// countersigner demands it (docs/decisions/048). What is inside is hostile: lib/python looks at it within its limits.
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import type { RecordFile, ReleaseRecord } from '#lib/core/release.ts';
import type { ReleaseCheck } from '#lib/evidence/check-release.ts';
import { inspectDistribution } from '#lib/python/inspect-distribution.ts';
import { withFile } from '#cli/file-source.ts';
import type { Source } from './source.ts';

/** Refuses `evidence.other-release` and `distribution.…`. Looks only into files that too few people signed by the statement. */
export async function requireOwnNames(source: Source, record: ReleaseRecord, { verdict }: ReleaseCheck): Promise<void> {
  const byStatement = verdict.findings.filter(({ counts, subject }) => counts && subject.over === 'statement');
  if (new Set(byStatement.map(({ person }) => person)).size >= verdict.required) return;
  for (const file of record.files) await requireOwnName(source, record, file);
}

async function requireOwnName(source: Source, { project, version }: ReleaseRecord, file: RecordFile): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'countersign-'));
  const place = path.join(folder, 'file');
  try {
    await copyTo(place, source, file);
    const inside = await withFile(place, (bytes) => inspectDistribution({ name: file.name, source: bytes }));
    const differs = (what: string, expected: string, found: string) =>
      refuse('evidence.other-release', { what: `${what} in ${file.name}`, expected, found });
    if (inside?.project !== project) throw differs('project', project, inside?.project ?? '');
    if (inside.version !== version) throw differs('version', version, inside.version);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function copyTo(place: string, source: Source, file: RecordFile): Promise<void> {
  const handle = await open(place, 'wx', 0o600);
  try {
    const found = await source.measure(file, [], async (part) => void (await handle.writeFile(part)));
    if (found.sha256 !== file.sha256)
      throw refuse('evidence.record-differs', { what: `${file.name} has SHA-256 ${found.sha256}` });
  } finally {
    await handle.close();
  }
}
