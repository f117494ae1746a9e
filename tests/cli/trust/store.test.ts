// Pins on disk: what is read back is what was written; damage is refused and never a first contact; a kill, a full disk or a second run in the middle
// leaves the pin as it was (threats.md, 112).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readHome, type Home } from '#cli/trust/home.ts';
import { hold } from '#cli/trust/hold.ts';
import { readPin, renderPin } from '#cli/trust/pin.ts';
import { forgetTrust, pinnedIndexes, withTrust, type Trust } from '#cli/trust/store.ts';
import { refusalOf } from '../../support/pgp.ts';
import { pictureOf, samplePin } from '../../support/pins.ts';

let folder: string;
let home: Home;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'countersign-trust-'));
  home = readHome({ COUNTERSIGN_HOME: folder });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pin = samplePin();
const { tuf: _, ...rest } = pin;
const waiting = { ms: 20_000, tell: () => undefined };
const at = <T>(work: (trust: Trust) => Promise<T>) => withTrust({ home, address: pin.address, waiting }, work);
const commit = (more: object = {}) => at(async (trust) => trust.commit({ ...rest, tuf: null, ...more }));
const pinFolder = () => path.join(home.state, 'indexes', readdirSync(path.join(home.state, 'indexes'))[0] ?? '');
const pinFile = () => path.join(pinFolder(), 'pin.json');

describe('a pin', () => {
  test('is read as it was written, by its owner alone, and nothing is there before', async () => {
    expect(await at(async (trust) => trust.pin)).toBeNull();
    await commit();
    expect(await at(async (trust) => trust.pin)).toEqual({ ...pin, tuf: null });
    expect(pinnedIndexes(home)).toEqual([{ ...pin, tuf: null }]);
    expect([statSync(pinFile()).mode & 0o777, statSync(pinFolder()).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  test('has one spelling: a changed octet, a missing line and a second format are refused', () => {
    const text = renderPin(pin);
    expect(readPin(Buffer.from(text))).toEqual(pin);
    for (let at = 0; at < text.length; at += 7) {
      const changed = Buffer.from(text);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => readPin(changed), `octet ${at}`).toThrow();
    }
    const lines = text.split('\n');
    for (const at of lines.keys())
      expect(() => readPin(Buffer.from(lines.filter((_, line) => line !== at).join('\n')))).toThrow();
    expect(() => readPin(Buffer.from(text.replace('"format": 1', '"format": 2')))).toThrow(/format/);
  });

  test.each<[string, (file: string) => void]>([
    ['is empty', (file) => writeFileSync(file, '')],
    ['is cut off', (file) => writeFileSync(file, readFileSync(file).subarray(0, 100))],
    ['is gone', (file) => rmSync(file)],
    ['is a folder', (file) => (rmSync(file), mkdirSync(file))],
    ['names a TUF folder that is gone', (file) => rmSync(path.join(path.dirname(file), 'tuf-1'), { recursive: true })],
  ])('that %s is refused, and is no first contact', async (_, damage) => {
    await commit({ tuf: tufState() });
    damage(pinFile());
    const before = pictureOf(home.state);
    expect(await refusalOf(() => at(async () => 'worked'))).toBe('trust.damaged');
    expect(await refusalOf(() => pinnedIndexes(home))).toBe('trust.damaged');
    expect(pictureOf(home.state)).toEqual(before);
  });

  test('that others can change is refused', async () => {
    await commit();
    for (const place of [pinFile(), pinFolder()]) {
      const { mode } = statSync(place);
      chmodSync(place, mode | 0o020);
      expect(await refusalOf(() => at(async () => 'worked'))).toBe('trust.loose-mode');
      chmodSync(place, mode);
    }
  });

  test('is forgotten only when that is asked for', async () => {
    await commit();
    writeFileSync(pinFile(), '');
    await forgetTrust({ home, address: pin.address, waiting });
    expect(await at(async (trust) => trust.pin)).toBeNull();
  });
});

function tufState(text = '{}') {
  const from = mkdtempSync(path.join(folder, 'tuf-'));
  writeFileSync(path.join(from, 'root.json'), text);
  return { rootVersion: 1, rootSha256: pin.projects['demo']?.list.sha256, from };
}

describe('TUF metadata', () => {
  test('changes with the pin and not before it; what a cut-off run left is cleared', async () => {
    await commit({ tuf: tufState('one') });
    mkdirSync(path.join(pinFolder(), 'tuf-2'));
    writeFileSync(path.join(pinFolder(), 'pin.json.1.new'), 'half');
    const seen = await at(async (trust) => readFileSync(path.join(trust.tuf ?? '', 'root.json'), 'utf8'));
    expect([seen, readdirSync(pinFolder()).sort()]).toEqual(['one', ['pin.json', 'tuf-1']]);
    await commit({ tuf: tufState('two') });
    expect(readdirSync(pinFolder()).sort()).toEqual(['pin.json', 'tuf-2']);
    expect(await at(async (trust) => readFileSync(path.join(trust.tuf ?? '', 'root.json'), 'utf8'))).toBe('two');
  });
});

describe('a commit', () => {
  test('is refused where somebody else changed the pin meanwhile', async () => {
    await commit();
    const other = Buffer.from(renderPin({ ...pin, tuf: null, log: null }));
    const work = () =>
      at(async (trust) => {
        writeFileSync(pinFile(), other);
        trust.commit({ ...rest, tuf: null });
      });
    expect(await refusalOf(work)).toBe('trust.changed-meanwhile');
    expect(new Uint8Array(readFileSync(pinFile()))).toEqual(new Uint8Array(other));
  });

  test('that finds the disk full leaves the old pin, whole, and no litter', async () => {
    await commit({ tuf: tufState() });
    const before = pictureOf(path.join(home.state, 'indexes'));
    // A limit on the size of files stands for the disk; the pin that is to be written is larger than it.
    const script = `
      import { withTrust } from ${JSON.stringify(moduleAt('store.ts'))};
      process.on('SIGXFSZ', () => undefined);
      const pin = JSON.parse(process.argv[1]);
      const { sha256, tuf, ...rest } = { ...pin, certificates: { ['A'.repeat(40)]: 'x'.repeat(200_000) } };
      const home = { state: process.argv[2], config: '' };
      await withTrust({ home, address: pin.address, waiting: { ms: 20000, tell() {} } }, async (trust) => trust.commit({ ...rest, tuf: null }))
        .then(() => console.log('written'), (fault) => console.log(fault.code));
    `;
    const said = await run(script, [JSON.stringify(pin), home.state], 'ulimit -f 64; ');
    expect(said.trim()).toBe('trust.not-written');
    expect(pictureOf(path.join(home.state, 'indexes'))).toEqual(before);
  });
});

const moduleAt = (name: string): string => path.join(import.meta.dirname, '..', '..', '..', 'cli', 'trust', name);

function start(script: string, args: readonly string[], before = '') {
  const node = `${before}exec "$0" --import tsx --input-type=module -e "$@"`;
  return spawn('/bin/sh', ['-c', node, process.execPath, script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function run(script: string, args: readonly string[], before = ''): Promise<string> {
  const child = start(script, args, before);
  let out = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  await once(child, 'close');
  return out;
}

describe('two runs at once', () => {
  const holding = `
    import { hold } from ${JSON.stringify(moduleAt('hold.ts'))};
    await hold(process.argv[1], { ms: 20000, tell() {} });
    console.log('held');
    setInterval(() => undefined, 1000);
  `;

  test('come one after the other, and the second is told whom it waits for', async () => {
    const order: string[] = [];
    const told: number[] = [];
    let mayEnd: () => void = () => undefined;
    const begun = new Promise<void>((hasBegun) => {
      void at(async () => {
        hasBegun();
        await new Promise<void>((resolve) => (mayEnd = resolve));
        order.push('first');
      });
    });
    await begun;
    const tell = (pid: number): void => {
      told.push(pid);
      mayEnd();
    };
    await withTrust(
      { home, address: pin.address, waiting: { ms: 60_000, tell } },
      async () => void order.push('second'),
    );
    expect([order, told]).toEqual([['first', 'second'], [process.pid]]);
  });

  test('leave nothing locked when the first is killed, and the second is refused when its time is up', async () => {
    const place = path.join(home.state, 'locks', 'one');
    const child = start(holding, [place]);
    await once(child.stdout, 'data');
    expect(await refusalOf(() => hold(place, { ms: 1, tell: () => undefined }))).toBe('trust.held');
    const killed = hold(place, { ms: 60_000, tell: () => child.kill('SIGKILL') });
    await (await killed).release();
    expect(readdirSync(place)).toEqual([]);
  });

  test('that both find a dead lock do not both get it', async () => {
    const place = path.join(home.state, 'locks', 'two');
    mkdirSync(place, { recursive: true });
    for (const name of ['000000000000', 'ffffffffffff']) writeFileSync(path.join(place, name), '');
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      const held = await hold(place, waiting);
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      await held.release();
    };
    await Promise.all(Array.from({ length: 8 }, work));
    expect(most).toBe(1);
  });
});

test('the folders follow the XDG specification, and COUNTERSIGN_HOME before it', () => {
  expect(readHome({ HOME: '/home/ada' })).toEqual({
    state: '/home/ada/.local/state/countersign',
    config: '/home/ada/.config/countersign',
  });
  expect(readHome({ HOME: '/home/ada', XDG_STATE_HOME: '/s', XDG_CONFIG_HOME: 'relative' })).toEqual({
    state: '/s/countersign',
    config: '/home/ada/.config/countersign',
  });
  expect(readHome({ HOME: '/home/ada', COUNTERSIGN_HOME: '/c' })).toEqual({ state: '/c/state', config: '/c/config' });
});
