// Looks into a stored upload before it may become part of a draft: what it is (lib/python, in the inspector's child process), and the digests that the
// index states. The claimed name is hostile, and so are the bytes; they are read by ranges and in a hashing thread, never as a whole.
import { readSha256, type FileName, type ProjectName, type Sha256, type Version } from '#lib/core/ids.ts';
import { digestFile } from '#lib/digest/digest-file.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { versionKey } from '#lib/python/versions.ts';
import { descriptionOf, type Description } from '#lib/server/changes/description.ts';
import { compareWithBase, type MadeComparison } from '#lib/server/changes/make-comparison.ts';
import { inspection } from '#lib/server/inspector/inspection-limits.ts';
import { renderChecks } from '#lib/server/judge/kept-checks.ts';
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
  /** What its checks found (judge/kept-checks.ts). */
  checks: string;
  description: Description | null;
  /** With its counterpart in the release before; null: that is known already, or there is none. */
  comparison: MadeComparison | null;
};

/** The metadata of a stored file that was inspected before, byte for byte. @throws `distribution.…` */
export async function readStoredMetadata(project: ProjectName, { uploadedName, stored }: Upload): Promise<Uint8Array> {
  const place = await runtime().files.local(stored.sha256);
  const found = await runtime().inspector.of(project).inspect({ place, name: uploadedName, limits: inspection });
  return found.metadataBytes;
}

/** `project`: whom it came for, so that one child sees no other's. @throws `distribution.…` for whatever must not be published */
export async function inspectUpload(project: ProjectName, { uploadedName, stored }: Upload): Promise<InspectedFile> {
  const place = await runtime().files.local(stored.sha256);
  const found = await runtime().inspector.of(project).inspect({ place, name: uploadedName, limits: inspection });
  const { plain } = await digestFile(place, { plain: ['sha256', 'blake2b256'], tails: [] });
  if (plain.sha256 !== stored.sha256) throw new Error(`The store holds other bytes than ${stored.sha256}.`);
  const file = {
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
    checks: renderChecks(found),
  };
  const isOurs = file.project === project;
  const comparison = isOurs ? await compareWithBase(project, file.version, file) : null;
  return { ...file, description: descriptionOf(found.metadata), comparison };
}
