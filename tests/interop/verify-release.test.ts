// docs/verify_release.py, the verifier that knows nothing of ours, on the bundles that our own code makes: it accepts what holds and gives the same reason
// as Countersign where something does not, with gpgv as with sqv. One table of lies; the client's verdict on the same table is in tests/cli.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packReleaseBundle } from '#lib/evidence/release-bundle.ts';
import {
  forgedChange,
  genuine,
  lies,
  publishedScene,
  withoutFirstChange,
  withoutProofOfChange,
  type Handed,
} from '../support/evidence.ts';
import { changeIndexKey } from '../support/rotated.ts';
import {
  ada,
  addDeclaration,
  addDraft,
  addPolicy,
  bo,
  chi,
  minute,
  openScene,
  revoke,
  sdistName,
  wheelName,
  type Scene,
} from '../support/scene.ts';

let scene: Scene;
let folder: string;
beforeAll(async () => {
  scene = await publishedScene();
  folder = mkdtempSync(path.join(tmpdir(), 'verify-release-'));
});
afterAll(() => {
  scene.close();
  rmSync(folder, { recursive: true });
});

type Answer = { exit: number; out: string; err: string };

const python = (args: readonly string[]): Promise<Answer> =>
  new Promise((resolve) => {
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', HOME: '/nonexistent' };
    execFile('python3', ['docs/verify_release.py', ...args], { env }, (fault, out, err) =>
      resolve({ exit: fault ? Number(fault.code) : 0, out, err }),
    );
  });

const pythonPath = execFileSync('python3', ['-c', 'import sys; print(sys.executable)']).toString().trim();
const tools = ['gpgv', 'sqv'] as const;
let count = 0;

/** What the verifier says with each tool about a bundle and the files that somebody has. */
async function ask({ entries, zip, files }: Handed, ...more: string[]): Promise<Answer[]> {
  const at = path.join(folder, String((count += 1)));
  const place = `${at}.evidence.zip`;
  writeFileSync(place, zip ?? packReleaseBundle(entries));
  const own = mkdtempSync(`${at}-`);
  const paths = [...files].map(([name, bytes]) => {
    writeFileSync(path.join(own, name), bytes);
    return path.join(own, name);
  });
  return Promise.all(tools.map((tool) => python([place, ...paths, '--tool', tool, ...more])));
}

describe('verify_release.py accepts', () => {
  test('a release that enough people signed, and says who signed each file', async () => {
    for (const { exit, out, err } of await ask(await genuine(scene), '--index-key', scene.keys.key.fingerprint)) {
      expect([exit, err]).toEqual([0, '']);
      expect(out).toContain(`index key ${scene.keys.key.fingerprint}, TUF root `);
      expect(out).toMatch(new RegExp(`  ${wheelName}  [0-9a-f]{64}  checked, signed by ada, bo, chi\n`));
      expect(out).toMatch(new RegExp(`  ${sdistName}  [0-9a-f]{64}  checked, signed by ada, bo\n`));
    }
  });

  test('a release without all of its files, and says which were not at hand', async () => {
    const { entries, files } = await genuine(scene);
    files.delete(sdistName);
    for (const { exit, out } of await ask({ entries, files })) {
      expect(exit).toBe(0);
      expect(out).toMatch(new RegExp(`  ${sdistName}  [0-9a-f]{64}  not at hand,`));
    }
  });

  test('a yanked release, and says who advises against it and why', async () => {
    const yanked = await publishedScene();
    addDeclaration(yanked, { policy: 2 });
    yanked.now += minute;
    await yanked.round();
    for (const { exit, out } of await ask(await genuine(yanked))) {
      expect([exit, out]).toEqual([0, expect.stringContaining('It is yanked, as its owner ada declared: ')]);
      expect(out).toContain('breaks on 3.14');
    }
    yanked.close();
  });
});

test('verify_release.py accepts a release under rules that somebody signed whose key was revoked as compromised later', async () => {
  const later = await openScene();
  addPolicy(later);
  addDraft(later, [bo, chi]);
  await later.round();
  later.now += minute;
  revoke(later, ada);
  await later.round();
  for (const { exit, err } of await ask(await genuine(later))) expect([exit, err]).toEqual([0, '']);
  later.close();
});

describe('verify_release.py refuses', () => {
  test.each(lies.map(({ lie, ...rest }) => [lie, rest] as const))('%s', async (_, { code, make }) => {
    const handed = await make(scene);
    for (const { exit, out, err } of await ask(handed)) {
      expect(err).toMatch(new RegExp(`^(?:REFUSED|UNUSABLE) ${code}`));
      expect([exit, out]).toEqual([err.startsWith('REFUSED') ? 1 : 2, '']);
    }
  });

  test('another index than the one that is asked for', async () => {
    for (const { exit, err } of await ask(await genuine(scene), '--index-key', ada.key))
      expect([exit, err]).toEqual([1, expect.stringContaining('evidence.other-index-key')]);
  });
});

describe('verify_release.py, of a release of an index that got another key twice,', () => {
  let changed: Scene;
  let before: Handed;
  let keys: string[];
  beforeAll(async () => {
    changed = await publishedScene();
    before = await genuine(changed);
    const { old, new: second } = await changeIndexKey(changed);
    keys = [old, second, (await changeIndexKey(changed)).new];
  });
  afterAll(() => changed.close());

  test('accepts the bundle by the new key', async () => {
    for (const { exit, out, err } of await ask(await genuine(changed), '--index-key', keys[2] ?? ''))
      expect([exit, err, out]).toEqual([0, '', expect.stringContaining(`index key ${keys[2]}, `)]);
  });

  test('asks whoever gave an old one to follow the changes, and says how', async () => {
    for (const { exit, out, err } of await ask(await genuine(changed), '--index-key', keys[0] ?? '')) {
      expect([exit, out]).toEqual([4, '']);
      expect(err).toMatch(/^UNANSWERED trust\.index-key-changed/);
      expect(err).toContain(`${keys.join(' which vouches for ')}; if you follow, say so with --index-key ${keys[2]}`);
    }
  });

  test('tells whoever gave the new one to fetch an older bundle anew', async () => {
    for (const { exit, err } of await ask(before, '--index-key', keys[2] ?? '')) {
      expect([exit, err]).toEqual([1, expect.stringContaining('REFUSED evidence.other-index-key')]);
      expect(err).toContain('fetch it anew');
    }
  });

  test.each([
    ['a change that the old key did not sign', 'index-key.not-both', 0, forgedChange],
    [
      'a chain whose first document is missing',
      '(?:evidence.other-index-key|index-key.breaks-chain)',
      0,
      withoutFirstChange,
    ],
    ['a change that the log does not tell', 'log.missing', 2, withoutProofOfChange],
  ])('refuses %s (%s)', async (_, code, given, lie) => {
    const { entries, files } = await genuine(changed);
    for (const { exit, out, err } of await ask(
      { entries: lie(new Map(entries)), files },
      '--index-key',
      keys[given] ?? '',
    )) {
      expect(err).toMatch(new RegExp(`^REFUSED ${code}`));
      expect([exit, out]).toEqual([1, '']);
    }
  });
});

test('verify_release.py says that it could not check where neither gpgv nor sqv is installed', async () => {
  const { exit } = await new Promise<Answer>((resolve) => {
    const env = { ...process.env, PATH: '/nonexistent', PYTHONDONTWRITEBYTECODE: '1' };
    execFile(pythonPath, ['docs/verify_release.py', 'x.zip'], { env }, (fault, out, err) =>
      resolve({ exit: Number(fault?.code ?? 0), out, err }),
    );
  });
  expect(exit).toBe(3);
});
