// Rows of a project with one approved draft, written straight into the database, and the real countersigner over real HTTP against the
// real hand-over addresses. Tests change rows behind everybody's back: that is what an intruder in the database could do.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Readable } from 'node:stream';
import { renderInstant, type DraftId } from '#lib/core/ids.ts';
import type { Policy } from '#lib/core/policy.ts';
import { readStatement } from '#lib/core/statement.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';
import { readCertificate } from '#lib/pgp/read-certificate.ts';
import { readSignatures } from '#lib/pgp/read-signatures.ts';
import { answerRefusal, asRefusal } from '#lib/server/http/refusal.ts';
import { runtime } from '#lib/server/runtime.ts';
import { handoffRoute } from '#web/handoff.ts';
import { judgesHere } from '../../countersigner/judges/judges.ts';
import { makeSetAside } from '../../countersigner/judges/set-aside.ts';
import { initKeys, openKeys } from '../../countersigner/keys.ts';
import { runRound } from '../../countersigner/round.ts';
import type { RoundReport } from '../../countersigner/round-parts.ts';
import { openStore } from '../../countersigner/store.ts';
import { holdRoot } from './held-root.ts';
import { webProgramAt, type WebProgram } from '../../countersigner/web-program.ts';
import {
  ada,
  bo,
  chi,
  demo,
  firstPolicy,
  index,
  minute,
  policyBytes,
  sdist,
  sdistName,
  sign,
  wheel,
  wheelName,
  type Signer,
} from './scene.ts';
import { renderStatement, type Statement } from '#lib/core/statement.ts';

export const draftId = '6f2c9d1e4b7a' as DraftId;

/** When the rows were made; the clock of the runtime may be later. */
const at = (): Date => runtime().clock.now();

async function addPerson({ name, key, certificate }: Signer): Promise<void> {
  const { db } = runtime();
  const { bytes } = await readCertificate(certificate, at().getTime());
  await db.person.create({ data: { name, createdAt: at() } });
  await db.address.create({
    data: { address: `${name}@example.org`, personName: name, verifiedAt: at(), isPrimary: true },
  });
  await db.key.create({
    data: {
      fingerprint: key,
      personName: name,
      certificate: new Uint8Array(bytes),
      state: 'active',
      createdAt: at(),
      provenAt: at(),
    },
  });
}

/** The project with its first policy, signed by ada. */
export async function addProject(policy: Policy = firstPolicy()): Promise<void> {
  const { db } = runtime();
  for (const person of [ada, bo, chi]) await addPerson(person);
  await db.project.create({ data: { name: demo, createdBy: ada.name, createdAt: at(), policyInForce: 1 } });
  for (const { name, role } of policy.people)
    await db.membership.create({ data: { projectName: demo, personName: name, role } });
  await addPolicyRow(policy, [ada]);
}

/** One policy in force, with these signatures; the one before it is superseded. */
export async function addPolicyRow(policy: Policy, by: readonly Signer[]): Promise<void> {
  const { db } = runtime();
  const bytes = new Uint8Array(policyBytes(policy));
  await db.policy.updateMany({ where: { projectName: demo, state: 'in-force' }, data: { state: 'superseded' } });
  const row = { projectName: demo, version: policy.version, state: 'in-force', bytes, sha256: sha256Hex(bytes) };
  const id = `policy-${policy.version}`;
  const who = { proposedBy: ada.name, proposedAt: at(), effectiveAt: at(), chainSlot: `${demo}@${policy.version}` };
  await db.policy.create({ data: { id, ...row, threshold: policy.threshold, ...who } });
  for (const one of by) {
    const packet = await packetOf(one, bytes);
    const times = { made: at(), received: at(), via: 'upload' };
    await db.policySignature.create({
      data: {
        packetSha256: packet.sha256,
        policyId: id,
        packet: new Uint8Array(packet.bytes),
        personName: one.name,
        key: one.key,
        issuer: one.key,
        ...times,
      },
    });
  }
  await db.project.update({ where: { name: demo }, data: { policyInForce: policy.version } });
}

async function packetOf(by: Signer, bytes: Uint8Array) {
  const [packet] = await readSignatures(sign(by, bytes, at().getTime() - minute));
  if (!packet) throw new Error('no packet');
  return packet;
}

/** An approved draft of demo 1.0 with a wheel and an sdist in the file store, signed by these people. */
export async function addDraftRows(by: readonly Signer[]): Promise<Buffer> {
  const { db, files } = runtime();
  const contents = [
    [wheelName, wheel()],
    [sdistName, sdist()],
  ] as const;
  const statement: Statement = {
    ...{
      index,
      project: demo,
      version: '1.0' as Statement['version'],
      draft: draftId,
      revision: 1,
      openedBy: ada.name,
    },
    files: contents.map(([name, bytes]) => ({ name, sha256: sha256Hex(bytes) })),
  };
  const bytes = Buffer.from(renderStatement(statement));
  const head = {
    id: draftId,
    projectName: demo,
    version: '1.0',
    versionKey: '1',
    versionSlot: `${demo}@1`,
    revision: 1,
  };
  const times = { openedBy: ada.name, openedAt: at(), deadline: new Date(at().getTime() + 1e9), approvedAt: at() };
  await db.draft.create({ data: { ...head, state: 'approved', ...times } });
  await db.revision.create({
    data: {
      draftId,
      number: 1,
      statement: new Uint8Array(bytes),
      sha256: sha256Hex(bytes),
      createdAt: at(),
      createdBy: ada.name,
    },
  });
  for (const [name, content] of contents) {
    const stored = await files.receive(Readable.from([content]), { bytesMax: 1e6 });
    const file = { name, sha256: stored.sha256, size: BigInt(stored.size), blake2b256: '0'.repeat(64), kind: 'wheel' };
    const slot = { addedBy: ada.name, addedAt: at(), since: 1, nameSlot: `${draftId}:${name}` };
    await db.draftFile.create({ data: { id: name, draftId, ...file, ...slot } });
  }
  for (const one of by) await addSignatureRow(one, bytes);
  return bytes;
}

/** A signature row of the draft over its statement; `received` and person are whatever the intruder likes. */
export async function addSignatureRow(
  by: Signer,
  statement: Uint8Array,
  forged: { received?: Date; personName?: string; packet?: Uint8Array } = {},
): Promise<void> {
  const packet = await packetOf(by, statement);
  const name = forged.personName ?? by.name;
  await runtime().db.signature.create({
    data: {
      ...{
        id: `${name}-${packet.sha256.slice(0, 8)}`,
        draftId,
        revision: readStatement(statement).revision,
        subject: 'statement',
      },
      ...{
        packet: new Uint8Array(forged.packet ?? packet.bytes),
        packetSha256: packet.sha256,
        personName: name,
        key: by.key,
        issuer: by.key,
      },
      ...{
        made: at(),
        received: forged.received ?? at(),
        via: 'upload',
        countedSlot: `${draftId}:statement:1:${name}`,
      },
    },
  });
}

export type Countersigner = { web: WebProgram; url: string; round(): Promise<RoundReport>; close(): Promise<void> };

/** The real countersigner in the data folder of the runtime, over HTTP. `onRequest` is told of each request before it is answered. */
export async function startCountersigner(
  token: string = runtime().secrets.handoff,
  onRequest: () => void = () => undefined,
): Promise<Countersigner> {
  const server: Server = createServer((req, res) => {
    onRequest();
    Promise.resolve(handoffRoute(req, res)).then(
      (answered) => void (answered || res.writeHead(404).end()),
      (fault: unknown) => {
        const { status, headers, body } = answerRefusal(asRefusal(fault));
        res.writeHead(status, headers).end(JSON.stringify(body));
      },
    );
  });
  server.keepAliveTimeout = 120_000; // longer than a test pauses on a busy machine
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = openStore(path.join(runtime().config.dataFolder, 'countersigner'));
  await initKeys(store, index, at().getTime());
  holdRoot(store, index, at().getTime());
  const web = webProgramAt(url, token);
  return {
    ...{ web, url },
    round: async () =>
      runRound({
        ...{ store: openStore(store.folder), keys: await openKeys(store, at().getTime()), web },
        ...{ judges: judgesHere(), setAside: makeSetAside(), now: () => at().getTime() },
      }),
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
}

/** A policy that follows `before`. */
export const following = (before: Policy, change: Partial<Policy>): Policy => ({
  ...before,
  ...{ version: before.version + 1, previous: sha256Hex(policyBytes(before)), date: renderInstant(at().getTime()) },
  ...change,
});
