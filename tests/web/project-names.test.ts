// One address a project, over real HTTP: each spelling of its name is led to the normalised one (PEP 503), for pages, downloads and the simple
// index alike, and nothing but reading is led on.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readIndexAddress } from '#web/index-address.ts';
import { projectNameRoute } from '#web/project-names.ts';
import { serveRoutes, type RouteServer } from '../support/route-server.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';

let runtime: TestRuntime;
let server: RouteServer;
beforeAll(async () => {
  runtime = await openTestRuntime();
  server = await serveRoutes(projectNameRoute);
});
afterAll(async () => {
  await server.stop();
  await runtime.close();
});

const ask = async (path: string, method = 'GET') => {
  const answer = await fetch(server.base + path, { method, redirect: 'manual' });
  return [answer.status, answer.headers.get('location')];
};

const spellings = ['Foo-Bar', 'foo_bar', 'foo.bar', 'FOO--BAR', 'foo-_.bar'];

describe('every spelling of a project', () => {
  test.each(spellings)('%s leads to the one page', async (spelled) => {
    expect(await ask(`/projects/${spelled}`)).toEqual([301, '/projects/foo-bar']);
    expect(await ask(`/projects/${spelled}`, 'HEAD')).toEqual([301, '/projects/foo-bar']);
  });

  test.each(spellings)('%s leads to the one page of the simple index', (spelled) => {
    expect(readIndexAddress(`/simple/${spelled}/`)).toEqual({ kind: 'redirect', location: '/simple/foo-bar/' });
  });

  test.each(['/people', '/policy/2', '/keyring.asc', '/declare/yank/1.0', '/history?before=3', '?x=/../y'])(
    'keeps what follows: %s',
    async (rest) => {
      expect(await ask(`/projects/Foo_Bar${rest}`)).toEqual([301, `/projects/foo-bar${rest}`]);
    },
  );
});

describe('is left alone:', () => {
  test.each([
    '/projects/foo-bar',
    '/projects/new',
    '/projects/',
    '/projects',
    '/projects/-x',
    '/projects/x%2F..%2Fy',
    '/projects/..%2f..%2fevil.example',
    '/projects//evil.example/x',
    '/other/Foo_Bar',
  ])('%s', async (path) => {
    expect((await ask(path))[0]).toBe(299);
  });

  test('a post, which is decided where it goes', async () => {
    expect(await ask('/projects/Foo_Bar/drafts', 'POST')).toEqual([299, null]);
  });
});
