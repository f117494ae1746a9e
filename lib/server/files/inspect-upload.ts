// Looks into a stored upload before it may become part of a draft: what it is (lib/python, in the inspector's child process), and the digests that the
// index states. The claimed name is hostile, and so are the bytes; they are read by ranges and in a hashing thread, never as a whole.
import { readSha256, type FileName, type ProjectName, type Sha256, type Version } from '#lib/core/ids.ts';
import { digestFile } from '#lib/digest/digest-file.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { inspectionLimits } from '#lib/python/limits.ts';
import { versionKey } from '#lib/python/versions.ts';
import { limits } from '#lib/server/limits.ts';
import { runtime } from '#lib/server/runtime.ts';
import type { StoredFile } from './store.ts';

/** A file that was received into the store under a claimed (hostile) name. */
export type Upload = { uploadedName: string; stored: StoredFile };

export type InspectedFile = {
  name: FileName;
  kind: 'wheel' | 'sdist';
  project: ProjectName;
  version: Version;
  versionKey: string;
  sha256: Sha256;
  size: number;
  blake2b256: Sha256;
  metadataSha256: Sha256;
  requiresPython: string | null;
  summary: string | null;
};

const inspection = {
  ...inspectionLimits,
  fileBytesMax: limits.uploadBytesMax,
  unpackedBytesMax: limits.unpackedBytesMax,
  millisecondsMax: limits.inspectionMs,
};

/** `project`: whom it came for, so that one child sees no other's. @throws `distribution.…` for whatever must not be published */
export async function inspectUpload(project: ProjectName, { uploadedName, stored }: Upload): Promise<InspectedFile> {
  const place = await runtime().files.local(stored.sha256);
  const found = await runtime().inspector.of(project).inspect({ place, name: uploadedName, limits: inspection });
  const { plain } = await digestFile(place, { plain: ['sha256', 'blake2b256'], tails: [] });
  if (plain.sha256 !== stored.sha256) throw new Error(`The store holds other bytes than ${stored.sha256}.`);
  return {
    name: found.fileName,
    kind: found.kind,
    project: found.project,
    version: found.version,
    versionKey: versionKey(found.version),
    sha256: stored.sha256,
    size: stored.size,
    blake2b256: readSha256(plain.blake2b256),
    metadataSha256: sha256Hex(found.metadataBytes),
    requiresPython: found.requiresPython,
    summary: found.metadata.summary,
  };
}
