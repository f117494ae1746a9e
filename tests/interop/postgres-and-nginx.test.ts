// The other way to run it: PostgreSQL instead of the embedded database, jobs as a program of its own, and the index tree served by nginx as
// plain files. The story goes through the forms of the pages without any script; everybody signs with gpg.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, fetchInto, gpgVerify, pipDownload, verifyRelease } from '../../scripts/demo/checks.ts';
import { closeEverybody } from '../../scripts/demo/gnupg.ts';
import { openMailboxPage } from '../../scripts/demo/mailbox.ts';
import * as story from '../../scripts/demo/story.ts';
import { freePort, startInstance, type Instance } from '../../scripts/instance.mjs';
import { openPostgresForTests } from '../../scripts/postgres.mjs';
import { startNginx, type Nginx } from '../support/nginx.ts';

const project = 'sunrise-demo';
const files = ['sunrise_demo-1.2.0-py3-none-any.whl', 'sunrise_demo-1.2.0.tar.gz'];
const folder = mkdtempSync(path.join(tmpdir(), 'cs-interop-'));
const data = path.join(folder, 'data');

let instance: Instance;
let postgres: { url: string; close: () => Promise<void> };
let nginx: Nginx | null = null;
let world: story.World;
let people: story.Person[] = [];
let draft = '';

beforeAll(async () => {
  postgres = await openPostgresForTests();
  const env = { DATABASE_URL: postgres.url };
  instance = await startInstance({
    dataFolder: data,
    port: await freePort(),
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  world = { base: instance.publicUrl, mailbox: openMailboxPage(instance.publicUrl, instance.mailboxPath ?? '') };
});

afterAll(async () => {
  await nginx?.stop();
  await closeEverybody();
  await instance?.end();
  await postgres?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('on PostgreSQL, with jobs apart, and without script', () => {
  it('three people found a project whose releases two of them must sign', async () => {
    for (const name of ['ada', 'bo', 'chi']) people = [...people, await story.arrive(world, name)];
    for (const person of people) await story.registerKey(person);
    const [ada, ...guests] = people as [story.Person, story.Person, story.Person];
    await story.foundProject(ada, project, 2);
    for (const guest of guests) await story.invite(world, ada, guest, project);
    await story.admitAll(ada, project, 2);
  });

  it('a release is published at the second signature and not before', async () => {
    const [ada, bo, chi] = people as [story.Person, story.Person, story.Person];
    const uploads = files.map((name) => ({
      name,
      bytes: new Uint8Array(readFileSync(path.join('tests/vectors/python', name))),
    }));
    draft = await story.openDraft(bo, project, uploads);
    await story.signDraft(world, ada, draft);
    await story.waitForDraft(bo, draft, /1 of 2 signed/);
    expect((await fetch(`${instance.address}/simple/${project}/`)).status).toBe(404);
    await story.signDraft(world, chi, draft);
    await story.waitForDraft(bo, draft, /Published on/);
    expect((await fetch(`${instance.address}/simple/${project}/`)).status).toBe(200);
  });

  it('somebody outside the project gets the answer for a draft that is not there', async () => {
    const eve = await story.arrive(world, 'eve');
    await story.registerKey(eve);
    expect((await eve.visitor.get(draft)).status).toBe(404);
  });

  it('pip, gpg, sqv and sha256sum take the release from the very same tree behind nginx', async () => {
    chmodSync(folder, 0o711);
    chmodSync(data, 0o711);
    nginx = await startNginx(path.join(data, 'index'));
    const address = nginx.base;
    const check = path.join(folder, 'check');
    mkdirSync(check);
    for (const kind of ['wheel', 'sdist'] as const) {
      const said = await pipDownload(address, project, check, kind);
      expect(said.code, said.text).toBe(0);
    }
    expect(readdirSync(check).sort()).toEqual([...files].sort());
    const signers = [people[0], people[2]].map((person) => person?.gnupg.fingerprint ?? '');
    for (const name of ['SHA256SUMS', 'SHA256SUMS.asc'])
      await fetchInto(check, `${address}/evidence/${project}/releases/1.2.0/${name}`, name);
    for (const key of signers) await fetchInto(check, `${address}/keys/${key}.asc`, `${key}.asc`);
    expect((await ask('sha256sum', ['-c', '--strict', 'SHA256SUMS'], check)).code).toBe(0);
    expect(
      (
        await gpgVerify(
          signers.map((key) => `${key}.asc`),
          'SHA256SUMS.asc',
          'SHA256SUMS',
          check,
        )
      ).good,
    ).toBe(2);
    const keyrings = signers.flatMap((key) => ['--keyring', `${key}.asc`]);
    expect((await ask('sqv', ['-n', '2', ...keyrings, 'SHA256SUMS.asc', 'SHA256SUMS'], check)).code).toBe(0);
  });

  it('twine finds nothing wrong with what pip got', async () => {
    const check = path.join(folder, 'check');
    const said = await ask('twine', ['check', ...files], check);
    expect(said.code, said.text).toBe(0);
  });

  it('our command line accepts the release, and refuses another version with one sentence', async () => {
    expect((await verifyRelease(instance.publicUrl, `${project}==1.2.0`, folder)).code).toBe(0);
    const missing = await verifyRelease(instance.publicUrl, `${project}==9.9.9`, folder);
    expect(missing.code).not.toBe(0);
    expect(missing.text).not.toMatch(/at .*:\d+:\d+/);
  });
});
