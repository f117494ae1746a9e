// `countersign audit [PROJECT…]`: whether an index serves what its log tells, no more and no less: policies, records, lists, pages, and with --files every file. The
// log must continue the one that was seen before; two checkpoints that contradict each other are kept as evidence.
// Exit codes: 0 no difference, 1 differences or a log that does not hold, 2 unusable, 3 could not be compared, 4 the key of the index has to be compared by a person.
import { refuse } from '#lib/core/errors.ts';
import { readIndexName, type IndexName } from '#lib/core/ids.ts';
import { noteCheck } from '#lib/digest/ed25519.ts';
import { readNoteKey, renderNoteKey, type NoteKey } from '#lib/evidence/checkpoint.ts';
import { indexKeyPath } from '#lib/evidence/index-tree.ts';
import { normaliseProjectName } from '#lib/python/names.ts';
import { auditIndex, type Audit } from '#cli/audit/audit.ts';
import { openIndex, usualLimits, type FetchLimits, type IndexReader } from '#cli/index/fetch-index.ts';
import { readLogName } from '#cli/index/log.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import { byPins, type Judging, type TrustOptions } from '#cli/verify/by-pins.ts';
import { requireIndexKey } from '#cli/verify/index-key.ts';
import { withIndex } from '#cli/verify/next-pin.ts';
import type { World } from '#cli/verify/world.ts';
import type { CommandOutcome } from './inspect-distribution.ts';

export type AuditOptions = TrustOptions & {
  projects: readonly string[];
  /** Keys of witnesses who must have cosigned the checkpoint. */
  witness?: readonly string[] | undefined;
  files?: boolean | undefined;
  json?: boolean | undefined;
};

type Audited = Audit & { index: IndexName; withFiles: boolean };

const [hour, gibibyte] = [3_600_000, 1024 ** 3];
/** A log of a million entries is 200 MB, and there is a document behind each. */
const auditLimits: FetchLimits = { ...usualLimits, documents: { bytesMax: 64 * gibibyte, ms: 24 * hour } };

/** Compares and lists. Never throws. A clean audit moves the pin of the log on; differences leave it. */
export async function auditCommand(options: AuditOptions, world: World): Promise<CommandOutcome> {
  try {
    const projects = options.projects.map(normaliseProjectName);
    const witnesses = (options.witness ?? []).map((key) => readNoteKey(key, noteCheck.hash, 'cosignature'));
    const wanted = { projects, witnesses, withFiles: options.files ?? false, now: world.now };
    const audited = await byPins(options, world, (judging) => audit(judging, wanted));
    const exit = audited.differences.length === 0 ? 0 : 1;
    return { exit, out: options.json ? renderJson(audited) : renderText(audited), err: '' };
  } catch (fault) {
    return refusalOutcome(fault, options.json ?? false);
  }
}

type Wanted = Pick<Parameters<typeof auditIndex>[1], 'projects' | 'withFiles' | 'now'> & { witnesses: NoteKey[] };

async function audit({ source, heldFor, pin, commit }: Judging, wanted: Wanted): Promise<Audited> {
  const open = (): IndexReader => openIndex(source.from, auditLimits);
  const name = pin?.index ?? readIndexName((await readLogName(open())).replace(/\/log$/, ''));
  const certificate = await open().read(indexKeyPath);
  if (!certificate) throw refuse('evidence.missing', { what: indexKeyPath });
  const presented = { address: source.from, name, certificate, read: source.read };
  const met = await requireIndexKey(presented, heldFor(null));
  const seen = pin?.log ? Buffer.from(pin.log.checkpoint) : null;
  const done = await auditIndex(open, { ...wanted, index: met.name, indexKey: met.key, seen });
  requireWitnesses(done, wanted.witnesses);
  if (pin && done.differences.length === 0) {
    const { bytes, logKey } = done.log;
    const log = { key: renderNoteKey(logKey, noteCheck.hash), checkpoint: new TextDecoder().decode(bytes) };
    commit(withIndex(pin, { address: source.from, met, log, now: wanted.now }));
  }
  return { ...done, index: met.name, withFiles: wanted.withFiles };
}

function requireWitnesses({ log }: Audit, witnesses: readonly NoteKey[]): void {
  const missing = witnesses.find((key) => !log.cosigned.some(({ name }) => name === key.name));
  if (missing) throw refuse('log.not-witnessed', { witness: missing.name, size: log.note.checkpoint.size });
}

function renderJson({ index, log, projects, documents, differences, withFiles }: Audited): string {
  const { size } = log.note.checkpoint;
  const cosigned = log.cosigned.map(({ name, at }) => ({ name, at: new Date(at * 1000).toISOString() }));
  return `${JSON.stringify({ index, size, cosigned, projects, documents, files: withFiles, differences })}\n`;
}

function renderText({ index, log, projects, documents, differences, withFiles }: Audited): string {
  const { size } = log.note.checkpoint;
  const found = differences.map(({ code, path, says }) => `  ${path}: ${says} [${code}]`);
  const verdict =
    differences.length === 0
      ? `${index} serves what its log tells.`
      : `${index} serves something else than its log tells: ${differences.length} difference${differences.length === 1 ? '' : 's'}.`;
  const lines = [
    verdict,
    ...found,
    `Compared: ${size} entries, ${documents} documents, ${projects.length} project${projects.length === 1 ? '' : 's'}${withFiles ? ', every file' : ' (files by name and digest alone; --files fetches them)'}.`,
    ...log.cosigned.map(({ name, at }) => `Cosigned by ${name} at ${new Date(at * 1000).toISOString()}.`),
  ];
  return `${lines.map(safeForTerminal).join('\n')}\n`;
}
