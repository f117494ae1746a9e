// A refusal, or a mistake of ours, as a command ends with it (docs/formats/exit-codes.md): one sentence on standard error, or with --json an object on
// standard output. Never a stack trace.
import { exitCode, isRefusal } from '#lib/core/errors.ts';
import type { CommandOutcome } from './commands/inspect-distribution.ts';
import { safeForTerminal } from './terminal.ts';

const ours = {
  code: 'internal',
  kind: 'internal',
  message: 'Something went wrong inside this program; nothing was accepted.',
} as const;

/** Never throws. */
export function refusalOutcome(fault: unknown, json: boolean): CommandOutcome {
  const { code, kind, message } = isRefusal(fault) ? fault : ours;
  const exit = exitCode[kind];
  if (json) return { exit, out: `${safeForTerminal(JSON.stringify({ refusal: { code, kind, message } }))}\n`, err: '' };
  return { exit, out: '', err: `${safeForTerminal(`${message} (${code})`)}\n` };
}
