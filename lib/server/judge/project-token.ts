// A token that a program shows instead of a session. It is worth what its kind says and no more than whoever made it: once they are not of
// the project any more, neither is their token. Hostile input; only hashes are compared.
import { refuse } from '#lib/core/errors.ts';
import { readAccountName, readProjectName, type ProjectName } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import type { Transaction } from '#lib/server/db/transaction.ts';
import { runtime } from '#lib/server/runtime.ts';
import { hashToken, makeToken } from '#lib/server/secrets.ts';
import { seesDrafts, standingIn } from './project-role.ts';

/** With a word in front by which scanners of leaked secrets know it. */
export const makeProjectToken = (): string => `cst_${makeToken()}`;

/** In whose name the holder reads, and of which project alone. `freshUntil` is missing: it opens no sensitive act. */
export type TokenReader = { actor: Actor; project: ProjectName };

/** Refuses `token.unusable` for every token that is not good now, without saying why. */
export async function readTokenOf(tx: Transaction, token: string, kind: 'status'): Promise<TokenReader> {
  const unusable = () => refuse('token.unusable', {});
  const row = await tx.projectToken.findUnique({ where: { tokenHash: hashToken(token) } });
  if (row === null || row.kind !== kind || row.revokedAt !== null || row.expiresAt <= runtime().clock.now())
    throw unusable();
  const actor: Actor = { kind: 'person', name: readAccountName(row.madeBy) };
  const { role } = await standingIn(tx, actor, row.projectName);
  if (!seesDrafts(role)) throw unusable();
  return { actor, project: readProjectName(row.projectName) };
}
