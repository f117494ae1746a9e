// Uploading and signing from the command line: real gpg and sq, real files, the real doors of the web program over HTTP. The index is honest here but for
// a word that the test puts in front of its answers, to see that nothing is signed then.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makePersonToken } from '#lib/server/commands/make-person-token.ts';
import { makeProjectToken } from '#lib/server/commands/make-project-token.ts';
import { revokeProjectToken } from '#lib/server/commands/revoke-project-token.ts';
import { readConfig } from '#lib/server/config.ts';
import { openRuntime } from '#lib/server/open-runtime.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { apiRoute } from '#web/api.ts';
import { declineCommand } from '../../cli/commands/decline.ts';
import { queueCommand } from '../../cli/commands/queue.ts';
import { signCommand, type SignOptions } from '../../cli/commands/sign.ts';
import { tokenCommand } from '../../cli/commands/token.ts';
import { uploadCommand, type UploadOptions } from '../../cli/commands/upload.ts';
import type { SignTools } from '../../cli/sign/open-session.ts';
import { readHome } from '../../cli/trust/home.ts';
import { endAgents, makeRing } from '../support/key-ring.ts';
import { serveRoutes, type RouteServer } from '../support/route-server.ts';
import { makeSdist, makeWheel, makeWorld, type TestPerson, type World } from '../support/story.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cs-line-'));
const rings = new Map<string, string>();
let runtime: Runtime;
let team: World;
let server: RouteServer;
const tokens: Record<string, string> = {};
/** Put in front of an answer of the index, by its address: a lie. */
let lie: ((address: string, res: ServerResponse) => boolean) | null = null;
/** What was posted, as it left. */
let sent: { address: string; body: unknown }[] = [];

beforeAll(async () => {
  runtime = await openRuntime(
    readConfig({ DATA_DIR: path.join(folder, 'data'), PUBLIC_URL: 'https://sign.example.org' }),
  );
  team = await makeWorld();
  for (const person of [team.ada, team.bo, team.chi]) rings.set(person.actor.name, makeRing(folder, person));
  server = await serveRoutes((req, res) => {
    const address = req.url ?? '';
    return lie?.(address, res) === true || apiRoute(req, res);
  });
  const own = async (person: TestPerson, ...scopes: string[]) =>
    (await makePersonToken(person.actor, { name: 'laptop', scopes, project: '', days: '30' })).token;
  tokens['ada'] = await own(team.ada, 'queue', 'sign');
  tokens['bo'] = await own(team.bo, 'queue', 'sign', 'upload');
  const real = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (address, init) => {
    if (init?.method === 'POST') sent.push({ address: String(address), body: init.body });
    return real(address, init);
  });
  tokens['ci'] = (await makeProjectToken(team.chi.actor, { project: team.project, name: 'CI', kind: 'upload' })).token;
});
afterAll(async () => {
  vi.restoreAllMocks();
  await server.stop();
  await runtime.close();
  endAgents(rings.values());
  rmSync(folder, { recursive: true, force: true });
});

let releases = 0;
let version: string;
let dist: string;
let files: string[];
let asked: string[][];
beforeEach(() => {
  [lie, sent, asked] = [null, [], []];
  version = `8.${(releases += 1)}`;
  dist = path.join(folder, version);
  mkdirSync(dist);
  files = [makeWheel(team.project, version), makeSdist(team.project, version)].map(({ name, bytes }) => {
    writeFileSync(path.join(dist, name), bytes);
    return path.join(dist, name);
  });
});

const home = readHome({ COUNTERSIGN_HOME: path.join(folder, 'home') });
const tools = (name: string, answer: boolean | null = true): SignTools => ({
  ...{ home, token: tokens[name] },
  ask: answer === null ? null : async ({ shows }) => Boolean(asked.push([...shows])) && answer,
  tell: () => undefined,
});
/** As whoever sits at a machine with this person's GnuPG. */
async function as<T>(name: string, work: () => Promise<T>): Promise<T> {
  const before = process.env['GNUPGHOME'];
  process.env['GNUPGHOME'] = rings.get(name) ?? '';
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env['GNUPGHOME'];
    else process.env['GNUPGHOME'] = before;
  }
}
const upload = (more: Partial<UploadOptions> = {}, by = 'ci') =>
  as(by, () => uploadCommand(files, { index: server.base, ...more }, tools(by)));
const sign = (by: string, more: Partial<SignOptions> = {}, answer: boolean | null = true) =>
  as(by, () => signCommand(`${team.project}==${version}`, { index: server.base, ...more }, tools(by, answer)));
const queue = (by: string, json = false) => queueCommand({ index: server.base, json }, tools(by));
const draftOf = () => runtime.db.draft.findFirstOrThrow({ where: { projectName: team.project, version } });
const signatures = async () => runtime.db.signature.findMany({ where: { draftId: (await draftOf()).id } });
const codeOf = ({ out }: { out: string }): string => (JSON.parse(out) as { refusal: { code: string } }).refusal.code;

describe('a release from the command line', () => {
  it('is opened by CI with a token that cannot sign, and signed by two people with their own gpg', async () => {
    const opened = await upload();
    const { id } = await draftOf();
    expect(opened).toMatchObject({ exit: 0, err: '' });
    expect(opened.out).toMatch(
      new RegExp(
        `^Opened the draft of sunrise ${version}, revision 1.\n  page       https://sign.example.org/drafts/${id}\n`,
      ),
    );
    expect(await sign('ci', { json: true })).toMatchObject({ exit: 2 });

    expect((await queue('ada')).out).toContain(`${id}  sunrise ${version}, revision 1, opened by chi, until `);
    const first = await sign('ada');
    expect(first).toMatchObject({ exit: 0, err: '' });
    expect(first.out).toBe(`Signed by ada, over revision 1.\nsunrise ${version}: 1 of 2, bo or chi can complete it\n`);
    const shown = asked.flat().join('\n');
    for (const file of files) {
      const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
      expect(shown).toContain(`${digest}  ${path.basename(file)}  (${statSync(file).size} bytes)`);
    }
    expect(shown).toContain('for the index sign.example.org');
    expect((await queue('ada')).out).not.toContain(id);

    const second = await sign('bo', { files: dist, json: true });
    expect(second.exit).toBe(0);
    expect(JSON.parse(second.out)).toMatchObject({
      draft: id,
      revision: 1,
      counts: true,
      outcomes: [{ result: 'counted' }],
    });
    expect(await draftOf()).toMatchObject({ state: 'approved', openedBy: 'chi' });
    const keys = (await signatures()).map(({ personName, via }) => `${personName} ${via}`).sort();
    expect(keys).toEqual(['ada api', 'bo api']);
  });

  it('sends the signature and nothing else', async () => {
    await upload();
    sent = [];
    await sign('ada');
    expect(sent).toHaveLength(1);
    const [{ address, body } = { address: '', body: null }] = sent;
    expect(address.slice(server.base.length)).toMatch(/^\/api\/v1\/drafts\/[0-9a-f]{12}\/signatures\?revision=1$/);
    expect(body).toBeInstanceOf(Uint8Array);
    expect(Buffer.from(body as Uint8Array).toString()).toMatch(
      /^-----BEGIN PGP SIGNATURE-----\n[^]*-----END PGP SIGNATURE-----\n$/,
    );
  });

  it('is signed with sq and the key in a file', async () => {
    await upload();
    const key = path.join(rings.get('bo') ?? '', 'key.asc');
    expect(await sign('bo', { with: 'sq', key })).toMatchObject({ exit: 0, err: '' });
    expect(await signatures()).toMatchObject([{ personName: 'bo' }]);
  });

  it('takes further files into the draft that is open, once each', async () => {
    const [wheel = '', ...rest] = files;
    files = [wheel];
    await upload();
    files = [wheel, ...rest];
    expect((await upload()).out).toMatch(/^Added files to the draft of sunrise .*, revision 2\.\n/);
    sent = [];
    expect((await upload()).out).toMatch(/^Everything was there already: the draft of sunrise .*, revision 2\.\n/);
    expect(sent).toEqual([]);
  });

  it('is uploaded and signed in one go by whoever may both', async () => {
    const both = await upload({ sign: true, yes: true }, 'bo');
    expect(both).toMatchObject({ exit: 0, err: '' });
    expect(both.out).toContain('Signed by bo, over revision 1.\n');
  });

  it('that was signed already is signed no second time', async () => {
    await upload();
    await sign('ada');
    asked = [];
    expect(await sign('ada')).toMatchObject({ exit: 0, out: 'ada has signed it already; nothing to do.\n' });
    expect(asked).toEqual([]);
  });

  it('is declined with a reason that its people read', async () => {
    await upload();
    const wish = { index: server.base, reason: 'The changelog is missing.' };
    const declined = await declineCommand(`${team.project}==${version}`, wish, tools('ada'));
    expect(declined).toMatchObject({ exit: 0, err: '' });
    expect(await runtime.db.decline.findFirst({ where: { draftId: (await draftOf()).id } })).toMatchObject({
      ...{ personName: 'ada', reason: 'The changelog is missing.', revision: 1 },
    });
    const again = await declineCommand(`${team.project}==${version}`, { ...wish, json: true }, tools('ada'));
    expect([again.exit, codeOf(again)]).toEqual([2, 'api.unusable']);
  });
});

/** The real answer with some of it changed. */
const changing = (pattern: RegExp, make: (body: string) => string) => async (): Promise<void> => {
  const answers = new Map<string, string>();
  const address = `/api/v1/projects/${team.project}/releases/${version}`;
  const id = (await draftOf()).id;
  for (const place of [address, `/api/v1/drafts/${id}`, `/api/v1/drafts/${id}/SHA256SUMS`]) {
    const answer = await fetch(server.base + place, { headers: { authorization: `Bearer ${tokens['ada'] ?? ''}` } });
    answers.set(place, await answer.text());
  }
  lie = (asked, res) => {
    const body = pattern.test(asked) ? answers.get(asked) : undefined;
    if (body === undefined) return false;
    res.writeHead(200).end(make(body));
    return true;
  };
};
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('nothing is signed, and nothing sent', () => {
  const cases: [lies: string, change: () => Promise<void>, code: string][] = [
    [
      'a statement about another version',
      changing(/SHA256SUMS$/, (text) => text.replace(/version: .*/, 'version: 99')),
      'sign.other-statement',
    ],
    [
      'a statement of another draft',
      changing(/SHA256SUMS$/, (text) => text.replace(/draft: .*/, 'draft: 000000000000')),
      'sign.other-statement',
    ],
    [
      'a statement of another revision',
      changing(/SHA256SUMS$/, (text) => text.replace(/revision: .*/, 'revision: 2')),
      'sign.other-statement',
    ],
    ['a statement that is none', changing(/SHA256SUMS$/, () => 'I owe you a thousand.\n'), 'statement.malformed'],
    [
      'facts about another release than was asked for',
      changing(/releases/, (text) => text.replace(/"version": "[^"]*"/, '"version": "99"')),
      'sign.other-statement',
    ],
    [
      'a number that is none',
      changing(/releases/, (text) => text.replace(/"revision": 1/, '"revision": "one"')),
      'verify.unreachable',
    ],
    [
      'a statement with the digest of other bytes',
      async () => {
        const id = (await draftOf()).id;
        const row = await runtime.db.revision.findFirstOrThrow({ where: { draftId: id } });
        const real = new TextDecoder().decode(row.statement);
        const forged = real.replace(/^[0-9a-f]{64}/m, '0'.repeat(64));
        await changing(/releases|SHA256SUMS$/, (text) =>
          text.replaceAll(real, forged).replace(digest(real), digest(forged)),
        )();
      },
      'sign.file-differs',
    ],
  ];
  it.each(cases)('where the index answers with %s', async (_, change, code) => {
    await upload();
    await change();
    sent = [];
    const outcome = await sign('ada', { json: true });
    expect(codeOf(outcome)).toBe(code);
    expect(outcome.exit).toBe(code === 'verify.unreachable' ? 3 : code === 'statement.malformed' ? 2 : 1);
    expect(sent).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('where a file of one’s own is another one, or missing', async () => {
    await upload();
    const [wheel = ''] = files;
    writeFileSync(wheel, 'other');
    const outcome = await sign('ada', { files: dist, json: true });
    expect([outcome.exit, codeOf(outcome)]).toEqual([1, 'sign.file-differs']);
    rmSync(wheel);
    const missing = await sign('ada', { files: dist, json: true });
    expect([missing.exit, codeOf(missing)]).toEqual([2, 'sign.file-missing']);
    expect(await signatures()).toEqual([]);
  });

  it('without a person at a terminal, and when the person says no', async () => {
    await upload();
    const nobody = await sign('ada', { json: true }, null);
    expect([nobody.exit, codeOf(nobody)]).toEqual([4, 'sign.no-answer']);
    const no = await sign('ada', { json: true }, false);
    expect([no.exit, codeOf(no)]).toEqual([1, 'sign.not-wanted']);
    expect(await signatures()).toEqual([]);
  });

  it('where the files were changed while the person looked', async () => {
    await upload();
    const { id } = await draftOf();
    const looking: SignTools = {
      ...tools('ada'),
      ask: async () => {
        const [wheel = ''] = files;
        writeFileSync(wheel, makeWheel(team.project, version, 'x = 2\n').bytes);
        expect(await upload()).toMatchObject({ exit: 0 });
        process.env['GNUPGHOME'] = rings.get('ada');
        return true;
      },
    };
    const outcome = await as('ada', () => signCommand(id, { index: server.base, json: true }, looking));
    expect([outcome.exit, codeOf(outcome)]).toEqual([2, 'api.unusable']);
    expect(outcome.out).toContain('draft.moved-on');
    expect(await signatures()).toEqual([]);
  });

  it('without a key that counts, or by a tool that fails', async () => {
    await upload();
    const none = await as('chi', () =>
      signCommand(`${team.project}==${version}`, { index: server.base, json: true }, tools('ada')),
    );
    expect([none.exit, codeOf(none)]).toEqual([2, 'sign.no-key']);
    const failed = await sign('ada', { json: true, key: 'nobody@example.org' });
    expect([failed.exit, codeOf(failed)]).toEqual([2, 'sign.tool-failed']);
    const unknown = await sign('ada', { json: true, with: 'minisign' });
    expect([unknown.exit, codeOf(unknown)]).toEqual([2, 'input.not-a']);
    expect(await signatures()).toEqual([]);
  });

  it('of a draft that is over, or that the token does not reach', async () => {
    await upload();
    await runtime.db.draft.update({
      where: { id: (await draftOf()).id },
      data: { state: 'expired', versionSlot: null },
    });
    const over = await sign('ada', { json: true });
    expect([over.exit, codeOf(over)]).toEqual([1, 'sign.not-open']);
    const nowhere = await signCommand('0123456789ab', { index: server.base, json: true }, tools('ada'));
    expect([nowhere.exit, codeOf(nowhere)]).toEqual([2, 'api.not-found']);
  });
});

describe('a signature that does not count', () => {
  it('is told with its reason and the exit code 1', async () => {
    await upload();
    const outcome = await as('chi', () =>
      signCommand(
        `${team.project}==${version}`,
        { index: server.base, key: `${team.chi.key.fingerprint}` },
        tools('ada'),
      ),
    );
    // Chi’s own key, handed in with Ada’s token: it counts for Chi.
    expect(outcome).toMatchObject({ exit: 0 });
    expect(outcome.out).toContain('Signed by chi');
    const stranger = path.join(folder, `stranger-${version}`);
    mkdirSync(stranger, { mode: 0o700 });
    const env = { ...process.env, GNUPGHOME: stranger };
    const make = ['--batch', '--passphrase', '', '--quick-generate-key', 'Eve <eve@example.org>', 'ed25519', 'sign'];
    execFileSync('gpg', make, { env, stdio: 'ignore' });
    rings.set('eve', stranger);
    const refused = await as('eve', () =>
      signCommand(`${team.project}==${version}`, { index: server.base, key: 'eve@example.org' }, tools('ada')),
    );
    expect(refused).toMatchObject({ exit: 1, out: '' });
    expect(refused.err).toMatch(/not registered|does not know|nobody/i);
  });
});

describe('files', () => {
  it('are refused before they are sent where the index would refuse them', async () => {
    const broken = path.join(dist, `${team.project}-${version}-py3-none-any.whl`);
    writeFileSync(broken, 'no zip');
    files = [broken];
    const outcome = await upload({ json: true });
    expect(outcome.exit).toBe(1);
    expect(codeOf(outcome)).toMatch(/^distribution\./);
    expect(sent).toEqual([]);
  });

  it('of several releases, or of another project, are not sent', async () => {
    const other = makeWheel('moonrise', '1.0');
    writeFileSync(path.join(dist, other.name), other.bytes);
    files = [...files, path.join(dist, other.name)];
    expect(codeOf(await upload({ json: true }))).toBe('upload.several-releases');
    files = files.slice(0, 2);
    expect(codeOf(await upload({ json: true, project: 'moonrise' }))).toBe('upload.several-releases');
    expect(sent).toEqual([]);
  });

  it('of a project that the token is not for are refused by the index', async () => {
    const other = makeWheel('moonrise', '1.0');
    files = [path.join(dist, other.name)];
    writeFileSync(files[0] ?? '', other.bytes);
    const outcome = await upload({ json: true });
    expect(outcome.exit).toBe(2);
  });
});

describe('the token', () => {
  const kept = path.join(home.config, 'tokens.json');
  const keep = (line: string, more = {}) =>
    tokenCommand({ index: server.base, ...more }, { home, read: async () => line });

  it('is kept for its index in a file for its owner alone, and used where none is given', async () => {
    const outcome = await keep(` ${tokens['ada'] ?? ''}\n`);
    expect(outcome).toMatchObject({ exit: 0, err: '' });
    expect(outcome.out).toBe(
      `The token “laptop” of ada (queue, sign; all projects) is kept for ${server.base}/ in ${kept}.\n`,
    );
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    expect(await queueCommand({ index: server.base, json: true }, { home, token: undefined })).toMatchObject({
      exit: 0,
    });
    const elsewhere = await queueCommand({ index: 'http://127.0.0.1:1/', json: true }, { home, token: undefined });
    expect([elsewhere.exit, codeOf(elsewhere)]).toEqual([2, 'token.none']);
    await keep('', { forget: true });
    expect(readFileSync(kept, 'utf8')).not.toContain(tokens['ada']);
  });

  it('is not kept where it is none, or the index does not know it', async () => {
    const before = existsSync(kept) ? readFileSync(kept, 'utf8') : '';
    expect((await keep('password')).err).toContain('(token.not-one)');
    expect((await keep('csp_'.padEnd(47, 'x'))).err).toContain('(api.unknown-token)');
    expect(existsSync(kept) ? readFileSync(kept, 'utf8') : '').toBe(before);
  });

  it('is not read from a file that others can read, nor sent where others could read it on the way', async () => {
    await keep(tokens['ada'] ?? '');
    chmodSync(kept, 0o644);
    const loose = await queueCommand({ index: server.base, json: true }, { home, token: undefined });
    expect([loose.exit, codeOf(loose)]).toEqual([2, 'token.loose-file']);
    chmodSync(kept, 0o600);
    const plain = await queueCommand({ index: 'http://sign.example.org', json: true }, tools('ada'));
    expect([plain.exit, codeOf(plain)]).toEqual([2, 'token.plain-http']);
  });

  it('opens nothing any more when it is revoked', async () => {
    const { token } = await makeProjectToken(team.chi.actor, { project: team.project, name: 'short', kind: 'upload' });
    const row = await runtime.db.projectToken.findFirstOrThrow({ where: { name: 'short' } });
    await revokeProjectToken(team.chi.actor, { project: team.project, token: row.id });
    tokens['short'] = token;
    const outcome = await upload({ json: true }, 'short');
    expect([outcome.exit, codeOf(outcome)]).toEqual([2, 'api.unknown-token']);
  });
});

describe('what an index writes to the terminal', () => {
  it('is spelled out, in answers and in refusals', async () => {
    const evil = '\u001B[2J\u202Ebo';
    lie = (address, res) => {
      if (!address.endsWith('/queue')) return false;
      const draft = {
        draft: '6f2c9d1e4b7a',
        project: evil,
        version: '1',
        revision: 1,
        openedBy: evil,
        deadline: '2026-12-22',
      };
      const drafts = [{ ...draft, counted: [evil], required: 2, declinedBy: [], page: evil }];
      res.writeHead(200).end(JSON.stringify({ person: evil, drafts, policies: [] }));
      return true;
    };
    expect((await queue('ada')).out).not.toMatch(/[\u001B\u202E]/);
    expect((await queue('ada', true)).out).not.toMatch(/[\u001B\u202E]/);
    lie = (_, res) => Boolean(res.writeHead(403).end(JSON.stringify({ code: evil, detail: evil })));
    const refused = await queue('ada');
    expect(refused).toMatchObject({ exit: 2, out: '' });
    expect(refused.err).not.toMatch(/[\u001B\u202E]/);
  });

  it('is bounded, and a redirect does not carry the token off', async () => {
    lie = (_, res) => Boolean(res.writeHead(302, { location: `${server.base}/elsewhere` }).end());
    expect(codeOf(await queue('ada', true))).toBe('verify.unreachable');
    lie = (_, res) => Boolean(res.writeHead(200).end(' '.repeat(5 * 1024 ** 2)));
    expect(codeOf(await queue('ada', true))).toBe('index.too-large');
  });
});
