// The commands that races are run with, by name: the process of an app knows them by this list, and so does the test that sends them there.
import { acceptInvitation } from '#lib/server/commands/accept-invitation.ts';
import { addKey } from '#lib/server/commands/add-key.ts';
import { addPolicySignature } from '#lib/server/commands/add-policy-signature.ts';
import { addSignature } from '#lib/server/commands/add-signature.ts';
import { changeFiles } from '#lib/server/commands/change-files.ts';
import { confirmInvited } from '#lib/server/commands/confirm-invited.ts';
import { createProject } from '#lib/server/commands/create-project.ts';
import { declineDraft } from '#lib/server/commands/decline-draft.ts';
import { invitePerson } from '#lib/server/commands/invite-person.ts';
import { liftDecline } from '#lib/server/commands/lift-decline.ts';
import { markKeyLost } from '#lib/server/commands/mark-key-lost.ts';
import { openDraft } from '#lib/server/commands/open-draft.ts';
import { leaveProject } from '#lib/server/commands/leave-project.ts';
import { prepareDeclaration } from '#lib/server/commands/prepare-declaration.ts';
import { proposePolicy } from '#lib/server/commands/propose-policy.ts';
import { remindNow } from '#lib/server/commands/remind-now.ts';
import { remindPeople } from '#lib/server/commands/remind-people.ts';
import { removePerson } from '#lib/server/commands/remove-person.ts';
import { revokeInvitation } from '#lib/server/commands/revoke-invitation.ts';
import { signDeclaration } from '#lib/server/commands/sign-declaration.ts';
import { silenceDraft } from '#lib/server/commands/silence-draft.ts';
import { takeBackSignature } from '#lib/server/commands/take-back-signature.ts';
import { withdrawDraft } from '#lib/server/commands/withdraw-draft.ts';
import { withdrawPolicy } from '#lib/server/commands/withdraw-policy.ts';
import { placeHandbacks } from '#lib/server/handoff/place.ts';

export const commands = {
  ...{ acceptInvitation, addKey, addPolicySignature, addSignature, changeFiles, confirmInvited, createProject },
  ...{ declineDraft, invitePerson, liftDecline, markKeyLost, openDraft, proposePolicy, revokeInvitation },
  ...{ leaveProject, prepareDeclaration, removePerson, signDeclaration, remindNow, remindPeople, silenceDraft },
  ...{ takeBackSignature, withdrawDraft, withdrawPolicy, placeHandbacks },
};
export type CommandName = keyof typeof commands;

/** One command with what it is given, ready to be sent to an app. */
export type Ready = { name: CommandName; given: unknown[] };
export const ready = <N extends CommandName>(name: N, ...given: Parameters<(typeof commands)[N]>): Ready => ({
  name,
  given,
});

/** Runs it in this process. */
export const runHere = ({ name, given }: Ready): Promise<unknown> =>
  (commands[name] as (...given: unknown[]) => Promise<unknown>)(...given);
