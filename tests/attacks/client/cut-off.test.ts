// The client as a process, ended in the middle: killed at any of its questions and around its commit, or without room on the disk (threats.md, 112). What it trusts is as it
// was, or as it is after a whole run; never something in between, never nothing; and the next run needs nobody to mend anything.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { bundlePrograms } from '../../../scripts/bundle.mjs';
import { said, type Said } from '../../support/lied-to.ts';
import { openHostileIndex, type HostileIndex } from '../../support/hostile-index.ts';
import { pictureOf } from '../../support/pins.ts';
import { minute, noon, type Scene } from '../../support/scene.ts';
import { servedTree } from '../../support/served-tree.ts';
import { openOneRelease, publishLater } from '../../support/two-releases.ts';

const built = '.build/attacks';
const folder = mkdtempSync(path.join(tmpdir(), 'cut-off-'));
const [home, met] = [path.join(folder, 'home'), path.join(folder, 'met')];
const program = [...['--import', pathToFileURL('tests/support/set-clock.mjs').href], path.resolve(built, 'cli.mjs')];

let scene: Scene;
let index: HostileIndex;
let later: Map<string, Uint8Array>;
let given: string[] = [];

beforeAll(async () => {
  mkdirSync(built, { recursive: true });
  await bundlePrograms({ cli: 'cli/main.ts' }, built);
  scene = await openOneRelease();
  const first = await servedTree(scene);
  index = await openHostileIndex(first);
  await publishLater(scene);
  later = await servedTree(scene);
  const policy = sha256Hex(first.get('evidence/demo/policy/1.json') ?? new Uint8Array());
  given = ['--index', index.base, '--index-key', scene.keys.key.fingerprint, '--policy', `demo=${policy}`];
  // What is known: the index when it had one release.
  expect(await run(['demo==1.0'])).toMatchObject({ exit: 0 });
  cpSync(home, met, { recursive: true });
  index.restore(later);
});
beforeEach(() => {
  rmSync(home, { recursive: true, force: true });
  cpSync(met, home, { recursive: true });
  index.restore(later);
});
afterAll(async () => {
  await index?.stop();
  scene?.close();
  for (const place of [folder, built]) rmSync(place, { recursive: true, force: true });
});

type Ended = Said & { signal: NodeJS.Signals | null };

/** One run of `countersign verify`; `killAt`: as soon as it asks for the path for which this says so. */
function run(
  what: string[],
  options: { killAt?: (asked: number) => boolean; killAfterMs?: number; shell?: string } = {},
): Promise<Ended> {
  const parameters = [...program, 'verify', ...what, ...given, '--json'];
  const command = options.shell ? ['/bin/sh', '-c', `${options.shell}; exec "$0" "$@"`] : [];
  const [file = '', ...rest] = [...command, process.execPath, ...parameters];
  const env = { ...process.env, COUNTERSIGN_HOME: home, TEST_NOW: String(noon + 10 * minute), TMPDIR: folder };
  const child = spawn(file, rest, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  if (options.killAt)
    index.answer(/./, (res, honest) => {
      const mayDie = options.killAt?.(index.asked.length) ?? false;
      if (mayDie && options.killAfterMs === undefined) return void child.kill('SIGKILL');
      if (mayDie) setTimeout(() => child.kill('SIGKILL'), options.killAfterMs);
      if (honest === null) res.writeHead(404).end();
      else res.end(honest);
    });
  const out: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => out.push(piece));
  return new Promise((resolve) => {
    child.once('close', (exit, signal) => {
      const text = Buffer.concat(out).toString();
      const outcome =
        text === '' ? { exit: exit ?? -1, code: null, message: '' } : said({ exit: exit ?? -1, out: text, err: '' });
      resolve({ ...outcome, signal });
    });
  });
}

const trusted = () => pictureOf(path.join(home, 'state', 'indexes'));

describe('whoever is killed', () => {
  test('at any question has the pins of before, and goes on the next time as if nothing had been', async () => {
    const before = trusted();
    for (let at = 1; ; at += 4) {
      index.restore(later);
      const { signal, exit } = await run(['demo==2.0'], { killAt: (asked) => asked === at });
      if (signal === null) {
        expect(exit).toBe(0);
        break;
      }
      expect(trusted()).toEqual(before);
    }
    index.restore(later);
    expect(await run(['demo==2.0'])).toMatchObject({ exit: 0 });
    expect(trusted()).not.toEqual(before);
  });

  test('while it keeps what it saw has the pins of before or after, and goes on from either', async () => {
    const before = JSON.stringify(trusted());
    expect(await run(['demo==2.0'])).toMatchObject({ exit: 0 });
    const [last, after] = [index.asked.length, Object.keys(trusted())];
    for (const killAfterMs of [0, 3, 6, 10, 15, 25, 60]) {
      rmSync(home, { recursive: true });
      cpSync(met, home, { recursive: true });
      index.restore(later);
      await run(['demo==2.0'], { killAt: (asked) => asked === last, killAfterMs });
      const isBefore = JSON.stringify(trusted()) === before;
      // Litter of the run that was cut off lies beside what counts until the next run.
      if (!isBefore)
        expect(Object.keys(trusted())).toEqual(
          expect.arrayContaining(after.filter((place) => place.endsWith('pin.json'))),
        );
      index.restore(later);
      expect(await run(['demo==2.0'])).toMatchObject({ exit: 0 });
      expect(Object.keys(trusted()).filter((place) => place.endsWith('.json'))).toHaveLength(
        after.filter((place) => place.endsWith('.json')).length,
      );
    }
  });
});

test.each([1, 2, 4, 8])(
  'without room for more than %i KiB in a file it keeps everything or nothing, and says which',
  async (room) => {
    const before = trusted();
    const { exit, code, signal } = await run(['demo==2.0'], { shell: `trap '' XFSZ; ulimit -f ${room * 2}` });
    expect(signal).toBeNull();
    if (exit === 0) expect(trusted()).not.toEqual(before);
    else {
      expect([exit, code]).toEqual([3, expect.stringMatching(/^(?:trust|tuf)\.not-written$/)]);
      expect(trusted()).toEqual(before);
    }
    expect(await run(['demo==2.0'])).toMatchObject({ exit: 0 });
  },
);
