// Makes a token by which a program acts in the name of the reader, and answers it: the one time that it is shown. It does what was chosen, in one
// project or in all of theirs: ask what needs a signature, hand in signatures and decline, open drafts and add files. It never becomes a session.
import { randomUUID } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import type { AccountName, ProjectName } from '#lib/core/ids.ts';
import { requireFresh, type Actor } from '#lib/core/people.ts';
import { change, type Change } from '#lib/server/change.ts';
import { after } from '#lib/server/clock.ts';
import { lockRow } from '#lib/server/db/lock.ts';
import { requireRight } from '#lib/server/judge/project-role.ts';
import { tellPeople } from '#lib/server/judge/tell-people.ts';
import { newPersonToken, readTokenName, scopesIn } from '#lib/server/judge/token.ts';
import { limits } from '#lib/server/limits.ts';
import { tokenMadeLetter } from '#lib/server/mail/letters/token-made.ts';
import { runtime } from '#lib/server/runtime.ts';
import { hashToken } from '#lib/server/secrets.ts';

/** All hostile. `project`: '' for all of theirs. `days`: one of `personTokenDays`. */
export type MakePersonTokenInput = { name: string; scopes: readonly string[]; project: string; days: string };

/** For how long a token can be made. */
export const personTokenDays = [7, 30, 90, 365] as const;
const dayMs = 86_400_000;

/** @throws `person.…`, `project.not-found`, `session.not-fresh`, `input.missing`, `input.not-a`, `token.no-scope`, `token.too-many` */
export async function makePersonToken(actor: Actor, input: MakePersonTokenInput): Promise<{ token: string }> {
  const person = requireFresh(actor, runtime().clock.now().getTime());
  return change(actor, 'web', async (work) => {
    const { tx, now, record } = work;
    await lockRow(tx, 'Person', person);
    const name = readTokenName(input.name);
    const held = scopesIn(input.scopes);
    if (held.length === 0) throw refuse('token.no-scope', {});
    const project = await readProject(work, input.project);
    const expiresAt = after(now, readDays(input.days) * dayMs);
    await requirePlace(work, person);
    const [id, token] = [randomUUID(), newPersonToken()];
    const row = { id, personName: person, projectName: project, name, scopes: held, tokenHash: hashToken(token) };
    await tx.personToken.create({ data: { ...row, createdAt: now, expiresAt } });
    const details = { token: id, name, scopes: held, ...(project && { of: project }) };
    await record('person-token.made', { person, details });
    const made = { person, name, scopes: held, project, expiresAt };
    await tellPeople(work, [person], () => tokenMadeLetter({ ...made, of: 'person', reader: person, at: now }));
    return { token };
  });
}

/** A project that the person is in; null: all. */
async function readProject({ tx, actor }: Change, claimed: string): Promise<ProjectName | null> {
  if (claimed === '') return null;
  return (await requireRight(tx, actor, 'project.see-drafts', claimed)).project.name;
}

function readDays(claimed: string): number {
  const days = personTokenDays.find((one) => String(one) === claimed);
  if (days === undefined) throw refuse('input.not-a', { what: 'a time for a token', claimed: claimed.slice(0, 80) });
  return days;
}

async function requirePlace({ tx, now }: Change, personName: AccountName): Promise<void> {
  const most = limits.personTokensMax;
  const live = { personName, revokedAt: null, expiresAt: { gt: now } };
  if ((await tx.personToken.count({ where: live })) >= most)
    throw refuse('token.too-many', { most, whose: 'An account has' });
}
