// Withdraws an open policy change; its number is free again.
import type { ProjectName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';

export async function withdrawPolicy(actor: Actor, input: { project: string; version: number }): Promise<{ project: ProjectName }> {
  throw new Error(`being written ${actor.kind} ${input.project}`);
}
