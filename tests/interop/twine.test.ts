// Real twine, with real gpg, at the upload door (docs/formats/legacy-upload.md): a wheel and an sdist, `--sign`, `.asc` files beside them,
// `--skip-existing`, and what it shows to people when it is refused; real flit, which builds and uploads by itself. uv is not packaged for tests: its form stands in
// tests/web/legacy.test.ts.
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makePersonToken } from '#lib/server/commands/make-person-token.ts';
import { makeProjectToken } from '#lib/server/commands/make-project-token.ts';
import { readConfig } from '#lib/server/config.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { legacyRoute } from '#web/legacy.ts';
import { endAgents, makeRing } from '../support/key-ring.ts';
import { serveRoutes, type RouteServer } from '../support/route-server.ts';
import { makeSdist, makeWheel, makeWorld, signDraft, type World } from '../support/story.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cs-twine-'));
const rings = new Map<string, string>();
let runtime: Runtime;
let team: World;
let server: RouteServer;
let ci: string;
let reader: string;

beforeAll(async () => {
  runtime = await openRuntime(
    readConfig({ DATA_DIR: path.join(folder, 'data'), PUBLIC_URL: 'https://sign.example.org' }),
  );
  team = await makeWorld();
  for (const person of [team.ada, team.bo]) rings.set(person.actor.name, makeRing(folder, person));
  server = await serveRoutes(legacyRoute);
  ci = (await makeProjectToken(team.chi.actor, { project: team.project, name: 'CI', kind: 'upload' })).token;
  const wish = { name: 'laptop', scopes: ['queue'], project: '', days: '30' };
  reader = (await makePersonToken(team.ada.actor, wish)).token;
});
afterAll(async () => {
  await server.stop();
  await runtime.close();
  endAgents(rings.values());
  rmSync(folder, { recursive: true, force: true });
});

let releases = 0;
let version: string;
let wheel: string;
let sdist: string;
beforeEach(() => {
  version = `3.${(releases += 1)}`;
  mkdirSync(path.join(folder, version));
  [wheel, sdist] = [put(makeWheel(team.project, version)), put(makeSdist(team.project, version))];
});

function put({ name, bytes }: { name: string; bytes: Buffer }): string {
  const file = path.join(folder, version, name);
  writeFileSync(file, bytes);
  return file;
}

type Ran = { code: number; out: string };
/** `twine upload`, as somebody with this person's gpg runs it. */
function twine(
  args: string[],
  { token = ci, address = '/legacy/', user = '__token__', by = 'ada' } = {},
): Promise<Ran> {
  const where = ['upload', '--verbose', '--disable-progress-bar', '--repository-url', `${server.base}${address}`];
  const home = { HOME: folder, GNUPGHOME: rings.get(by) ?? '', COLUMNS: '200', NO_COLOR: '1' };
  const env = {
    ...process.env,
    ...home,
    TWINE_USERNAME: user,
    TWINE_PASSWORD: token,
    TWINE_NON_INTERACTIVE: '1',
  };
  return new Promise((resolve) => {
    execFile('twine', [...where, ...args], { env }, (fault, stdout, stderr) =>
      resolve({ code: fault === null ? 0 : Number(fault.code ?? 1), out: `${stdout}${stderr}`.replace(/\s+/g, ' ') }),
    );
  });
}
const draftOf = () =>
  runtime.db.draft.findFirstOrThrow({
    where: { projectName: team.project, version },
    include: { files: { where: { until: null } }, signatures: true },
  });

describe('twine upload', () => {
  it('puts the wheel and the sdist of a version into one draft, and says where it is', async () => {
    const { code, out } = await twine([wheel, sdist]);
    expect([code, out]).toEqual([0, expect.stringContaining('revision 2: 0 of 2 have signed.')]);
    const draft = await draftOf();
    expect(out).toContain(`https://sign.example.org/drafts/${draft.id}`);
    expect(draft).toMatchObject({ state: 'draft', revision: 2, openedBy: 'chi' });
    expect(draft.files.map(({ name }) => name).sort()).toEqual(
      [wheel, sdist].map((file) => path.basename(file)).sort(),
    );
    expect((await twine([wheel, sdist])).code).toBe(0);
    expect(await draftOf()).toMatchObject({ revision: 2 });
  });

  it('with --sign hands in the signature of each file, and two people who do it have signed the release', async () => {
    const first = await twine(['--sign', wheel, sdist], { by: 'ada' });
    expect([first.code, first.out]).toEqual([0, expect.stringContaining('revision 2: 1 of 2 have signed.')]);
    for (const file of [wheel, sdist]) rmSync(`${file}.asc`);
    const second = await twine(['--sign', wheel, sdist], { by: 'bo' });
    expect([second.code, second.out]).toEqual([0, expect.stringContaining('revision 2: 2 of 2 have signed.')]);
    const draft = await draftOf();
    expect(draft).toMatchObject({ state: 'approved', publishedAt: null });
    expect(draft.signatures.map(({ personName }) => personName).sort()).toEqual(['ada', 'ada', 'bo', 'bo']);
  });

  it('takes signatures that stand beside the files, and says which does not count', async () => {
    execFileSync('gpg', ['--batch', '--armor', '--detach-sign', wheel], {
      env: { ...process.env, GNUPGHOME: rings.get('ada') },
    });
    writeFileSync(`${sdist}.asc`, 'no signature');
    const { code, out } = await twine([wheel, `${wheel}.asc`, sdist, `${sdist}.asc`]);
    expect([code, out]).toEqual([0, expect.stringContaining('The signature was not taken: ')]);
    expect((await draftOf()).signatures).toMatchObject([{ personName: 'ada', fileName: path.basename(wheel) }]);
  });

  it('of other bytes under the same name is refused in its own words, and --skip-existing goes on', async () => {
    await twine([wheel]);
    put(makeWheel(team.project, version, 'x = 2\n'));
    const refused = await twine([wheel, sdist]);
    expect(refused.code).not.toBe(0);
    expect(refused.out).toContain('File already exists: ');
    expect((await draftOf()).files).toHaveLength(1);
    const skipped = await twine(['--skip-existing', wheel, sdist]);
    expect([skipped.code, skipped.out]).toEqual([0, expect.stringContaining('because it appears to already exist')]);
    expect((await draftOf()).files).toHaveLength(2);
  });

  it.each([
    ['a token that is none', { token: 'cst_wrong' }, '401', 'This token is not known here'],
    ['a password of a person', { user: 'ada' }, '401', 'user name "__token__"'],
    [
      'a token for something else',
      {
        get token() {
          return reader;
        },
      },
      '403',
      'This token was made for queue',
    ],
  ])('with %s ends with a sentence, and nothing is changed', async (_, who, status, says) => {
    const { code, out } = await twine([wheel], who);
    expect(code).not.toBe(0);
    expect(out).toContain(status);
    expect(out).toContain(says);
    expect(await runtime.db.draft.count({ where: { version } })).toBe(0);
  });

  it('to the address without its slash is no redirect', async () => {
    expect(await twine([wheel], { address: '/legacy' })).toMatchObject({ code: 0 });
  });

  it('into a draft that two have signed says that it takes no more', async () => {
    await twine([wheel]);
    for (const person of [team.ada, team.bo]) await signDraft(person, (await draftOf()).id);
    const { code, out } = await twine([sdist]);
    expect([code === 0, out]).toEqual([false, expect.stringContaining('The draft is approved')]);
  });
});

describe('flit publish', () => {
  const flit = (password: string): Promise<Ran> => {
    const where = { FLIT_INDEX_URL: `${server.base}/legacy/`, FLIT_USERNAME: '__token__', FLIT_PASSWORD: password };
    const env = { ...process.env, ...where, HOME: folder, SOURCE_DATE_EPOCH: '1800000000' };
    return new Promise((resolve) => {
      execFile('flit', ['publish'], { env, cwd: path.join(folder, version) }, (fault, stdout, stderr) =>
        resolve({ code: fault === null ? 0 : Number(fault.code ?? 1), out: `${stdout}${stderr}` }),
      );
    });
  };

  it('puts what it builds into one draft, the same once more changes nothing, and a wrong token is said', async () => {
    const project = [`name = "${team.project}"`, `version = "${version}"`, 'description = "A summary"'];
    const requires = ['requires-python = ">=3.9"', '[build-system]', 'requires = ["flit_core"]'];
    const toml = ['[project]', ...project, ...requires, 'build-backend = "flit_core.buildapi"', ''].join('\n');
    writeFileSync(path.join(folder, version, 'pyproject.toml'), toml);
    writeFileSync(path.join(folder, version, `${team.project}.py`), '"Rises."\n');
    const refused = await flit('cst_wrong');
    expect([refused.code === 0, refused.out]).toEqual([false, expect.stringContaining('This token is not known here')]);
    for (let times = 0; times < 2; times += 1) expect(await flit(ci)).toMatchObject({ code: 0 });
    const draft = await draftOf();
    expect(draft.revision).toBe(2);
    expect(draft.files.map(({ name }) => name).sort()).toEqual(
      [`${team.project}-${version}-py3-none-any.whl`, `${team.project}-${version}.tar.gz`].sort(),
    );
  });
});
