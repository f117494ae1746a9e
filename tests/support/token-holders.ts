// Where tests of the doors for programs begin: a team with a project, somebody with another one, a person who is signed in by cookie, the doors over real
// HTTP, and makers of tokens: of people and of the project. Each test says itself who holds which.
import { makePersonToken } from '#lib/server/commands/make-person-token.ts';
import { makeProjectToken } from '#lib/server/commands/make-project-token.ts';
import { openSession, serveRoutes, type Route, type RouteServer } from './route-server.ts';
import { openTestRuntime, type TestRuntime } from './runtime.ts';
import { makePerson, makeProject, makeWorld, type TestPerson, type World } from './story.ts';

export type TokenHolders = {
  runtime: TestRuntime;
  team: World;
  /** Nobody in the team's project. */
  eve: TestPerson;
  server: RouteServer;
  own(person: TestPerson, ...scopes: string[]): Promise<string>;
  ofProject(kind: string): Promise<string>;
  close(): Promise<void>;
};

/** Ada's session cookie says `ada`. */
export async function openTokenHolders(...routes: readonly Route[]): Promise<TokenHolders> {
  const runtime = await openTestRuntime();
  const team = await makeWorld();
  const eve = await makePerson('eve');
  await makeProject(eve, 'elsewhere');
  await openSession('ada', 'ada');
  const server = await serveRoutes(...routes);
  return {
    ...{ runtime, team, eve, server },
    own: async (person, ...scopes) =>
      (await makePersonToken(person.actor, { name: 'laptop', scopes, project: '', days: '30' })).token,
    ofProject: async (kind) =>
      (await makeProjectToken(team.bo.actor, { project: team.project, name: 'CI', kind })).token,
    close: async () => {
      await server.stop();
      await runtime.close();
    },
  };
}
