// A refusal, or a mistake of ours, as a command ends with it (docs/formats/exit-codes.md): one sentence on standard error, or with --json an object on
// standard output. Never a stack trace.
import { exitCode, isRefusal } from '#lib/core/errors.ts';
import type { CommandOutcome } from './commands/inspect-distribution.ts';
import { InputFault } from './read-input.ts';
import { safeForTerminal } from './terminal.ts';

const ours = {
  code: 'internal',
  kind: 'internal',
  message: 'Something went wrong inside this program; nothing was accepted.',
} as const;

/** Never throws. What a person would have been shown is shown here too, so that they can compare it and call again. */
export function refusalOutcome(fault: unknown, json: boolean): CommandOutcome {
  const { code, kind, message } = isRefusal(fault) ? fault : asRefusal(fault);
  const exit = exitCode[kind];
  const shows = showsOf(fault);
  const refusal = { code, kind, message, ...(shows.length > 0 && { shows }) };
  if (json) return { exit, out: `${safeForTerminal(JSON.stringify({ refusal }))}\n`, err: '' };
  return { exit, out: '', err: `${[...shows, `${message} (${code})`].map(safeForTerminal).join('\n')}\n` };
}

const asRefusal = (fault: unknown) =>
  fault instanceof InputFault ? { code: 'input.unusable', kind: 'invalid' as const, message: fault.message } : ours;

function showsOf(fault: unknown): readonly string[] {
  if (!isRefusal(fault) || !('shows' in fault.details)) return [];
  return fault.details.shows;
}
