// `countersign inspect-distribution FILE`: what the index would say about a wheel or sdist, offline, before anything is uploaded.
// The file and its name are hostile; their text is spelled out before it reaches a terminal. Exit codes: 0 accepted, 1 refused
// with the reason, 2 no usable input. The rules are those of lib/python and nothing else.
import { basename } from 'node:path';
import { isRefusal, type Refusal } from '#lib/core/errors.ts';
import { inspectDistribution } from '#lib/python/inspect-distribution.ts';
import type { Inspection } from '#lib/python/inspection.ts';
import { withFile } from '#cli/file-source.ts';
import { safeForTerminal } from '#cli/terminal.ts';

/** `as`: treat the file as if it were uploaded under this name. */
export type InspectOptions = { readonly as?: string | undefined; readonly json?: boolean | undefined };
export type CommandOutcome = { readonly exit: number; readonly out: string; readonly err: string };

/** Looks into the file at `path`. Never throws: whatever goes wrong becomes an exit code and a sentence. */
export async function inspectDistributionCommand(path: string, options: InspectOptions = {}): Promise<CommandOutcome> {
  const name = options.as ?? basename(path);
  try {
    const inspection = await withFile(path, (source) => inspectDistribution({ name, source }));
    if (inspection === null) return unusable(`${path} is not a regular file.`);
    return { exit: 0, out: options.json ? renderJson(inspection, null) : renderAccepted(inspection), err: '' };
  } catch (fault) {
    if (!isRefusal(fault)) return unusable(whyUnreadable(path, fault));
    if (options.json) return { exit: 1, out: renderJson(null, fault), err: '' };
    return {
      exit: 1,
      out: '',
      err: `${safeForTerminal(`${name}: refused`)}\n${safeForTerminal(`${fault.message} (${fault.code})`)}\n`,
    };
  }
}

function unusable(sentence: string): CommandOutcome {
  return { exit: 2, out: '', err: `${safeForTerminal(sentence)}\n` };
}

function whyUnreadable(path: string, fault: unknown): string {
  const code = typeof fault === 'object' && fault !== null && 'code' in fault ? String(fault.code) : '';
  if (code === 'ENOENT') return `There is no file ${path}.`;
  if (code === 'EACCES' || code === 'EPERM') return `${path} may not be read.`;
  return `${path} cannot be read${code === '' ? '' : ` (${code})`}.`;
}

function renderAccepted(inspection: Inspection): string {
  const lines = [
    `${inspection.fileName}: accepted`,
    `  kind             ${inspection.kind}`,
    `  project          ${inspection.project}`,
    `  version          ${inspection.version}`,
    `  requires python  ${inspection.requiresPython ?? 'not stated'}`,
    ...(inspection.tags.length > 0 ? [`  tags             ${inspection.tags.join(', ')}`] : []),
    ...inspection.findings.map(({ severity, say, where }) => `  ${severity}: ${say} [${where}]`),
  ];
  return `${lines.map(safeForTerminal).join('\n')}\n`;
}

const nothingEstablished = { kind: null, project: null, version: null, requiresPython: null, findings: [] };

// JSON escapes control characters by itself but not bidirectional ones, and people print JSON to terminals too.
function renderJson(inspection: Inspection | null, refusal: Refusal | null): string {
  const { kind, project, version, requiresPython, findings } = inspection ?? nothingEstablished;
  const answer = {
    accepted: inspection !== null,
    ...{ kind, project, version, requiresPython },
    refusal: refusal === null ? null : { code: refusal.code, message: refusal.message },
    findings,
  };
  const text = JSON.stringify(answer, null, 2);
  return `${text.replace(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu, escapeInJson)}\n`;
}

function escapeInJson(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
