// What looking into a wheel or sdist established. Whatever must not be published is thrown as a refusal; what stands here
// as a warning or note is shown to those who are asked to sign. Texts may carry hostile names: whoever shows them escapes.
import type { FileName, ProjectName, Version } from '#lib/core/ids.ts';
import type { Finding } from './checks.ts';
import type { CoreMetadata } from './metadata.ts';

export type Inspection = {
  readonly kind: 'wheel' | 'sdist';
  readonly fileName: FileName;
  readonly project: ProjectName;
  /** As in the metadata, canonical; the file name's version equals it under PEP 440. */
  readonly version: Version;
  /** Expanded compatibility tags of a wheel; empty for an sdist. */
  readonly tags: readonly string[];
  readonly metadata: CoreMetadata;
  /** The exact bytes of METADATA or PKG-INFO: what PEP 658 serves. */
  readonly metadataBytes: Uint8Array;
  readonly requiresPython: string | null;
  /** Warnings first. */
  readonly findings: readonly Finding[];
};
