// A client with folders of its own, at a clock of its own. tuf-js takes the time from the machine, so whoever uses this fakes Date as well.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import { verifyCommand, type VerifyOptions } from '#cli/commands/verify.ts';
import type { Ask, Question } from '#cli/trust/ask.ts';
import { readHome } from '#cli/trust/home.ts';
import type { World } from '#cli/verify/world.ts';
import { pictureOf } from './pins.ts';

export type Client = World & {
  folder: string;
  /** Everything that is kept, to compare with a later picture. */
  picture(): Record<string, string>;
  told: string[];
  close(): void;
};

export function openClient(now: number): Client {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-client-'));
  const home = readHome({ COUNTERSIGN_HOME: folder });
  const told: string[] = [];
  return {
    ...{ now, home, folder, told, ask: null },
    tell: (line) => void told.push(line),
    picture: () => pictureOf(path.join(home.state, 'indexes')),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A person at the terminal who answers always the same, and what they were asked. */
export function answering(yes: boolean): { ask: Ask; asked: Question[] } {
  const asked: Question[] = [];
  return {
    asked,
    ask: (question) => {
      asked.push(question);
      return Promise.resolve(yes);
    },
  };
}

/** `countersign verify` by somebody who meets the index for the first time and says yes to everything that they are shown. */
export async function verifyOnce(options: VerifyOptions, now: number) {
  const client = openClient(now);
  vi.useFakeTimers({ toFake: ['Date'], now });
  try {
    return await verifyCommand(options, { ...client, ask: answering(true).ask });
  } finally {
    vi.useRealTimers();
    client.close();
  }
}
