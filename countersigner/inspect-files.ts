// The bytes of a release, looked at by the countersigner itself: size and digests, and that the archive says the same project and version
// as the statement (lib/python). Files come from the web program by SHA-256 and are hostile; nothing in them is executed.
import { withFileSource } from '#lib/child/file-source.ts';
import type { Digester } from '#lib/core/digest.ts';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readSha256, type FileName, type Sha256 } from '#lib/core/ids.ts';
import type { Statement, StatementFile } from '#lib/core/statement.ts';
import { digestFile } from '#lib/digest/digest-file.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { requireDistinctFiles } from '#lib/python/distinct-files.ts';
import { inspectDistribution } from '#lib/python/inspect-distribution.ts';
import type { Inspection } from '#lib/python/inspection.ts';
import { versionKey } from '#lib/python/versions.ts';

export type InspectedFile = {
  name: FileName;
  sha256: Sha256;
  size: number;
  blake2b256: Sha256;
  /** Exact bytes of METADATA (PEP 658: wheels only). */
  metadata: Uint8Array | null;
  metadataSha256: Sha256 | null;
  requiresPython: string | null;
};

type Places = ReadonlyMap<Sha256, string>;

/** Looks into every file of the statement. Refuses the first that is not what the statement says (`release.file-differs`, `distribution.…`, `draft.two-alike`). */
export async function inspectFiles(places: Places, statement: Statement): Promise<InspectedFile[]> {
  requireDistinctFiles(statement.files);
  const inspected: InspectedFile[] = [];
  for (const file of statement.files) inspected.push(await inspectFile(places, statement, file));
  return inspected;
}

async function inspectFile(places: Places, statement: Statement, file: StatementFile): Promise<InspectedFile> {
  const differs = (why: string) => refuse('release.file-differs', { name: file.name, why });
  const place = placeOf(places, file);
  const { plain, size } = await digestFile(place, { plain: ['sha256', 'blake2b256'], tails: [] });
  if (plain['sha256'] !== file.sha256) throw differs(`its SHA-256 is ${plain['sha256']}`);
  const inspection = await inspectAt(place, file);
  if (inspection.project !== statement.project) throw differs(`it is of the project ${inspection.project}`);
  if (versionKey(inspection.version) !== versionKey(statement.version))
    throw differs(`it is version ${inspection.version}`);
  const metadata = inspection.kind === 'wheel' ? inspection.metadataBytes : null;
  return {
    name: file.name,
    sha256: file.sha256,
    size,
    blake2b256: readSha256(plain['blake2b256']),
    metadata,
    metadataSha256: metadata && hashing.sha256(metadata),
    requiresPython: inspection.requiresPython,
  };
}

/** Hashes one file for the signatures over it. */
export function digestOverFile(places: Places, file: StatementFile): Digester {
  return async (requests) => (await digestFile(placeOf(places, file), { plain: [], tails: [...requests] })).tails;
}

function placeOf(places: Places, file: StatementFile): string {
  const place = places.get(file.sha256);
  if (place === undefined)
    throw refuse('release.file-differs', { name: file.name, why: 'its bytes were not handed over' });
  return place;
}

/** A refusal of the archive names the file. */
async function inspectAt(place: string, file: StatementFile): Promise<Inspection> {
  try {
    return await withFileSource(place, (source) => inspectDistribution({ name: file.name, source }));
  } catch (fault) {
    if (isRefusal(fault)) throw refuse('release.file-differs', { name: file.name, why: fault.message }, fault);
    throw fault;
  }
}
