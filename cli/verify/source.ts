// Where the evidence of a release comes from: an index over HTTP (index-source.ts), or a bundle that needs no network. The steps of verify-release.ts ask
// nothing else. Whatever it brings is hostile.
import type { DigestRequest } from '#lib/core/digest.ts';
import type { ProjectName } from '#lib/core/ids.ts';
import type { RecordFile } from '#lib/core/release.ts';
import type { LogQuestion } from '#lib/evidence/check-log.ts';
import type { LoggedDocument } from '#lib/evidence/log-tree.ts';
import type { ReadPath } from '#lib/evidence/served-log.ts';
import type { ReadJsonPage } from '#lib/simple/parse.ts';

/** Size and digests of a file; `tails` answers the requests of signatures over it. */
export type MeasuredFile = { size: number; sha256: string; tails: Uint8Array[] };

export type Source = {
  /** Address or place, for people. */
  from: string;
  /** Whether it says how things stand now. A bundle says how they stood once: it is not held to what was seen later. */
  isCurrent: boolean;
  /** The bytes of a path of the index tree; null: they are not there. */
  read: ReadPath;
  /** The project's page; null: it is not there, or the source has no pages. */
  readPage(project: ProjectName): Promise<ReadJsonPage | null>;
  /** Hashes a file of the release; `onPart` sees its bytes in their order. Never more bytes than the record says. */
  measure(
    file: RecordFile,
    requests?: readonly DigestRequest[],
    onPart?: (part: Uint8Array) => Promise<void>,
  ): Promise<MeasuredFile>;
  /** Establishes that the log tells these documents and continues what was seen of it. */
  requireLogged(question: LogQuestion, documents: readonly LoggedDocument[]): Promise<SeenLog>;
};

/** What is kept of the log for the next time. */
export type SeenLog = { key: string; checkpoint: string };
