// People with real keys, a 2-of-3 project and a draft, made through the commands themselves: what server, countersigner and e2e
// suites start from. Keys are made by openpgp in milliseconds; signatures are real. Needs an open test runtime.
import { Readable } from 'node:stream';
import { createMessage, generateKey, sign, type PrivateKey } from 'openpgp';
import { readAccountName, readFingerprint, type Fingerprint } from '#lib/core/ids.ts';
import type { Actor } from '#lib/core/people.ts';
import { acceptInvitation } from '#lib/server/commands/accept-invitation.ts';
import { addKey } from '#lib/server/commands/add-key.ts';
import { addPolicySignature } from '#lib/server/commands/add-policy-signature.ts';
import { addSignature, type AddedSignature } from '#lib/server/commands/add-signature.ts';
import { confirmInvited } from '#lib/server/commands/confirm-invited.ts';
import { createProject } from '#lib/server/commands/create-project.ts';
import { invitePerson } from '#lib/server/commands/invite-person.ts';
import { openDraft, type OpenedDraft } from '#lib/server/commands/open-draft.ts';
import { proposePolicy, type ProposePolicyInput } from '#lib/server/commands/propose-policy.ts';
import { proveKey } from '#lib/server/commands/prove-key.ts';
import type { Upload } from '#lib/server/files/inspect-upload.ts';
import { limits } from '#lib/server/limits.ts';
import { keyPhrase } from '#lib/server/queries/account-keys.ts';
import { policyBytes } from '#lib/server/queries/policy-page.ts';
import { statementBytes } from '#lib/server/queries/statement-bytes.ts';
import { runtime } from '#lib/server/runtime.ts';
import { makeTarGzip, makeZip, metadataText, wheelFiles } from './archives.ts';

export type TestKey = { private: PrivateKey; certificate: Uint8Array; fingerprint: Fingerprint };
export type TestPerson = { actor: Actor & { kind: 'person' }; address: string; key: TestKey };

const day = 86_400_000;

export const visitor: Actor = { kind: 'visitor' };
/** Somebody who signed in a moment ago, whatever the test's clock says; tests/server/passkeys.test.ts is about those who did not. */
export const personActor = (name: string): TestPerson['actor'] => ({
  kind: 'person',
  name: readAccountName(name),
  freshUntil: Number.MAX_SAFE_INTEGER,
});

/** A key with a signing subkey, made a day before the runtime's now. */
export async function makeKey(userName: string, more: { expiresInSeconds?: number } = {}): Promise<TestKey> {
  const made = await generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ name: userName, email: `${userName}@example.org` }],
    subkeys: [{ sign: true }],
    date: new Date(runtime().clock.now().getTime() - day),
    ...(more.expiresInSeconds && { keyExpirationTime: more.expiresInSeconds }),
    format: 'object',
  });
  const fingerprint = readFingerprint(made.publicKey.getFingerprint().toUpperCase());
  return { private: made.privateKey, certificate: made.publicKey.write(), fingerprint };
}

/** A detached signature, made a minute before the runtime's now unless said otherwise. */
export async function signBytes(key: TestKey, bytes: Uint8Array, at?: Date): Promise<Uint8Array> {
  const date = at ?? new Date(runtime().clock.now().getTime() - 60_000);
  const message = await createMessage({ binary: bytes });
  return sign({ message, signingKeys: key.private, detached: true, format: 'binary', date });
}

/** An account with one verified address, as signing in makes it. */
export async function makeAccount(name: string): Promise<Pick<TestPerson, 'actor' | 'address'>> {
  const actor = personActor(name);
  const address = `${name}@example.org`;
  const now = runtime().clock.now();
  await runtime().db.person.create({ data: { name: actor.name, createdAt: now } });
  await runtime().db.address.create({ data: { address, personName: actor.name, verifiedAt: now, isPrimary: true } });
  return { actor, address };
}

/** Adds a key to an account and proves it. */
export async function makeProvenKey(actor: TestPerson['actor'], key?: TestKey): Promise<TestKey> {
  const made = key ?? (await makeKey(actor.name));
  await addKey(actor, { certificate: made.certificate });
  const phrase = await keyPhrase(actor, made.fingerprint);
  await proveKey(actor, {
    fingerprint: made.fingerprint,
    signature: await signBytes(made, phrase.bytes),
    way: 'upload',
  });
  return made;
}

/** An account with a proven key. */
export async function makePerson(name: string): Promise<TestPerson> {
  const account = await makeAccount(name);
  return { ...account, key: await makeProvenKey(account.actor) };
}

/** Signs the policy that is open, by each of these people. */
export async function signPolicy(project: string, version: number, ...people: TestPerson[]): Promise<void> {
  for (const { actor, key } of people) {
    const { bytes } = await policyBytes(actor, project, version);
    await addPolicySignature(actor, { project, version, signature: await signBytes(key, bytes), way: 'upload' });
  }
}

/** A project of one founder with policy 1 in force. */
export async function makeProject(founder: TestPerson, name: string, threshold = 1): Promise<string> {
  const { project } = await createProject(founder.actor, { name, threshold, key: founder.key.fingerprint });
  await signPolicy(project, 1, founder);
  return project;
}

/** The secret in the newest invitation mail to this address. */
export async function readInvitationToken(address: string): Promise<string> {
  const mail = await runtime().db.mail.findFirst({
    where: { toAddress: address, event: 'invitation' },
    orderBy: { createdAt: 'desc' },
  });
  const token = /\/invitations\/([\w-]+)/.exec(mail?.text ?? '')?.[1];
  if (!token) throw new Error(`No invitation was mailed to ${address}.`);
  return token;
}

/** Invites, accepts with the person's key, and the owner confirms it. Answers the invitation's id. */
export async function inviteAndAccept(
  owner: TestPerson,
  project: string,
  person: TestPerson,
  role: 'owner' | 'maintainer' = 'maintainer',
): Promise<string> {
  const { invitation } = await invitePerson(owner.actor, { project, address: person.address, role });
  await acceptInvitation(person.actor, {
    token: await readInvitationToken(person.address),
    key: person.key.fingerprint,
  });
  await confirmInvited(owner.actor, { invitation, key: person.key.fingerprint, pasted: person.key.fingerprint });
  return invitation;
}

/** Proposes the next policy and has these people sign it. Answers its version. */
export async function changePolicy(
  owner: TestPerson,
  input: ProposePolicyInput,
  ...signers: TestPerson[]
): Promise<number> {
  const { project, version } = await proposePolicy(owner.actor, input);
  await signPolicy(project, version, ...signers);
  return version;
}

export type World = { ada: TestPerson; bo: TestPerson; chi: TestPerson; project: string };

/** Ada owns the project, Bo and Chi are maintainers, two of three must sign. Names get the suffix, so that worlds can share a database. */
export async function makeWorld(suffix = ''): Promise<World> {
  const ada = await makePerson(`ada${suffix}`);
  const bo = await makePerson(`bo${suffix}`);
  const chi = await makePerson(`chi${suffix}`);
  const project = await makeProject(ada, `sunrise${suffix}`);
  const admit = [await inviteAndAccept(ada, project, bo), await inviteAndAccept(ada, project, chi)];
  await changePolicy(ada, { project, admit, threshold: 2 }, ada);
  return { ada, bo, chi, project };
}

const moduleName = (project: string): string => project.replaceAll('-', '_');

/** The bytes of a good wheel; `content` makes it another one of the same name. */
export function makeWheel(project: string, version = '1.2.0', content = 'x = 1\n'): { name: string; bytes: Buffer } {
  const module = moduleName(project);
  const files = wheelFiles({
    files: { [`${module}/__init__.py`]: content },
    info: `${module}-${version}.dist-info`,
    metadata: metadataText({ name: project, version }),
  });
  return { name: `${module}-${version}-py3-none-any.whl`, bytes: makeZip(files) };
}

/** The bytes of a good sdist. */
export function makeSdist(project: string, version = '1.2.0', content = 'x = 1\n'): { name: string; bytes: Buffer } {
  const folder = `${moduleName(project)}-${version}`;
  const bytes = makeTarGzip([
    { path: `${folder}/`, type: '5' },
    { path: `${folder}/PKG-INFO`, content: metadataText({ name: project, version }) },
    { path: `${folder}/pyproject.toml`, content: '[build-system]\nrequires = []\n' },
    { path: `${folder}/${moduleName(project)}/__init__.py`, content },
  ]);
  return { name: `${folder}.tar.gz`, bytes };
}

/** Puts bytes into the store, as the upload route does. */
export async function storeUpload(file: { name: string; bytes: Uint8Array }): Promise<Upload> {
  const stored = await runtime().files.receive(Readable.from([file.bytes]), { bytesMax: limits.uploadBytesMax });
  return { uploadedName: file.name, stored };
}

/** Opens a draft with a wheel and an sdist. */
export async function makeDraft(person: TestPerson, project: string, version = '1.2.0'): Promise<OpenedDraft> {
  const uploads = [await storeUpload(makeWheel(project, version)), await storeUpload(makeSdist(project, version))];
  return openDraft(person.actor, { project, uploads, signatures: [] });
}

/** Signs the current statement of a draft and hands the signature in. */
export async function signDraft(person: TestPerson, draft: string): Promise<AddedSignature> {
  const { bytes } = await statementBytes(person.actor, draft);
  return addSignature(person.actor, { draft, signature: await signBytes(person.key, bytes), way: 'upload' });
}
