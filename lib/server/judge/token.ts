// Tokens that programs show instead of a session: a person's, or one of a project. A token is worth what its scopes say and no more than whoever
// made it; it is asked of rows at every use, so that a revoked one is dead at once, also in the middle of an upload. Hostile input; only hashes
// are kept and compared. That one was used is noted to the hour: for the person who looks at the list, and for nothing else.
import { refuse } from '#lib/core/errors.ts';
import { readAccountName, readProjectName } from '#lib/core/ids.ts';
import type { Actor, Scope } from '#lib/core/people.ts';
import type { PersonToken, ProjectToken } from '#lib/server/db/generated/client.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { plainText } from '#lib/server/history/details.ts';
import { inStep } from '#lib/server/in-rounds.ts';
import { runtime } from '#lib/server/runtime.ts';
import { hashToken, makeToken } from '#lib/server/secrets.ts';

export type TokenActor = Actor & { kind: 'token' };

/** What a token of a project may be made for, and the scopes that it then has. CI that opens a draft waits for it too. */
export const projectScopes = { status: ['status'], upload: ['status', 'upload'] } as const satisfies Record<
  string,
  readonly Scope[]
>;
export type ProjectTokenKind = keyof typeof projectScopes;

/** What a token of a person may be made for. */
export const personScopes = [
  'queue',
  'read',
  'sign',
  'upload',
  'manage',
  'account',
] as const satisfies readonly Scope[];
export type PersonScope = (typeof personScopes)[number];

// With a word in front by which scanners of leaked secrets know it, and the reader its table.
export const newProjectToken = (): string => `cst_${makeToken()}`;
export const newPersonToken = (): string => `csp_${makeToken()}`;

const unusable = () => refuse('token.unusable', {});

/** Whose token this is. Refuses `token.unusable` for every one that is not good now, without saying why. */
export async function readTokenActor(claimed: string): Promise<TokenActor> {
  const tokenHash = hashToken(claimed);
  const find = claimed.startsWith('csp_') ? findPersonToken : findProjectToken;
  const found = await inStep(() => find(tokenHash));
  if (found === null || tokenState(found.row, runtime().clock.now()) !== 'live') throw unusable();
  await noteUse(found);
  return found.actor;
}

type Found = { actor: TokenActor; row: Row & Pick<PersonToken | ProjectToken, 'lastUsedAt'> };

async function findPersonToken(tokenHash: string): Promise<Found | null> {
  const row = await runtime().db.personToken.findUnique({ where: { tokenHash } });
  if (row === null) return null;
  const project = row.projectName === null ? null : readProjectName(row.projectName);
  const held = scopesIn(row.scopes);
  const actor: TokenActor = {
    ...{ kind: 'token', id: row.id, of: 'person', name: readAccountName(row.personName), label: row.name },
    ...{ scopes: held, project },
  };
  return { actor, row };
}

async function findProjectToken(tokenHash: string): Promise<Found | null> {
  const row = await runtime().db.projectToken.findUnique({ where: { tokenHash } });
  if (row === null || !Object.hasOwn(projectScopes, row.kind)) return null;
  const actor: TokenActor = {
    ...{ kind: 'token', id: row.id, of: 'project', name: readAccountName(row.madeBy), label: row.name },
    ...{ scopes: projectScopes[row.kind as ProjectTokenKind], project: readProjectName(row.projectName) },
  };
  return { actor, row };
}

/** The scopes of a row, in core's order; what a later version added grants nothing here. */
export const scopesIn = (row: unknown): PersonScope[] =>
  Array.isArray(row) ? personScopes.filter((scope) => row.includes(scope)) : [];

const nameCharactersMost = 60;

/** What a token is for, as its maker calls it: one plain line. Hostile. Refuses `input.missing`, `input.not-a`. */
export function readTokenName(claimed: string): string {
  const name = plainText(claimed).trim();
  if (name === '') throw refuse('input.missing', { field: 'what the token is for' });
  if (name.length <= nameCharactersMost) return name;
  const what = `a name of at most ${nameCharactersMost} characters`;
  throw refuse('input.not-a', { what, claimed: name.slice(0, 80) });
}

type Row = Pick<PersonToken | ProjectToken, 'revokedAt' | 'expiresAt'>;

/** How the lists call a token. */
export type TokenState = 'live' | 'expired' | 'revoked';

export function tokenState({ revokedAt, expiresAt }: Row, now: Date): TokenState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt <= now ? 'expired' : 'live';
}

/** Refuses `token.unusable` for one that was revoked or has expired since it was read. */
export async function requireLiveToken(tx: Transaction, { id, of }: TokenActor): Promise<void> {
  const row =
    of === 'person'
      ? await tx.personToken.findUnique({ where: { id } })
      : await tx.projectToken.findUnique({ where: { id } });
  if (row === null || tokenState(row, runtime().clock.now()) !== 'live') throw unusable();
}

const hourMs = 3_600_000;

/** Once an hour; the condition is asked again by the write, since others show the same token. */
async function noteUse({ actor: { id, of }, row }: Found): Promise<void> {
  const { db, clock } = runtime();
  const hour = new Date(Math.floor(clock.now().getTime() / hourMs) * hourMs);
  if (row.lastUsedAt !== null && row.lastUsedAt >= hour) return;
  const where = { id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: hour } }] };
  const data = { lastUsedAt: hour };
  if (of === 'person') await db.personToken.updateMany({ where, data });
  else await db.projectToken.updateMany({ where, data });
}
