// `npm run demo`: the main job on real files, from an empty data folder, without a person: three people with real GnuPG keys, a 2-of-3
// project, a draft, two signatures, the countersignature, `pip download` from the index. Says what it does; ends with 0 only if all of it held.
// `--serve` leaves the finished instance running until Ctrl-C.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, startInstance, type Instance } from '../instance.mjs';
import { signInChromium } from './browser-signature.ts';
import { ask, countersign, fetchInto, gpgVerify, pipDownload, verifyByPython, type Said } from './checks.ts';
import { chromiumPath } from './chromium.ts';
import { closeEverybody } from './gnupg.ts';
import { openMailboxPage } from './mailbox.ts';
import * as story from './story.ts';

const project = 'sunrise-demo';
const vectors = path.join(import.meta.dirname, '..', '..', 'tests', 'vectors', 'python');
const files = ['sunrise_demo-1.2.0-py3-none-any.whl', 'sunrise_demo-1.2.0.tar.gz'];

let steps = 0;
const tell = (sentence: string) => console.log(`${String((steps += 1)).padStart(2)}. ${sentence}`);
const note = (sentence: string) => console.log(`    ${sentence}`);

function requireSaid(said: Said, expected: number, what: string): void {
  const held = expected === 0 ? said.code === 0 : said.code !== 0;
  if (!held) throw new Error(`${what} ended with ${said.code}:\n${said.text}`);
}

async function gather(world: story.World): Promise<{ ada: story.Person; bo: story.Person; chi: story.Person }> {
  tell(
    'Ada, Bo and Chi sign in by mail link; each makes a real GnuPG key, registers it and proves it by signing a phrase.',
  );
  const people: story.Person[] = [];
  for (const name of ['ada', 'bo', 'chi']) {
    const person = await story.arrive(world, name);
    await story.registerKey(person);
    note(`${name.padEnd(4)} ${person.gnupg.fingerprint}`);
    people.push(person);
  }
  const [ada, bo, chi] = people;
  if (!ada || !bo || !chi) throw new Error('Somebody is missing.');
  return { ada, bo, chi };
}

async function signInBrowserOr(world: story.World, person: story.Person, draft: string): Promise<void> {
  if (chromiumPath() === null) {
    tell('Chromium is not installed here, so Ada signs with gpg like the others.');
    await story.signDraft(world, person, draft);
    return;
  }
  tell('Ada follows the link in her mail and signs in the page, with Chromium. Her private key does not leave it.');
  await world.mailbox.take(person.address, story.draftMail);
  await signInChromium(world.base, person, draft);
}

/** Answers the fingerprints of those who signed. */
async function release(world: story.World, folder: string): Promise<string[]> {
  const { ada, bo, chi } = await gather(world);
  tell(
    `Ada founds ${project} with the rule “2 people must sign” and signs policy 1. One person, two needed: nothing can be published.`,
  );
  await story.foundProject(ada, project, 2);
  tell(
    'She invites Bo and Chi. They accept through their mail; she compares the fingerprints they tell her; policy 2 adds them, signed by Ada.',
  );
  for (const guest of [bo, chi]) await story.invite(world, ada, guest, project);
  await story.admitAll(ada, project, 2);
  tell(`Bo opens a draft with ${files.join(' and ')}.`);
  const uploads = files.map((name) => ({ name, bytes: new Uint8Array(readFileSync(path.join(vectors, name))) }));
  const draft = await story.openDraft(bo, project, uploads);
  note(`${world.base}${draft}`);
  await signInBrowserOr(world, ada, draft);
  await story.waitForDraft(bo, draft, /1 of 2 signed/);
  requireSaid(await pipDownload(world.base, project, folder, 'wheel'), 1, 'pip download at one signature');
  note('1 of 2: pip does not find it.');
  tell('Chi downloads the statement, signs it with gpg and uploads the signature. 2 of 2.');
  await story.signDraft(world, chi, draft);
  tell('The countersigner fetches the raw evidence, decides by itself, signs and hands back the index pages.');
  await story.waitForDraft(bo, draft, /Published on/);
  return [ada, chi].map((person) => person.gnupg.fingerprint);
}

type Index = { base: string; indexKey: string };

async function check({ base, indexKey }: Index, folder: string, keys: string[]): Promise<void> {
  tell('pip downloads wheel and sdist from the index.');
  for (const kind of ['wheel', 'sdist'] as const)
    requireSaid(await pipDownload(base, project, folder, kind), 0, `pip download (${kind})`);
  for (const name of readdirSync(folder)) note(name);
  tell('sha256sum and gpg accept the served statement, with nothing of ours taking part.');
  const evidence = `${base}/evidence/${project}/releases/1.2.0`;
  for (const name of ['SHA256SUMS', 'SHA256SUMS.asc']) await fetchInto(folder, `${evidence}/${name}`, name);
  for (const key of keys) await fetchInto(folder, `${base}/keys/${key}.asc`, `${key}.asc`);
  requireSaid(await ask('sha256sum', ['-c', '--strict', 'SHA256SUMS'], folder), 0, 'sha256sum -c');
  const { good, text } = await gpgVerify(
    keys.map((key) => `${key}.asc`),
    'SHA256SUMS.asc',
    'SHA256SUMS',
    folder,
  );
  if (good !== keys.length) throw new Error(`gpg saw ${good} good signatures: ${text}`);
  note(`gpg: ${good} good signatures.`);
  tell(
    'Our own command line trusts nobody whom it has not met: without fingerprints that somebody compared it ends with 4.',
  );
  const verify = ['verify', `${project}==1.2.0`, '--index', base];
  const unasked = await countersign(verify, folder);
  if (unasked.code !== 4) throw new Error(`first contact ended with ${unasked.code}:\n${unasked.text}`);
  tell(
    'With those of the index and of Ada it checks policy chain, signatures, threshold, countersignature, freshness and log.',
  );
  const given = ['--index-key', indexKey, '--owner', `${project}=${keys[0] ?? ''}`];
  const verified = await countersign([...verify, ...given], folder);
  requireSaid(verified, 0, 'countersign verify');
  for (const line of verified.text.trim().split('\n')) note(line);
}

/** What is left is for whoever trusts neither us nor our index. */
async function prove({ base, indexKey }: Index, folder: string): Promise<void> {
  tell('It compares the whole index with its log.');
  const audited = await countersign(['audit', '--files', '--index', base], folder);
  requireSaid(audited, 0, 'countersign audit');
  for (const line of audited.text.trim().split('\n')) note(line);
  tell(
    'What proves the release goes into one file. A Python script that knows nothing of ours accepts it, with gpgv and without a network.',
  );
  const bundle = `${project}-1.2.0.evidence.zip`;
  requireSaid(await countersign(['evidence', `${project}==1.2.0`, '--index', base], folder), 0, 'countersign evidence');
  const proven = await verifyByPython([bundle, ...files, '--tool', 'gpgv', '--index-key', indexKey], folder);
  requireSaid(proven, 0, 'verify_release.py');
  for (const line of proven.text.trim().split('\n')) note(line);
}

function untilInterrupted(instance: Instance): Promise<unknown> {
  console.log(`\nThe instance goes on running; Ctrl-C stops it.\n\n  Address    ${instance.publicUrl}`);
  console.log(`  Mailbox    ${instance.publicUrl}${instance.mailboxPath ?? ''}`);
  console.log(
    `  Project    ${instance.publicUrl}/projects/${project}\n  Index      ${instance.publicUrl}/simple/${project}/\n`,
  );
  const asked = new Promise((resolve) => ['SIGINT', 'SIGTERM'].forEach((signal) => process.once(signal, resolve)));
  return Promise.race([asked, instance.web.ended]);
}

async function main(): Promise<void> {
  const started = Date.now();
  const folder = mkdtempSync(path.join(tmpdir(), 'cs-demo-'));
  const downloads = path.join(folder, 'downloads');
  mkdirSync(downloads);
  tell('An instance starts on an empty data folder: web program with embedded database, countersigner with a new key.');
  const port = await freePort(Number(process.env['PORT'] ?? 0));
  const instance = await startInstance({
    dataFolder: path.join(folder, 'data'),
    port,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  note(`${instance.publicUrl}   index key ${instance.fingerprint}`);
  try {
    const mailbox = openMailboxPage(instance.publicUrl, instance.mailboxPath ?? '');
    const signers = await release({ base: instance.publicUrl, mailbox }, downloads);
    const index = { base: instance.publicUrl, indexKey: instance.fingerprint };
    await check(index, downloads, signers);
    await prove(index, downloads);
    console.log(`\nAll of it held, in ${Math.round((Date.now() - started) / 1000)} s.`);
    if (process.argv.includes('--serve')) await untilInterrupted(instance);
  } finally {
    await closeEverybody();
    await instance.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().then(
  () => process.exit(0),
  (fault: unknown) => {
    console.error(`\nIt did not hold. ${fault instanceof Error ? fault.message : String(fault)}`);
    process.exit(1);
  },
);
