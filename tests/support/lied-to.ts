// A client and the index that lies to it: the client has met the honest index and keeps its pins, then the index is exchanged for one that lies, and the client
// looks again. What a refusal must leave alone is compared byte for byte.
import { cpSync, rmSync } from 'node:fs';
import { vi } from 'vitest';
import { trustCommand } from '#cli/commands/trust.ts';
import { verifyCommand, type VerifyOptions } from '#cli/commands/verify.ts';
import type { CommandOutcome } from '#cli/commands/inspect-distribution.ts';
import { answering, openClient, type Client } from './client.ts';
import { openHostileIndex, type HostileIndex } from './hostile-index.ts';
import { minute, noon, type Scene } from './scene.ts';
import { servedTree } from './served-tree.ts';

export type Said = { exit: number; code: string | null; message: string };

export type LiedTo = {
  scene: Scene;
  index: HostileIndex;
  client: Client;
  /** The clock of client and TUF library alike. */
  at(now: number): void;
  verify(what?: string, options?: Partial<VerifyOptions>, person?: boolean): Promise<Said>;
  /** `countersign trust` of a project: its people are looked at, and no release. */
  trust(project: string): Promise<Said>;
  /** Serves this instead, whole. */
  serve(scene: Scene): Promise<void>;
  /** Everything that the client keeps. */
  picture(): Record<string, string>;
  /** From now on the client of every case is the one of this moment. */
  remember(): void;
  /** The client has met nobody. */
  forgetAll(): void;
  /** The honest index, and the client as it was remembered. */
  again(): Promise<void>;
  close(): Promise<void>;
};

/** When the client first looks. */
export const firstLook = noon + 10 * minute;

/** Nobody has met anybody yet. */
export async function openLiedTo(scene: Scene): Promise<LiedTo> {
  vi.useFakeTimers({ toFake: ['Date'], now: firstLook });
  const index = await openHostileIndex(await servedTree(scene));
  const client = openClient(firstLook);
  const kept = `${client.folder}.kept`;
  const held: LiedTo = {
    ...{ scene, index, client },
    at: (now) => {
      client.now = now;
      vi.setSystemTime(now);
    },
    verify: async (what = 'demo==1.0', options = {}, person) => {
      const world = { ...client, ask: person === undefined ? null : answering(person).ask };
      return said(await verifyCommand({ what: [what], index: index.base, json: true, ...options }, world));
    },
    trust: async (project) =>
      said(await trustCommand({ index: index.base, projects: [project], json: true }, { ...client, ask: null })),
    serve: async (other) => index.restore(await servedTree(other)),
    picture: () => client.picture(),
    remember: () => cpSync(client.folder, kept, { recursive: true }),
    forgetAll: () => rmSync(client.home.state, { recursive: true, force: true }),
    again: async () => {
      rmSync(client.folder, { recursive: true });
      cpSync(kept, client.folder, { recursive: true });
      client.told.length = 0;
      held.at(firstLook + minute);
      await held.serve(scene);
    },
    close: async () => {
      vi.useRealTimers();
      rmSync(kept, { recursive: true, force: true });
      client.close();
      await index.stop();
      scene.close();
    },
  };
  return held;
}

/** Exit code and refusal of an outcome in JSON. */
export function said({ exit, out }: CommandOutcome): Said {
  const { refusal } = JSON.parse(out.split('\n')[0] ?? '') as { refusal?: { code: string; message: string } };
  return { exit, code: refusal?.code ?? null, message: refusal?.message ?? '' };
}
