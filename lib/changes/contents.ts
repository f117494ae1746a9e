// What is in a wheel or sdist, under paths that do not carry its version, so that two releases can be laid beside each other. Names and bytes are
// hostile text: whoever shows them makes them visible (core/visible-text.ts).
import { createHash } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';

/** One path of a distribution. */
export type Content = {
  readonly path: string;
  readonly bytes: number;
  /** Of its bytes; of a link, of where it leads. */
  readonly sha256: string;
  /** Where a link leads; null: it is a file. */
  readonly target: string | null;
};

export type Distribution = {
  readonly kind: 'wheel' | 'sdist';
  readonly contents: readonly Content[];
  /** Exact bytes of METADATA or PKG-INFO. */
  readonly metadataBytes: Uint8Array;
  /** entry_points.txt; null where there is none. */
  readonly entryPoints: Uint8Array | null;
  /** What it adds to the names that are imported; only a wheel says so. */
  readonly topLevel: readonly string[];
  /** The bytes of some of its files. */
  read(paths: ReadonlySet<string>): Promise<Map<string, Uint8Array>>;
};

export const entryPointsBytesMax = 256 * 1024;

/** The digest that stands for where a link leads: never equal to that of a file. */
export const digestOfTarget = (kind: string, target: string): string =>
  createHash('sha256').update(`${kind} \0${target}`).digest('hex');

export const missing = (path: string) => refuse('distribution.missing', { path });
