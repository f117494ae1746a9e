// Point 4 of the index: the tree is finished bytes, so whatever serves files can serve it. The same tree behind the web program, nginx with the
// documented settings, and Python's plain file server (what a bucket gives); Debian's pip and the newest one take releases from each.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileName, Version } from '#lib/core/ids.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { serveIndex } from '#web/serve-index.ts';
import { ask } from '../../scripts/demo/checks.ts';
import { freePort } from '../../scripts/instance.mjs';
import { makeZip, metadataText, wheelFiles } from '../support/archives.ts';
import { startNginx, type Nginx } from '../support/nginx.ts';
import { findPips, isAtLeast, type Pip } from '../support/pip.ts';
import { serveRoutes, type RouteServer } from '../support/route-server.ts';
import { ada, addDraft, bo, wheel, wheelName, type Scene } from '../support/scene.ts';
import { putTree } from '../support/served-tree.ts';
import { openTwoReleases } from '../support/two-releases.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'static-tree-'));
const tree = path.join(folder, 'index');
const largeName = 'demo-0.9-py3-none-any.whl' as FileName;
const v1json = 'application/vnd.pypi.simple.v1+json';

let scene: Scene;
let nginx: Nginx;
let webProgram: RouteServer;
let plain: { base: string; stop(): void };
let pips: Pip[] = [];
let large: Buffer = Buffer.alloc(0);
/** Where the web program has to break off the next answer with a file; null: nowhere. */
let breakAt: number | null = null;
const rangesAsked: string[] = [];

beforeAll(async () => {
  chmodSync(folder, 0o711);
  mkdirSync(tree);
  scene = await openTwoReleases();
  // Does not pack, so that it takes several packets to send.
  const noise = Array.from({ length: 40_000 }, (_, at) => ((at * 2_654_435_761) % 2 ** 32).toString(36)).join('\n');
  const metadata = metadataText({ version: '0.9' });
  large = makeZip(
    wheelFiles({ info: 'demo-0.9.dist-info', metadata, files: { 'demo/__init__.py': `"""${noise}"""` } }),
  );
  addDraft(scene, [ada, bo], {
    ...{ id: 'cccccccccccc', statement: { version: '0.9' as Version }, files: { [largeName]: large } },
  });
  expect((await scene.round()).findings).toEqual([]);
  await putTree(scene, tree);
  webProgram = await serveRoutes(breakingOff, serveIndex(tree));
  nginx = await startNginx(tree);
  plain = await startPlain();
  pips = await findPips(folder);
});
afterAll(async () => {
  plain?.stop();
  await nginx?.stop();
  await webProgram?.stop();
  scene?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Looks on, and once sends only the beginning of a file though its length was said. */
function breakingOff(req: IncomingMessage, res: ServerResponse): boolean {
  if (!req.url?.endsWith(largeName)) return false;
  rangesAsked.push(`${req.headers.range ?? 'all'} ${req.headers['if-range'] === undefined ? '' : 'if unchanged'}`);
  if (breakAt === null) return false;
  const etag = `"${req.url.split('/').at(-2)}"`;
  const headers = { 'Content-Length': large.length, 'Accept-Ranges': 'bytes', ETag: etag };
  res.writeHead(200, { ...headers, 'Content-Type': 'application/octet-stream' });
  res.write(large.subarray(0, breakAt), () => res.destroy());
  breakAt = null;
  return true;
}

const digestPath = (bytes: Buffer): string[] => {
  const sha256 = sha256Hex(bytes);
  return [sha256.slice(0, 2), sha256.slice(2, 4), sha256];
};
const placeOf = (name: string, bytes: Buffer): string => ['files', ...digestPath(bytes), name].join('/');

/** Other bytes under a name for as long as the work takes. */
async function replaced(file: string, bytes: Buffer, work: () => Promise<void>): Promise<void> {
  renameSync(file, `${file}.kept`);
  writeFileSync(file, bytes, { mode: 0o644 });
  try {
    await work();
  } finally {
    renameSync(`${file}.kept`, file);
  }
}

async function startPlain(): Promise<typeof plain> {
  const port = await freePort();
  const server = spawn('/usr/bin/python3', ['-m', 'http.server', '--bind', '127.0.0.1', '-d', tree, String(port)], {
    stdio: 'ignore',
  });
  const base = `http://127.0.0.1:${port}`;
  for (;;) {
    if (server.exitCode !== null) throw new Error('The plain file server ended.');
    if (await fetch(base).then(Boolean, () => false)) return { base, stop: () => server.kill('SIGTERM') };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const bases: Record<string, () => string> = {
  'the web program': () => webProgram.base,
  nginx: () => nginx.base,
  'a plain file server': () => plain.base,
};
const from = (base: string): string[] => ['--no-deps', '--index-url', `${base}/simple/`];
let fresh = 0;
function freshFolder(): string {
  const made = path.join(folder, `pip-${(fresh += 1)}`);
  mkdirSync(made);
  return made;
}

describe.each(Object.keys(bases))('from %s', (name) => {
  const base = () => bases[name]?.() ?? '';

  it('Debian’s pip and the newest take a wheel, byte for byte', async () => {
    for (const pip of pips) {
      const to = freshFolder();
      const said = await pip.run(['download', ...from(base()), '--only-binary=:all:', '--dest', to, 'demo==1.0'], to);
      expect(said.code, `pip ${pip.version}: ${said.text}`).toBe(0);
      expect(readFileSync(path.join(to, wheelName))).toEqual(wheel());
    }
  });

  it('PEP 592: pip takes the newest release that is not yanked; the yanked one only by its number, and says the reason', async () => {
    for (const pip of pips) {
      const to = freshFolder();
      const download = ['download', ...from(base()), '--only-binary=:all:', '--dest', to];
      expect((await pip.run([...download, 'demo'], to)).text).toContain(wheelName);
      const pinned = await pip.run([...download, 'demo==2.0'], to);
      expect([pinned.code, pinned.text]).toEqual([0, expect.stringContaining('breaks <b> on "3.14"')]);
    }
  });

  it('PEP 658 and 714: pip from 23.2 on reads the metadata instead of the wheel', async () => {
    for (const pip of pips.filter((one) => isAtLeast(one, 23, 2))) {
      const to = freshFolder();
      const said = await pip.run(['install', ...from(base()), '--dry-run', '--target', to, 'demo==1.0'], to);
      expect(said.text).toContain(`${wheelName}.metadata`);
    }
  });

  it('pip refuses a file with one byte changed, because its address says the digest', async () => {
    const file = path.join(tree, placeOf(wheelName, wheel()));
    const changed = Buffer.from(wheel());
    changed[changed.length - 30] = (changed[changed.length - 30] ?? 0) ^ 1;
    await replaced(file, changed, async () => {
      for (const pip of pips) {
        const said = await pip.run(['download', ...from(base()), '--only-binary=:all:', 'demo==1.0'], freshFolder());
        expect([said.code, said.text]).toEqual([1, expect.stringContaining('DO NOT MATCH THE HASHES')]);
      }
    });
  });
});

describe('nginx with the documented settings', () => {
  const wheelAt = `/${placeOf(wheelName, wheel())}`;
  const asked: [string, Record<string, string>][] = [
    ['/simple/', {}],
    ['/simple/', { accept: v1json }],
    ['/simple/demo/', { accept: `${v1json}, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01` }],
    ['/simple/demo/', { accept: 'text/html' }],
    ['/simple/demo/', { accept: `${v1json};q=0.2, text/html;q=0.8` }],
    ['/simple/demo', {}],
    ['/simple/absent/', {}],
    ['/simple/absent/', { accept: v1json }],
    [wheelAt, {}],
    [wheelAt, { range: 'bytes=0-3' }],
    [wheelAt, { range: 'bytes=-5' }],
    [wheelAt, { range: 'bytes=999999-' }],
    [wheelAt, { range: 'bytes=4-', 'if-range': '"another"' }],
    [`${wheelAt}.asc`, {}],
    [`${wheelAt}.metadata`, {}],
    ['/evidence/demo/releases.json', {}],
    ['/evidence/demo/releases/1.0/1.json', {}],
    ['/evidence/demo/releases/1.0/SHA256SUMS', {}],
    ['/evidence/demo/policy/1.json', {}],
    ['/evidence/demo/releases/', {}],
    ['/log/checkpoint', {}],
    ['/keys/absent.asc', {}],
  ];
  const judged = ['content-security-policy', 'x-content-type-options', 'cache-control', 'content-range', 'location'];

  it.each(asked)('answers %s %j like the web program', async (address, headers) => {
    const answers = await Promise.all(
      [webProgram.base, nginx.base].map(async (base) => {
        const answer = await fetch(base + address, { headers, redirect: 'manual' });
        const body = Buffer.from(await answer.arrayBuffer()).toString('base64');
        const said = Object.fromEntries(judged.map((name) => [name, answer.headers.get(name)]));
        const isPage = address.startsWith('/simple/') && answer.ok;
        const type = isPage ? answer.headers.get('content-type') : '';
        const attached = answer.headers.get('content-disposition')?.split(';')[0];
        const vary = isPage && answer.headers.get('vary')?.includes('Accept');
        if (!answer.ok) return { status: answer.status, location: said['location'] };
        return { ...said, status: answer.status, body, type, attached, vary, hasTag: answer.headers.has('etag') };
      }),
    );
    expect(answers[1]).toEqual(answers[0]);
  });

  it('answers 304 to whoever has the bytes, and a range of a file that is still the same', async () => {
    for (const address of ['/simple/demo/', wheelAt]) {
      const tag = (await fetch(nginx.base + address)).headers.get('etag') ?? '';
      const ask = (headers: Record<string, string>) => fetch(nginx.base + address, { headers });
      expect((await ask({ 'if-none-match': tag })).status).toBe(304);
      if (address === wheelAt) expect((await ask({ range: 'bytes=1-2', 'if-range': tag })).status).toBe(206);
    }
  });

  it('changes nothing: other methods are refused', async () => {
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await fetch(nginx.base + wheelAt, { method })).status).toBe(405);
  });

  it('says 503 and never an empty list while the tree is not in place', async () => {
    renameSync(path.join(tree, 'simple'), path.join(tree, 'away'));
    try {
      for (const address of ['/simple/', '/simple/demo/', '/files/absent'])
        expect((await fetch(nginx.base + address)).status).toBe(503);
    } finally {
      renameSync(path.join(tree, 'away'), path.join(tree, 'simple'));
    }
    expect((await fetch(`${nginx.base}/simple/`)).status).toBe(200);
  });
});

it('a download that broke off goes on from there (pip from 25.1 on, curl), and no torn file is ever taken for the whole one', async () => {
  for (const pip of pips) {
    const to = freshFolder();
    [breakAt, rangesAsked.length] = [100_000, 0];
    const rest = ['--only-binary=:all:', '--dest', to, 'demo==0.9'];
    const said = await pip.run(['download', ...from(webProgram.base), ...rest], to);
    const file = path.join(to, largeName);
    if (!isAtLeast(pip, 25, 1)) expect([said.code, existsSync(file)]).toEqual([expect.not.stringMatching('0'), false]);
    else {
      expect(said.code, said.text).toBe(0);
      expect(rangesAsked).toEqual(['all ', 'bytes=100000- if unchanged']);
      expect(readFileSync(file)).toEqual(large);
    }
  }
  for (const base of Object.values(bases).slice(0, 2)) {
    const file = path.join(freshFolder(), largeName);
    writeFileSync(file, large.subarray(0, 70_001));
    const said = await ask(
      'curl',
      ['-sS', '-f', '-C', '-', '-o', file, `${base()}/${placeOf(largeName, large)}`],
      folder,
    );
    expect(said.code, said.text).toBe(0);
    expect(readFileSync(file)).toEqual(large);
  }
});
