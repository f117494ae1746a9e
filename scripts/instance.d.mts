// What TypeScript may know of instance.mjs.
import type { ChildProcess, StdioOptions } from 'node:child_process';

export type Running = { child: ChildProcess; ended: Promise<number>; end(graceMs?: number): Promise<number> };

export type Instance = {
  address: string;
  publicUrl: string;
  dataFolder: string;
  fingerprint: string;
  mailboxPath: string | null;
  operatorPath: string | null;
  web: Running;
  countersigner: Running | null;
  jobs: Running | null;
  startCountersigner(): Running;
  stopCountersigner(): Promise<number | undefined>;
  end(): Promise<number>;
};

export function freePort(wanted?: number): Promise<number>;
export function startInstance(options: {
  dataFolder: string;
  port: number;
  env?: Record<string, string>;
  stdio?: StdioOptions;
  dev?: boolean;
  countersigner?: boolean;
}): Promise<Instance>;
