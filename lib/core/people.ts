// Who acts, and what they may ask for. One table; commands and queries call `requireMay` in their first line.
// A role comes from the policy in force (membership rows follow it); nobody has a right that is not in the table.
import { refuse } from './errors.ts';
import type { AccountName, DraftId, ProjectName } from './ids.ts';

export type Actor =
  | { kind: 'visitor' }
  /** `freshUntil` (milliseconds): until when a recent sign-in or passkey check stands for sensitive acts; absent: it does not. */
  | { kind: 'person'; name: AccountName; freshUntil?: number }
  /** Whoever holds the link that was mailed to this person for this draft: not signed in, and with `linkRights` only. `id`: the link's. */
  | { kind: 'link'; id: string; name: AccountName; draft: DraftId }
  /**
   * A program that shows a token, in the name of whoever made it: with the rights of its scopes only, of those the person has, and in its one
   * project where it has one. `label`: what its maker called it. `of`: whose token it is.
   */
  | {
      kind: 'token';
      id: string;
      of: 'person' | 'project';
      name: AccountName;
      label: string;
      scopes: readonly Scope[];
      project: ProjectName | null;
    }
  | { kind: 'jobs' }
  | { kind: 'countersigner' };

/** In a project; `invited`: has accepted, no policy names them yet; `none`: everyone else. */
export type Role = 'owner' | 'maintainer' | 'invited' | 'none';

/** What can be asked for inside a project. */
export type Verb =
  | 'project.read'
  | 'project.see-drafts'
  | 'person.invite'
  | 'person.confirm'
  | 'person.leave'
  | 'invitation.revoke'
  | 'policy.propose'
  | 'policy.sign'
  | 'policy.withdraw'
  | 'chain.begin'
  | 'chain.withdraw'
  | 'draft.open'
  | 'draft.change-files'
  | 'draft.withdraw'
  | 'draft.decline'
  | 'draft.remind'
  | 'draft.silence'
  | 'release.yank'
  | 'declaration.sign'
  | 'project.set-status'
  | 'project.set-reminders'
  | 'draft.lift-decline'
  | 'draft.ignore-finding'
  | 'draft.comment'
  | 'draft.rebuild'
  | 'draft.preview'
  | 'link.revoke'
  | 'signature.add'
  | 'signature.add-with-files'
  | 'signature.take-back'
  | 'webhook.manage'
  | 'elsewhere.manage'
  | 'mail.choose'
  | 'mail.see-trouble'
  | 'token.make'
  | 'token.revoke';

const everyone = ['owner', 'maintainer', 'invited', 'none'] as const;
const signers = ['owner', 'maintainer'] as const;
const owners = ['owner'] as const;

/** Verb → roles. The role × action table of the tests is checked against this one. */
export const rights = {
  'project.read': everyone,
  'project.see-drafts': signers,
  'person.invite': owners,
  'person.confirm': owners,
  'person.leave': signers,
  'invitation.revoke': owners,
  'policy.propose': owners,
  'policy.sign': signers,
  'policy.withdraw': owners,
  'chain.begin': signers, // and only where the chain is stuck: asked in the command
  'chain.withdraw': signers,
  'draft.open': signers,
  'draft.change-files': signers,
  'draft.withdraw': owners, // and who opened it: asked in the command
  'draft.decline': signers,
  'draft.remind': signers,
  'draft.silence': signers,
  'draft.lift-decline': owners, // and who declined: asked in the command
  'draft.ignore-finding': owners,
  'draft.comment': signers,
  'draft.rebuild': signers,
  'draft.preview': owners, // and who opened it: asked in the command
  'release.yank': owners,
  'declaration.sign': owners,
  'project.set-status': owners,
  'project.set-reminders': owners,
  'link.revoke': owners, // and everybody their own: asked in the command
  'signature.add': signers,
  'signature.add-with-files': signers,
  'signature.take-back': signers,
  'webhook.manage': owners,
  'elsewhere.manage': owners,
  'mail.choose': signers,
  'mail.see-trouble': owners,
  'token.make': signers,
  'token.revoke': signers, // one's own; owners: everybody's, asked in the command
} as const satisfies Record<Verb, readonly Role[]>;

/**
 * What a personal link opens of the rights of its person, for its one draft: reading it, handing in signatures (each is its own proof), declining,
 * and what its person hears of it.
 * Nothing that changes files, people or rules, or ends a draft.
 */
const linkRights: readonly Verb[] = ['project.see-drafts', 'signature.add', 'draft.decline', 'draft.silence'];

/** What a token can be made for. A person's: all but status. A project's: status, upload. */
export const scopes = ['status', 'queue', 'read', 'sign', 'upload', 'manage', 'account'] as const;
export type Scope = (typeof scopes)[number];

/**
 * Scope → what it opens of the rights of its maker (threats.md, 62). Nothing here adds people, rules, keys or tokens, or prepares a declaration;
 * `upload` hands in no signature but one over the bytes of a file that it brings, which is its own proof, and `sign` never touches files.
 */
export const scopeRights = {
  status: ['project.see-drafts'],
  queue: ['project.see-drafts'],
  read: ['project.see-drafts'],
  sign: [
    'project.see-drafts',
    'signature.add',
    'draft.decline',
    'draft.comment',
    'draft.rebuild',
    'policy.sign',
    'declaration.sign',
  ],
  upload: ['project.see-drafts', 'draft.open', 'draft.change-files', 'signature.add-with-files'],
  manage: [
    ...(['project.see-drafts', 'draft.withdraw', 'draft.lift-decline', 'draft.remind', 'draft.silence'] as const),
    ...(['draft.ignore-finding', 'draft.preview', 'token.revoke'] as const),
    ...(['signature.take-back', 'project.set-reminders', 'invitation.revoke'] as const),
  ],
  account: ['mail.choose'],
} as const satisfies Record<Scope, readonly Verb[]>;

/** The scopes that open this verb. */
const scopesFor = (verb: Verb): Scope[] =>
  scopes.filter((scope) => (scopeRights[scope] as readonly Verb[]).includes(verb));

/** Refuses a token that has none of these scopes with `token.not-for-this`. */
export function requireScope(held: readonly Scope[], needed: readonly Scope[]): void {
  if (needed.some((scope) => held.includes(scope))) return;
  throw refuse('token.not-for-this', { scopes: held.join(', '), needs: needed.join(' or ') });
}

/** Whether this role has this right. */
export function may(role: Role, verb: Verb): boolean {
  return (rights[verb] as readonly Role[]).includes(role);
}

/** In whose name it is done, signed in, by a personal link or with a token; null: nobody's. It grants nothing. */
export const personOf = (actor: Actor): AccountName | null => ('name' in actor ? actor.name : null);

/** The name of a signed-in person; refuses everybody else, links and tokens too, with `person.sign-in-first`. */
export function requirePerson(actor: Actor): AccountName {
  if (actor.kind !== 'person') throw refuse('person.sign-in-first', {});
  return actor.name;
}

/**
 * The name in which somebody signed in, or a token that has this verb among its scopes, may ask at all; their role decides the rest.
 * Throws `person.sign-in-first`, `token.not-for-this`.
 */
export function requireAsking(actor: Actor, verb: Verb): AccountName {
  if (actor.kind !== 'token') return requirePerson(actor);
  requireScope(actor.scopes, scopesFor(verb));
  return actor.name;
}

/** In whose own affairs it is asked: one's own, signed in, or with a personal token for all projects that has this scope. Throws `person.sign-in-first`. */
export function requireOwn(actor: Actor, scope: Scope): AccountName {
  const isTheirs = actor.kind === 'token' && actor.of === 'person' && actor.project === null;
  return isTheirs && actor.scopes.includes(scope) ? actor.name : requirePerson(actor);
}

/** Whose queue is asked for: one's own, signed in or with a personal token for it. Throws as `requireAsking`. */
export function requireQueue(actor: Actor): AccountName {
  if (actor.kind !== 'token') return requirePerson(actor);
  requireScope(actor.scopes, ['queue', 'sign']); // a project's token is never made for either
  return actor.name;
}

/** Minutes for which a sign-in or a passkey check opens the sensitive acts. */
export const freshMinutes = 60;

/** Whether the person signed in or used a passkey recently enough for a sensitive act. */
export const isFresh = (actor: Actor, now: number): boolean => actor.kind === 'person' && now < (actor.freshUntil ?? 0);

/**
 * Refuses a sensitive act (keys, people, rules, passkeys, tokens) from a session that is only open: a stolen cookie is not enough
 * (threats.md, 58). Throws `person.sign-in-first` or `session.not-fresh`.
 */
export function requireFresh(actor: Actor, now: number): AccountName {
  const name = requirePerson(actor);
  if (!isFresh(actor, now)) throw refuse('session.not-fresh', { minutes: freshMinutes });
  return name;
}

/**
 * Refuses an actor whose role lacks the right. To somebody without any role a project's inside does not exist:
 * the refusal for a foreign object equals the one for an object that is not there (threats.md, 56).
 */
export function requireMay(actor: Actor, role: Role, verb: Verb, project: ProjectName): AccountName {
  const name = actor.kind === 'link' && linkRights.includes(verb) ? actor.name : requireAsking(actor, verb);
  if (!may(role, verb)) throw refuse('person.may-not', { project, role });
  return name;
}
