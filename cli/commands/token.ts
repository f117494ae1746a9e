// `countersign token --index URL`: keeps a token for an index, read from standard input so that it stands in no history of a shell and in no list of processes. It
// asks the index whose it is before it is kept, in a file for this user alone. `--forget` takes it out again; it stays good until it is revoked on the
// index. Exit codes: 0 kept or forgotten, 2 unusable, 3 could not ask.
import { openApi } from '#cli/index/ask-api.ts';
import { readTokenFacts } from '#cli/index/read-api.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import { chooseIndex } from '#cli/sign/open-session.ts';
import { findToken, keepToken, readTokenText } from '#cli/sign/token.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import type { Home } from '#cli/trust/home.ts';
import type { CommandOutcome } from './inspect-distribution.ts';

export type TokenOptions = { index?: string | undefined; forget?: boolean | undefined };

/** `read`: the line that somebody gives on standard input. Never throws. */
export async function tokenCommand(
  { index, forget = false }: TokenOptions,
  { home, read }: { home: Home; read: () => Promise<string> },
): Promise<CommandOutcome> {
  try {
    const base = chooseIndex(index, home);
    if (forget) {
      keepToken(home, base, null);
      return told(`The token for ${base} is no longer kept here. To end it, revoke it in your account there.`);
    }
    const token = findToken(base, { home, given: readTokenText(await read()) });
    const { person, name, scopes, project } = readTokenFacts(
      `${base}api/v1/token`,
      await openApi(base, token).get('token'),
    );
    const file = keepToken(home, base, token);
    const where = project === null ? 'all projects' : project;
    return told(`The token “${name}” of ${person} (${scopes.join(', ')}; ${where}) is kept for ${base} in ${file}.`);
  } catch (fault) {
    return refusalOutcome(fault, false);
  }
}

const told = (line: string): CommandOutcome => ({ exit: 0, out: `${safeForTerminal(line)}\n`, err: '' });
