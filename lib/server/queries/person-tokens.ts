// The reader's own tokens, and what one can be made for. No token is shown: only hashes are stored.
import { readProjectName, type ProjectName } from '#lib/core/ids.ts';
import { isFresh, requireOwn, type Actor } from '#lib/core/people.ts';
import { scopesIn, tokenState, type PersonScope, type TokenState } from '#lib/server/judge/token.ts';
import { runtime } from '#lib/server/runtime.ts';

export type PersonTokenRow = {
  id: string;
  name: string;
  scopes: PersonScope[];
  /** null: in all projects of the reader. */
  project: ProjectName | null;
  createdAt: Date;
  expiresAt: Date;
  /** To the hour; null: not yet. */
  lastUsedAt: Date | null;
  state: TokenState;
};

export type PersonTokensPage = {
  tokens: PersonTokenRow[];
  /** In which a token can be made to act alone. */
  projects: ProjectName[];
  isFresh: boolean;
};

/** Refuses `person.sign-in-first`. */
export async function personTokensPage(actor: Actor): Promise<PersonTokensPage> {
  const personName = requireOwn(actor, 'account');
  const { db, clock } = runtime();
  const now = clock.now();
  const rows = await db.personToken.findMany({
    where: { personName },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  });
  const memberships = await db.membership.findMany({ where: { personName }, orderBy: { projectName: 'asc' } });
  return {
    tokens: rows.map((row) => ({
      ...{ id: row.id, name: row.name, scopes: scopesIn(row.scopes), createdAt: row.createdAt },
      ...{ expiresAt: row.expiresAt, lastUsedAt: row.lastUsedAt, state: tokenState(row, now) },
      project: row.projectName === null ? null : readProjectName(row.projectName),
    })),
    projects: memberships.map(({ projectName }) => readProjectName(projectName)),
    isFresh: isFresh(actor, now.getTime()),
  };
}
