// The one structure behind a project page and the project list: HTML and JSON are both made from it, so that they cannot disagree
// (threats.md, 91). It names files by digest; addresses are made here, relative to the page, so that a mirror can serve the tree as it is.
// Trusts whoever fills it in (the countersigner, from its own records); texts in it may be hostile and are escaped by the renderers.
import type { AccountName, FileName, Instant, ProjectName, Sha256, Version } from '#lib/core/ids.ts';
import type { ProjectStatus } from '#lib/core/release.ts';

/** PEP 833: HTML stays at 1.4, and so do both until the index uses a later JSON field. */
export const apiVersion = '1.4';

export type PageFile = {
  name: FileName;
  size: number;
  sha256: Sha256;
  /** Hostile text from the metadata. */
  requiresPython: string | null;
  /** Digest of NAME.metadata (PEP 658); null: there is none. */
  metadataSha256: Sha256 | null;
  /** NAME.asc stands beside it (PEP 503). */
  signed: boolean;
  /** null: not yanked; a text, perhaps empty: yanked, with that reason (PEP 592). */
  yanked: string | null;
  uploaded: Instant;
};

/** What a client needs to check one version: its record by address and digest, and what the record will show. */
export type PageEvidence = {
  version: Version;
  serial: number;
  sha256: Sha256;
  threshold: number;
  signers: readonly AccountName[];
};

export type ProjectPage = {
  name: ProjectName;
  /** Declared by an owner (PEP 792); null: nothing was, which means active. */
  status: { status: ProjectStatus; reason: string } | null;
  /** Newest last. */
  versions: readonly PageEvidence[];
  /** Sorted by name. */
  files: readonly PageFile[];
  /** Not of the index: one version that is not published, and the sentence that says so. It has no evidence. */
  preview?: { version: Version; says: string };
};

export type ProjectList = readonly ProjectName[];

/** Where a file stands in the index tree: addressed by digest (docs/formats/index-tree.md). */
export const filePath = (sha256: Sha256, name: FileName): string =>
  `files/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}/${name}`;

/** Where a release record stands in the index tree. */
export const recordPath = (project: ProjectName, version: Version, serial: number): string =>
  `evidence/${project}/releases/${version}/${serial}.json`;

/** Relative to `simple/PROJECT/`. */
export const fromPage = (path: string): string => `../../${path}`;
