// What TypeScript may know of processes.mjs.
import type { StdioOptions } from 'node:child_process';
import type { Running } from './instance.mjs';

export const root: string;
export function start(
  command: readonly string[],
  options?: { env?: Record<string, string>; stdio?: StdioOptions; cwd?: string },
): Running;
