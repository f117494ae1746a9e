// `countersign verify --evidence`: an evidence bundle is decided without index and network, by what is pinned or given; every lie of the table that
// docs/verify_release.py refuses (tests/interop) is refused here for the same reason, and nothing that is kept changes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { trustCommand } from '#cli/commands/trust.ts';
import { verifyEvidenceCommand } from '#cli/commands/verify-evidence.ts';
import type { VerifyOptions } from '#cli/commands/verify.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { packReleaseBundle } from '#lib/evidence/release-bundle.ts';
import { answering, openClient, type Client } from '../support/client.ts';
import {
  forgedChange,
  genuine,
  lies,
  publishedScene,
  withoutFirstChange,
  withoutProofOfChange,
  type Handed,
} from '../support/evidence.ts';
import { openHostileIndex } from '../support/hostile-index.ts';
import { changeIndexKey, servedNow } from '../support/rotated.ts';
import { ada, sdistName, wheelName, type Scene } from '../support/scene.ts';

let scene: Scene;
let folder: string;
let client: Client;
beforeAll(async () => {
  scene = await publishedScene();
  folder = mkdtempSync(path.join(tmpdir(), 'verify-evidence-'));
});
afterAll(() => {
  scene.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  client = openClient(scene.now);
});
afterEach(() => client.close());

/** What the client says of a bundle and the files that are here; a person at the terminal says yes to whatever is shown unless `ask` is null. */
async function verify({ entries, zip, files }: Handed, more: Partial<VerifyOptions> = {}, ask = answering(true).ask) {
  const own = mkdtempSync(path.join(folder, 'handed-'));
  const place = path.join(own, 'demo.evidence.zip');
  writeFileSync(place, zip ?? packReleaseBundle(entries));
  const what = [...files].map(([name, bytes]) => {
    writeFileSync(path.join(own, name), bytes);
    return path.join(own, name);
  });
  return verifyEvidenceCommand(place, { what, ...more }, { ...client, ask });
}

describe('an evidence bundle is accepted', () => {
  test('when somebody compared its fingerprints, with every file that is here, and nothing is pinned by it', async () => {
    const before = client.picture();
    const { exit, out, err } = await verify(await genuine(scene));
    expect([exit, err]).toEqual([0, '']);
    expect(out).toContain('demo 1.0 from sign.example.org holds.');
    expect(out).toContain(`file              ${wheelName}`);
    expect(out).toContain(`file              ${sdistName}`);
    expect(client.picture()).toEqual(before);
  });

  test('without a terminal when index key and policy are given', async () => {
    const handed = await genuine(scene);
    const policy = [`demo=${sha256Hex(handed.entries.get('policy/2.json') ?? new Uint8Array())}`];
    const given = { indexKey: scene.keys.key.fingerprint, policy, json: true };
    const { exit, out } = await verify(handed, given, null as never);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ accepted: true, project: 'demo', threshold: 2, people: ['ada', 'bo'] });
  });

  test('by its TUF root, for the index key', async () => {
    const handed = await genuine(scene);
    const rootFingerprint = sha256Hex(handed.entries.get('tuf/1.root.json') ?? new Uint8Array());
    expect(await verify(handed, { rootFingerprint, trust: 'index' }, null as never)).toMatchObject({ exit: 0 });
    const other = { rootFingerprint: sha256Hex('another'), trust: 'index' };
    expect(await verify(handed, other, null as never)).toMatchObject({
      exit: 1,
      err: expect.stringContaining('tuf.other-root'),
    });
  });
});

describe('an evidence bundle is not accepted', () => {
  test('from somebody unknown while nobody is there to compare fingerprints', async () => {
    expect(await verify(await genuine(scene), {}, null as never)).toMatchObject({
      exit: 4,
      err: expect.stringContaining('(trust.first-contact)'),
    });
  });

  test('from another index than the one that is given', async () => {
    expect(await verify(await genuine(scene), { indexKey: ada.key })).toMatchObject({
      exit: 1,
      err: expect.stringContaining('(evidence.other-index-key)'),
    });
  });

  test('without the file over whose own bytes somebody signed', async () => {
    const { entries, files } = await genuine(scene);
    files.delete(wheelName);
    expect(await verify({ entries, files })).toMatchObject({ exit: 1, err: expect.stringContaining(wheelName) });
  });
});

/** The client trusts the index as it stands now, and demo. */
async function pin(published: Scene): Promise<void> {
  const index = await openHostileIndex(await servedNow(published));
  vi.useFakeTimers({ toFake: ['Date'], now: published.now });
  try {
    const { ask } = answering(true);
    const said = await trustCommand({ index: index.base, projects: ['demo'] }, { ...client, now: published.now, ask });
    expect(said).toMatchObject({ exit: 0, err: '' });
  } finally {
    vi.useRealTimers();
    await index.stop();
  }
}

describe('after the index got another key', () => {
  let changing: Scene;
  let before: Handed;
  beforeEach(async () => {
    changing = await publishedScene();
    before = await genuine(changing);
  });
  afterEach(() => changing.close());

  test('whoever trusts the old one is led to the new one by the bundle alone, step by step, and asked before it is believed', async () => {
    await pin(changing);
    const first = await changeIndexKey(changing);
    const second = await changeIndexKey(changing);
    client.now = changing.now;
    const [after, kept] = [await genuine(changing), client.picture()];
    const said = await verify(after, {}, null as never);
    expect(said).toMatchObject({ exit: 4, out: '', err: expect.stringContaining('(trust.index-key-changed)') });
    for (const { old, new: fresh } of [first, second]) expect(said.err).toContain(`${old} vouches for ${fresh}`);
    expect(await verify(after, {}, answering(false).ask)).toMatchObject({
      exit: 1,
      err: expect.stringContaining('(trust.not-accepted)'),
    });
    expect(await verify(after)).toMatchObject({ exit: 0, err: '' });
    expect(await verify(after, { indexKey: second.new }, null as never)).toMatchObject({ exit: 0, err: '' });
    expect(client.picture()).toEqual(kept);
  });

  test('whoever was given the old one is told which keys followed it', async () => {
    const { old, new: fresh } = await changeIndexKey(changing);
    client.now = changing.now;
    const said = await verify(await genuine(changing), { indexKey: old }, null as never);
    expect(said).toMatchObject({ exit: 4, err: expect.stringContaining('(trust.index-key-changed)') });
    expect(said.err).toContain(`--index-key ${fresh}`);
  });

  test('whoever trusts the new one is told of an older bundle to fetch it anew', async () => {
    const { old, new: fresh } = await changeIndexKey(changing);
    client.now = changing.now;
    await pin(changing);
    const kept = client.picture();
    for (const given of [{}, { indexKey: fresh }]) {
      const said = await verify(before, given);
      expect(said).toMatchObject({ exit: 1, out: '', err: expect.stringContaining('(evidence.other-index-key)') });
      expect(said.err).toContain(`signed by the index key ${old}; you trust ${fresh}`);
      expect(said.err).toContain('fetch it anew');
    }
    expect(client.picture()).toEqual(kept);
    expect(await verify(await genuine(changing), {}, null as never)).toMatchObject({ exit: 0, err: '' });
  });

  test.each([
    ['a change that the old key did not sign', 'index-key.not-both', forgedChange],
    ['a chain whose first document is missing', 'evidence.other-index-key', withoutFirstChange],
    ['a change that the log does not tell', 'log.missing', withoutProofOfChange],
  ])('a bundle with %s is refused (%s)', async (_, code, lie) => {
    await pin(changing);
    await changeIndexKey(changing);
    await changeIndexKey(changing);
    client.now = changing.now;
    const kept = client.picture();
    const { entries, files } = await genuine(changing);
    const said = await verify({ entries: lie(new Map(entries)), files });
    expect(said).toMatchObject({ exit: 1, out: '', err: expect.stringContaining(`(${code})`) });
    expect(client.picture()).toEqual(kept);
  });
});

describe('verify --evidence refuses', () => {
  test.each(lies.map(({ lie, ...rest }) => [lie, rest] as const))('%s', async (_, { code, make }) => {
    const before = client.picture();
    const { exit, out, err } = await verify(await make(scene));
    expect(err).toMatch(new RegExp(`\\((?:${code})[a-z.-]*\\)\\s*$`));
    expect([1, 2]).toContain(exit);
    expect(out).toBe('');
    expect(client.picture()).toEqual(before);
  });
});
