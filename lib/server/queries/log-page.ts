// The public log for people: entries newest first, of everything or of one project, and what stands at its end: the checkpoint that is served and who
// witnessed it. Everybody may read it. Rows are only a way to find entries; what proves them is the tree (docs/formats/log.md).
import { refuse } from '#lib/core/errors.ts';
import type { Actor } from '#lib/core/people.ts';
import type { Sha256, ProjectName } from '#lib/core/ids.ts';
import { noteCheck } from '#lib/digest/ed25519.ts';
import { renderNote, type ReadNote } from '#lib/evidence/checkpoint.ts';
import { findCosigned } from '#lib/evidence/cosignature.ts';
import { eventOf, type LogEvent } from '#lib/evidence/log-tree.ts';
import type { LogEntry } from '#lib/server/db/generated/client.ts';
import { standingIn } from '#lib/server/judge/project-role.ts';
import { runtime } from '#lib/server/runtime.ts';
import { readServedCheckpoint } from '#lib/server/witnesses/served-checkpoint.ts';

export type LogLine = {
  number: number;
  event: LogEvent | null;
  path: string;
  sha256: string;
  project: string | null;
  /** From the path: of a record, yank or status. */
  version: string | null;
  /** N of policy N, record N, …; null for a certificate. */
  of: number | null;
  fingerprint: string | null;
  /** What record or declaration say, in one word of their format. */
  state: string | null;
  knownAt: Date;
};

export type LogPage = {
  project: ProjectName | null;
  lines: LogLine[];
  /** What the next page begins below; null: this is the last one. */
  older: number | null;
  /** null: nothing is published yet. */
  end: LogEnd | null;
};

export type LogEnd = {
  /** The checkpoint as it is served. */
  text: string;
  size: number;
  /** The key of a line is `name+number+key`, as in WITNESSES. */
  witnesses: { name: string; at: Date | null; size: number | null }[];
};

export type LogWish = { project?: string; before?: number | null };

const aPage = 50;

/** A page of the log. Refuses `project.not-found`. */
export async function logPage(actor: Actor, { project: claimed, before = null }: LogWish): Promise<LogPage> {
  const { db } = runtime();
  const project = claimed === undefined ? null : (await standingIn(db, actor, claimed)).project.name;
  const rows = await db.logEntry.findMany({
    where: { ...(project !== null && { projectName: project }), ...(before !== null && { index: { lt: before } }) },
    orderBy: { index: 'desc' },
    take: aPage + 1,
  });
  const last = rows.length > aPage ? rows[aPage - 1] : undefined;
  const note = await readServedCheckpoint();
  return {
    project,
    lines: rows.slice(0, aPage).map(lineOf),
    older: last?.index ?? null,
    end: note && (await endOf(note)),
  };
}

function lineOf({ index, path, sha256, projectName, state, knownAt }: LogEntry): LogLine {
  return {
    ...{ number: index, event: eventOf(path), path, sha256: sha256 as Sha256, project: projectName, state, knownAt },
    version: /\/releases\/([^/]+)\//.exec(path)?.[1] ?? null,
    of: Number(/\/([0-9]+)\.json$/.exec(path)?.[1] ?? Number.NaN) || null,
    fingerprint: /^keys\/([0-9A-F]+)\.asc$/.exec(path)?.[1] ?? null,
  };
}

async function endOf(note: ReadNote): Promise<LogEnd> {
  const { config, db } = runtime();
  const keys = config.witnesses.map(({ key }) => key);
  const cosigned = new Map(findCosigned(note, keys, noteCheck).map(({ name, at }) => [name, at]));
  const rows = new Map((await db.cosignature.findMany()).map((row) => [row.witness, row]));
  const { size } = note.checkpoint;
  return {
    text: renderNote(note.text, note.signatures),
    size,
    witnesses: keys.map(({ name }) => {
      const [at, row] = [cosigned.get(name), rows.get(name)];
      if (at !== undefined) return { name, at: new Date(at * 1000), size };
      return { name, at: row?.at ?? null, size: row?.size ?? null };
    }),
  };
}

/** The number below which a page begins, from an address; null where none is given. Refuses `input.not-a`. */
export function readBefore(claimed: string | string[] | undefined): number | null {
  if (claimed === undefined || claimed === '') return null;
  if (typeof claimed === 'string' && /^[0-9]{1,9}$/.test(claimed)) return Number(claimed);
  throw refuse('input.not-a', { what: 'a number of a log entry', claimed: String(claimed).slice(0, 40) });
}
