// Creates a project with the actor as its owner, and policy 1, open for their signature.
import type { ProjectName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';

export type CreateProjectInput = { name: string; threshold: number; /** One of the actor's own active keys. */ key: string };

export async function createProject(actor: Actor, input: CreateProjectInput): Promise<{ project: ProjectName; version: 1 }> {
  throw new Error(`being written ${actor.kind} ${input.name}`);
}
