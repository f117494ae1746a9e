// `countersign decline DRAFT|NAME==VERSION --reason TEXT --index URL`: says why a draft should not be published, for the revision that it has now. While the
// decline stands the draft is not published; whoever declined, or an owner, lifts it on its page. Exit codes: 0 declined, 2 unusable input or not
// possible, 3 could not ask.
import { readReason } from '#lib/core/document.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import { findApiDraft } from '#cli/sign/draft.ts';
import { openSession, type SignTools } from '#cli/sign/open-session.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import type { CommandOutcome } from './inspect-distribution.ts';

export type DeclineOptions = { index?: string | undefined; reason: string; json?: boolean | undefined };

/** Declines and says so. Never throws. */
export async function declineCommand(
  what: string,
  { index, reason, json = false }: DeclineOptions,
  tools: Pick<SignTools, 'home' | 'token'>,
): Promise<CommandOutcome> {
  try {
    const api = openSession(index, tools);
    const why = readReason(reason);
    const { draft, project, version, revision, page } = await findApiDraft(api, what);
    const form = new URLSearchParams({ reason: why, revision: String(revision) });
    const type = 'application/x-www-form-urlencoded';
    await api.post(`drafts/${draft}/decline`, { type, body: new TextEncoder().encode(form.toString()) });
    if (json) return told(safeForTerminal(JSON.stringify({ draft, project, version, revision, reason: why, page })));
    return told(safeForTerminal(`Declined ${project} ${version}, revision ${revision}. ${page}`));
  } catch (fault) {
    return refusalOutcome(fault, json);
  }
}

const told = (line: string): CommandOutcome => ({ exit: 0, out: `${line}\n`, err: '' });
