// After a loss: a database that was restored from a backup is brought to what the index has published since, from what the countersigner hands over, and only where both tell one story. Then releases are published again, and
// whoever saw the index before sees one straight history.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { auditIndex } from '#cli/audit/audit.ts';
import { readAccountName } from '#lib/core/ids.ts';
import { readIndexKey } from '#lib/evidence/index-signature.ts';
import { makeRevocation } from '#lib/pgp/revoke-key.ts';
import { makeBackup, openBlobs, type Backup } from '#lib/server/backup/make-backup.ts';
import { restoreBackup } from '#lib/server/backup/restore-backup.ts';
import { catchUp, type CatchUpInput } from '#lib/server/catch-up/catch-up.ts';
import { addKey } from '#lib/server/commands/add-key.ts';
import { prepareDeclaration } from '#lib/server/commands/prepare-declaration.ts';
import { removePerson } from '#lib/server/commands/remove-person.ts';
import { signDeclaration } from '#lib/server/commands/sign-declaration.ts';
import { readConfig } from '#lib/server/config.ts';
import { readMigrations } from '#lib/server/db/migrate.ts';
import { openFileStore } from '#lib/server/files/store.ts';
import { indexFolder } from '#lib/server/handoff/index-folder.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';
import { migrationsFolder, openRuntime } from '#lib/server/open-runtime.ts';
import type { Runtime } from '#lib/server/runtime.ts';
import { readMailAddress } from '#lib/server/mail/address.ts';
import { draftPage } from '#lib/server/queries/draft-page.ts';
import { policyPage } from '#lib/server/queries/policy-page.ts';
import { projectPage } from '#lib/server/queries/project-page.ts';
import { copyFolder } from '../support/copy-folder.ts';
import { handOverAll } from '../../countersigner/hand-over-all.ts';
import { openKeys } from '../../countersigner/keys.ts';
import { openStore } from '../../countersigner/store.ts';
import { openEmptyDatabase } from '../support/database.ts';
import { startCountersigner, type Countersigner } from '../support/handoff-rows.ts';
import { expectRefusal } from '../support/refusal.ts';
import { openTestRuntime, type TestRuntime } from '../support/runtime.ts';
import {
  changePolicy,
  inviteAndAccept,
  makeDraft,
  makePerson,
  makeWorld,
  signBytes,
  signDraft,
  signPolicy,
  visitor,
  type TestPerson,
  type World,
} from '../support/story.ts';

const root = mkdtempSync(path.join(tmpdir(), 'cs-catch-up-'));
const backups = path.join(root, 'backups');
const state = path.join(root, 'state');
const mirror = path.join(root, 'mirror');

let people: World;
let dia: TestPerson;
let backup: Backup;
let later: { rows: Record<string, unknown[]>; documents: Map<string, string>; checkpoint: Buffer; now: Date };

let world: TestRuntime;
let countersigner: Countersigner;
/** What stands open when the backup is made, and is published after it. */
let openThen: string;

async function round(): Promise<void> {
  const { findings, refused } = await countersigner.round();
  expect([findings.filter((finding) => finding.code !== null), refused]).toEqual([[], []]);
  await placeHandbacks();
  world.advance(60_000);
}

async function publish(version: string, second = people.bo): Promise<string> {
  const { draft } = await makeDraft(people.ada, people.project, version);
  for (const person of [people.ada, second]) await signDraft(person, draft);
  await round();
  return draft;
}

async function declare(wish: Parameters<typeof prepareDeclaration>[1]['wish']): Promise<void> {
  const { ada, project } = people;
  const { declaration } = await prepareDeclaration(ada.actor, { project, wish });
  const { bytes } = await world.db.declaration.findUniqueOrThrow({ where: { sha256: declaration } });
  await signDeclaration(ada.actor, { project, declaration, signature: await signBytes(ada.key, bytes), way: 'upload' });
  await round();
}

/** The rows that say what is published and who may do what. */
async function rowsOf({ db }: Runtime): Promise<Record<string, unknown[]>> {
  const by = { orderBy: { sha256: 'asc' } } as const;
  return {
    people: await db.person.findMany({ orderBy: { name: 'asc' }, select: { name: true } }),
    keys: await db.key.findMany({
      orderBy: { fingerprint: 'asc' },
      select: { fingerprint: true, personName: true, state: true, certificate: true },
    }),
    signing: await db.signingKey.findMany({ orderBy: { fingerprint: 'asc' } }),
    projects: await db.project.findMany({
      select: { name: true, policyInForce: true, status: true, statusReason: true },
    }),
    memberships: await db.membership.findMany({ orderBy: [{ projectName: 'asc' }, { personName: 'asc' }] }),
    policies: await db.policy.findMany({
      orderBy: [{ projectName: 'asc' }, { version: 'asc' }],
      select: { version: true, state: true, sha256: true, bytes: true, chainSlot: true, openSlot: true },
    }),
    policySignatures: await db.policySignature.findMany({
      orderBy: { packetSha256: 'asc' },
      select: { packetSha256: true, personName: true, key: true, issuer: true },
    }),
    releases: await db.draft.findMany({
      where: { publishedAt: { not: null } },
      orderBy: { id: 'asc' },
      select: {
        id: true,
        version: true,
        state: true,
        revision: true,
        openedBy: true,
        versionSlot: true,
        yankedReason: true,
        recordSerial: true,
        recordPolicy: true,
        quarantineReason: true,
      },
    }),
    revisions: await db.revision.findMany({
      where: { draft: { publishedAt: { not: null } } },
      ...by,
      select: { draftId: true, number: true, sha256: true, statement: true },
    }),
    files: await db.draftFile.findMany({
      where: { draft: { publishedAt: { not: null } } },
      ...by,
      select: {
        name: true,
        sha256: true,
        size: true,
        blake2b256: true,
        kind: true,
        requiresPython: true,
        nameSlot: true,
      },
    }),
    names: await db.publishedFile.findMany({
      orderBy: { name: 'asc' },
      select: { name: true, sha256: true, version: true },
    }),
    declarations: await db.declaration.findMany({
      ...by,
      select: { kind: true, number: true, state: true, sha256: true, signedBy: true, key: true, chainSlot: true },
    }),
    log: await db.logEntry.findMany({
      orderBy: { index: 'asc' },
      select: { index: true, path: true, sha256: true, state: true, projectName: true },
    }),
  };
}

/** Everything below the index but what is superseded, and TUF, which is signed anew by the hand-over. */
const documentsNow = (): Map<string, string> =>
  new Map(
    readdirSync(indexFolder(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(indexFolder(), path.join(entry.parentPath, entry.name)))
      .filter((place) => !place.startsWith('tuf/') && !/\.p\/|\/[0-9a-f]{64}\./.test(place))
      .sort()
      .map((place) => [place, readFileSync(path.join(indexFolder(), place), 'base64')]),
  );

beforeAll(async () => {
  world = await openTestRuntime();
  countersigner = await startCountersigner();
  people = await makeWorld();
  await publish('1.0');
  await publish('1.1');
  ({ draft: openThen } = await makeDraft(people.ada, people.project, '1.2'));
  await signDraft(people.ada, openThen);
  backup = await makeBackup(
    { config: world.config, database: world.database, files: world.files },
    backups,
    world.clock.now(),
  );
  // 1. What nobody will have any more but the index.
  await signDraft(people.bo, openThen);
  await round();
  dia = await makePerson('dia');
  const { ada, bo, chi, project } = people;
  const admit = [await inviteAndAccept(ada, project, dia)];
  await changePolicy(ada, { project, admit, threshold: 2 }, ada, bo);
  await round();
  await publish('1.3', dia);
  await declare({ type: 'countersign/yank', version: '1.3', action: 'yank', reason: 'breaks on 3.14' });
  await declare({ type: 'countersign/status', status: 'archived', reason: 'nobody works on it' });
  await declare({ type: 'countersign/status', status: 'active', reason: 'somebody does again' });
  // 2. A key that is revoked for good, and a person who is struck: what they signed falls.
  const wish = { reason: { kind: 'compromised' }, at: world.clock.now().getTime() } as const;
  const { armored } = await makeRevocation(chi.key.private.write(), '', wish);
  await addKey(chi.actor, { certificate: Buffer.from(armored) });
  await round();
  const removal = { name: bo.actor.name, how: 'strike', since: null, reason: 'account compromised' } as const;
  const { version } = await removePerson(ada.actor, { project, removal, fates: {} });
  await signPolicy(project, version, ada, dia);
  await round();
  await round();
  // 3. The loss: all but what the countersigner has, and a mirror of the files.
  const rows = await rowsOf(world);
  const checkpoint = readFileSync(path.join(indexFolder(), 'log/checkpoint'));
  later = { rows, documents: documentsNow(), checkpoint, now: world.clock.now() };
  copyFolder(path.join(world.config.dataFolder, 'countersigner'), state);
  copyFolder(path.join(indexFolder(), 'files'), path.join(mirror, 'files'));
  await countersigner.close();
  await world.close();
}, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

let restored: Runtime;
let folder: string;
async function restore(): Promise<void> {
  folder = mkdtempSync(path.join(root, 'restored-'));
  const config = readConfig({ DATA_DIR: folder, PUBLIC_URL: 'https://sign.example.org' });
  const database = await openEmptyDatabase();
  const files = await openFileStore(config);
  const migrations = readMigrations(migrationsFolder());
  await restoreBackup(
    { config, database, files },
    { manifest: backup.manifest, blobs: await openBlobs(backups), migrations },
  );
  rmSync(path.join(folder, 'countersigner'), { recursive: true, force: true });
  copyFolder(state, path.join(folder, 'countersigner'));
  let now = later.now.getTime();
  restored = await openRuntime(config, { clock: { now: () => new Date(now) }, database });
  world = Object.assign(restored, { advance: (ms: number) => void (now += ms) }) as unknown as TestRuntime;
  countersigner = await startCountersigner();
}
async function leave(): Promise<void> {
  await countersigner.close();
  await restored.close();
}

const store = () => openStore(path.join(folder, 'countersigner'));
async function handOver() {
  const now = world.clock.now().getTime();
  return handOverAll(store(), await openKeys(store(), now), now);
}
async function input(more: Partial<CatchUpInput> = {}): Promise<CatchUpInput> {
  const addresses = new Map([[readAccountName('dia'), readMailAddress('dia@example.org')]]);
  return { handback: (await handOver()).bytes, folders: [mirror], addresses, ...more };
}

describe('a restored instance that is behind', () => {
  beforeEach(restore);
  afterEach(leave);

  it('is refused by the countersigner until it is brought to what was published; then all is as it was, and the next release follows', async () => {
    await expect(countersigner.round()).rejects.toMatchObject({ code: 'countersigner.web-went-back' });
    const { sequence, files, projects } = await catchUp(await input());
    expect(files).toBe(2); // those of 1.3: the backup has those of 1.2
    expect(projects).toMatchObject([
      { policies: [3, 4], releases: expect.arrayContaining(['1.2', '1.3']), declarations: 3 },
    ]);
    expect(await rowsOf(restored)).toEqual(later.rows);
    const now = documentsNow();
    for (const [place, bytes] of later.documents) expect([place, now.get(place)]).toEqual([place, bytes]);
    // The next release, by those who may sign now.
    expect((await restored.db.handback.findFirst({ orderBy: { id: 'desc' } }))?.id).toBe(
      String(sequence).padStart(12, '0'),
    );
    await round();
    const { draft } = await makeDraft(people.ada, people.project, '1.4');
    for (const person of [people.ada, dia]) await signDraft(person, draft);
    await round();
    expect(await restored.db.draft.findUnique({ where: { id: draft } })).toMatchObject({ state: 'published' });
    // Whoever saw the index before the loss.
    const indexKey = await readIndexKey(
      readFileSync(path.join(folder, 'countersigner', 'index.asc')),
      world.clock.now().getTime(),
    );
    const read = (place: string) => Promise.resolve(readIf(path.join(indexFolder(), place)));
    const reader = { base: '', read, measure: () => Promise.reject(new Error('no files')) };
    const audit = await auditIndex(() => reader, {
      ...{
        index: restored.indexName,
        indexKey,
        seen: later.checkpoint,
        projects: [],
        withFiles: false,
        now: world.clock.now().getTime(),
      },
    });
    expect(audit.differences).toEqual([]);
    for (const page of [
      projectPage(visitor, people.project),
      draftPage(people.ada.actor, openThen),
      policyPage(people.ada.actor, people.project, 4),
    ])
      await expect(page).resolves.toBeTruthy();
  });

  it('finds done what is done, whenever it was killed', async () => {
    const { handback, ...rest } = await input();
    for (const [point, times] of [
      ['catch-up.policies', 1],
      ['catch-up.release', 1],
      ['catch-up.release', 2],
      ['place.staged', 1],
      ['place.moved', 1],
    ] as const) {
      let left = times;
      restored.hold = async (reached) => {
        if (reached === point && (left -= 1) === 0) throw new Error('killed');
      };
      await expect(catchUp({ handback, ...rest })).rejects.toThrow('killed');
    }
    delete restored.hold;
    expect(Buffer.from((await handOver()).bytes).equals(handback)).toBe(true);
    await catchUp({ handback, ...rest });
    expect(await rowsOf(restored)).toEqual(later.rows);
    const entries = await restored.db.historyEntry.count();
    expect((await catchUp({ handback, ...rest })).projects).toEqual([]);
    expect(await restored.db.historyEntry.count()).toBe(entries);
    await round();
  });
});

describe('a restored instance', () => {
  beforeAll(restore);
  afterAll(leave);

  it('takes nothing that holds less than everything, is older than what is here, or tells another log', async () => {
    const given = await input();
    const [row] = await restored.db.handback.findMany({ orderBy: { id: 'desc' }, take: 1 });
    await expectRefusal(() => catchUp({ ...given, handback: Buffer.from(row?.bytes ?? []) }), 'log.missing');
    const checkpoint = path.join(indexFolder(), 'log/checkpoint');
    const own = readFileSync(checkpoint, 'utf8');
    writeFileSync(checkpoint, own.replace(/\n[0-9]+\n/, '\n999999\n'));
    await expectRefusal(() => catchUp(given), 'log.went-back');
    writeFileSync(checkpoint, own);
  });

  it('is left as it is where a file is nowhere, a person has no address, or the rows say otherwise', async () => {
    const given = await input();
    await expectRefusal(() => catchUp({ ...given, folders: [] }), 'catch-up.files-missing');
    // Files that were found stay in the store: they are what they are.
    await expect(catchUp({ ...given, addresses: new Map() })).rejects.toMatchObject({
      code: 'catch-up.people-unknown',
      details: { names: ['dia'] },
    });
    await restored.db.policy.updateMany({ where: { version: 2 }, data: { sha256: 'e'.repeat(64) } });
    await expectRefusal(() => catchUp(given), 'evidence.policy-rewritten');
    expect(await restored.db.handback.count({ where: { state: 'posted' } })).toBe(0);
  });
});

const readIf = (file: string): Uint8Array | null => {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
};
