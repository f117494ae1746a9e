// `countersign queue --index URL`: what needs the signature of whoever's token it is. What it hears is the word of the web program; before anything is
// signed `countersign sign` looks at the statement itself. Exit codes: 0 asked and answered (also with nothing to sign), 2 no usable token, 3 could
// not ask.
import { openSession, type SignTools } from '#cli/sign/open-session.ts';
import { readQueue, type Queue, type QueuedDraft } from '#cli/index/read-api.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import type { CommandOutcome } from './inspect-distribution.ts';

export type QueueOptions = { index?: string | undefined; json?: boolean | undefined };

/** Asks and says it. Never throws. */
export async function queueCommand(
  { index, json = false }: QueueOptions,
  tools: Pick<SignTools, 'home' | 'token'>,
): Promise<CommandOutcome> {
  try {
    const api = openSession(index, tools);
    const queue = readQueue(`${api.base}api/v1/queue`, await api.get('queue'));
    const out = json ? `${safeForTerminal(JSON.stringify(queue))}\n` : render(queue, api.base);
    return { exit: 0, out, err: '' };
  } catch (fault) {
    return refusalOutcome(fault, json);
  }
}

function render({ person, drafts, policies }: Queue, base: string): string {
  if (drafts.length + policies.length === 0) return `Nothing needs the signature of ${safeForTerminal(person)}.\n`;
  const lines = [
    ...drafts.flatMap(sayDraft),
    ...policies.map(
      ({ project, version, proposedBy, page }) =>
        `policy ${version} of ${project}, proposed by ${proposedBy}: sign it at ${page}`,
    ),
    ...(drafts.length === 0 ? [] : ['', `Look at one and sign it: countersign sign DRAFT --index ${base}`]),
  ];
  return `${lines.map(safeForTerminal).join('\n')}\n`;
}

function sayDraft(row: QueuedDraft): string[] {
  const { draft, project, version, revision, openedBy, deadline, counted, required, declinedBy, page } = row;
  const signed = `${counted.length} of ${required} have signed${counted.length === 0 ? '' : ` (${counted.join(', ')})`}`;
  const declined = declinedBy.length === 0 ? '' : `, declined by ${declinedBy.join(', ')}`;
  return [
    `${draft}  ${project} ${version}, revision ${revision}, opened by ${openedBy}, until ${deadline.slice(0, 10)}`,
    `              ${signed}${declined}`,
    `              ${page}`,
  ];
}
