// The world in which doors are tried: one of each role, a draft that waits, an open policy change, invitations, keys and links. Made by the
// commands themselves on the database that the running program has open too. A maintainer was retired and another struck; one of
// them had opened the draft and signed it; the sessions of everybody stay as they were.
import { randomUUID } from 'node:crypto';
import { readAccountName } from '#lib/core/ids.ts';
import { startKeyProof } from '#lib/server/commands/start-key-proof.ts';
import { declineDraft } from '#lib/server/commands/decline-draft.ts';
import { addKey } from '#lib/server/commands/add-key.ts';
import { addWebhook } from '#lib/server/commands/add-webhook.ts';
import { proposePolicy } from '#lib/server/commands/propose-policy.ts';
import { invitePerson } from '#lib/server/commands/invite-person.ts';
import type { HistoryKind } from '#lib/server/history/kinds.ts';
import { sessionCookieName } from '#lib/server/http/session.ts';
import { hashToken } from '#lib/server/secrets.ts';
import { runtime } from '#lib/server/runtime.ts';
import {
  changePolicy,
  inviteAndAccept,
  makeDraft,
  makeKey,
  makePerson,
  makeProject,
  makeWheel,
  makeWorld,
  readInvitationToken,
  signDraft,
  type TestPerson,
} from '../support/story.ts';
import type { Role } from './roles.ts';

export type Setting = {
  project: string;
  /** Its version occurs in no public place: whoever reads it looked inside. */
  draft: string;
  draftVersion: string;
  /** Another one, for the row that withdraws it. */
  spareDraft: string;
  spareVersion: string;
  file: string;
  fileSha256: string;
  /** The path of the personal link in the mail to a maintainer who is none of the roles. */
  link: string;
  openPolicy: number;
  /** A webhook of the project that is told nothing here. */
  webhook: string;
  /** An invitation that waits for the stranger: its id and its link. */
  invitation: { id: string; token: string };
  /** Another one, for the row that revokes it. */
  spareInvitation: string;
  /** The one that was accepted: its id and the key. */
  accepted: { id: string; key: string };
  /** A decline of the spare draft by another maintainer. */
  decline: string;
  /** Digests of a signature on the draft, and of one on policy 1. */
  packets: { draft: string; policy: string };
  /** Entries of history: one that all may see, one for people of the project, one for the owner's account alone. */
  entries: { everybody: string; inside: string; ownersOwn: string };
  /** The owner's proven key, the owner's key that waits for its proof, and the maintainer's. */
  key: string;
  unproven: string;
  maintainerKey: string;
  mailbox: string;
  mail: string;
  /** A link for an address that is new here. */
  signInToken: string;
  /** What nobody outside may read anywhere. */
  secrets: string[];
  people: Record<Role, TestPerson | null>;
};

const hour = 3_600_000;
const version = '4.17.29';
const secretAddress = 'guest-of-honour@example.org';
const secretHost = 'receiver-of-the-owners.example';
const removals = [
  { name: 'rex', how: 'retire' as const },
  { name: 'sue', how: 'strike' as const, since: null, reason: 'Their laptop was stolen.' },
];
const spareVersion = '4.17.30';

/** Makes everything; the runtime must be open. */
export async function makeSetting(): Promise<Setting> {
  const { ada, bo, chi, project } = await makeWorld();
  const [rex, sue, ivy] = [await makePerson('rex'), await makePerson('sue'), await makePerson('ivy')];
  const [sam, fay] = [await makePerson('sam'), await makePerson('fay')];
  await makeProject(fay, 'elsewhere');
  const admit = [await inviteAndAccept(ada, project, rex), await inviteAndAccept(ada, project, sue)];
  await changePolicy(ada, { project, admit }, ada, bo);
  const { draft } = await makeDraft(rex, project, version);
  await signDraft(rex, draft);
  const { draft: spareDraft } = await makeDraft(rex, project, spareVersion);
  await declineDraft(chi.actor, { draft: spareDraft, reason: 'Not on a Friday.' });
  await changePolicy(ada, { project, remove: removals }, ada, bo);
  const accepted = await inviteAndAccept(ada, project, ivy);
  const { invitation } = await invitePerson(ada.actor, { project, address: sam.address, role: 'maintainer' });
  const spare = await invitePerson(ada.actor, { project, address: secretAddress, role: 'maintainer' });
  const { version: openPolicy } = await proposePolicy(ada.actor, { project, threshold: 1 });
  const hook = { project, address: `https://${secretHost}/hook`, events: ['policy.expired'] };
  const { webhook } = await addWebhook(ada.actor, hook);
  const unproven = await makeKey('ada');
  await addKey(ada.actor, { certificate: unproven.certificate });
  await startKeyProof(ada.actor, { fingerprint: unproven.fingerprint });
  const file = makeWheel(project, version).name;
  return {
    ...{ project, draft, draftVersion: version, spareDraft, spareVersion, file, openPolicy, webhook },
    fileSha256: await digestOf(draft, file),
    link: await linkTo(chi, version),
    invitation: { id: invitation, token: await readInvitationToken(sam.address) },
    ...{ spareInvitation: spare.invitation, accepted: { id: accepted, key: ivy.key.fingerprint } },
    decline: await declineOf(spareDraft),
    packets: { draft: await packetOfDraft(draft), policy: await packetOfPolicy(project, 1) },
    entries: {
      everybody: await entryOf({ projectName: project, kind: 'project.created' }),
      inside: await entryOf({ draftId: draft, kind: 'draft.opened' }),
      ownersOwn: await entryOf({ personName: ada.actor.name, kind: 'key.added' }),
    },
    ...{ key: ada.key.fingerprint, unproven: unproven.fingerprint, maintainerKey: bo.key.fingerprint },
    ...{ mailbox: runtime().secrets.mailbox, mail: await newestMail(), signInToken: await makeSignInLink() },
    secrets: [version, spareVersion, secretAddress, secretHost],
    people: {
      ...{ visitor: null, 'expired session': ada, 'hand-over token': null, stranger: sam, 'owner elsewhere': fay },
      ...{ removed: rex, struck: sue, invited: ivy, maintainer: bo, owner: ada, 'owner, not fresh': ada },
    },
  };
}

async function digestOf(draft: string, name: string): Promise<string> {
  return (await runtime().db.draftFile.findFirstOrThrow({ where: { draftId: draft, name } })).sha256;
}

async function linkTo({ actor }: TestPerson, named: string): Promise<string> {
  const where = { toPerson: actor.name, event: 'draft.opened', subject: { contains: named } };
  const mail = await runtime().db.mail.findFirstOrThrow({ where });
  return /\/d\/[\w-]+/.exec(mail.text)?.[0] ?? '';
}

const packetOfDraft = async (draftId: string): Promise<string> =>
  (await runtime().db.signature.findFirstOrThrow({ where: { draftId } })).packetSha256;

async function packetOfPolicy(projectName: string, version: number): Promise<string> {
  const where = { policy: { projectName, version } };
  return (await runtime().db.policySignature.findFirstOrThrow({ where })).packetSha256;
}

const declineOf = async (draftId: string): Promise<string> =>
  (await runtime().db.decline.findFirstOrThrow({ where: { draftId } })).id;

const entryOf = async (where: { kind: HistoryKind; projectName?: string; draftId?: string; personName?: string }) =>
  String((await runtime().db.historyEntry.findFirstOrThrow({ where })).id);

const newestMail = async (): Promise<string> =>
  (await runtime().db.mail.findFirstOrThrow({ orderBy: { createdAt: 'desc' } })).id;

async function makeSignInLink(): Promise<string> {
  const token = randomUUID();
  const now = runtime().clock.now();
  const expiresAt = new Date(now.getTime() + hour);
  const row = { tokenHash: hashToken(token), address: 'new@example.org', returnTo: '/', createdAt: now, expiresAt };
  await runtime().db.signInLink.create({ data: row });
  return token;
}

/** The headers by which this role is known. Each call opens a session of its own, so that one who signs out ends no other. */
export async function headersOf(role: Role, { people }: Setting): Promise<Record<string, string>> {
  if (role === 'hand-over token') return { authorization: `Bearer ${runtime().secrets.handoff}` };
  const person = people[role];
  if (person === null) return {};
  const token = randomUUID();
  const now = runtime().clock.now().getTime();
  const at = (hours: number): Date => new Date(now + hours * hour);
  await runtime().db.session.create({
    data: {
      tokenHash: hashToken(token),
      personName: readAccountName(person.actor.name),
      createdAt: at(-2),
      expiresAt: at(role === 'expired session' ? -1 : 1),
      freshUntil: at(role === 'owner, not fresh' || role === 'expired session' ? -1 : 1),
    },
  });
  return { cookie: `${sessionCookieName()}=${token}` };
}
