// Where the client keeps what is its own (XDG base directory specification): what it trusts and has seen (state), and what its user demands
// (config). The user's GnuPG home is never touched. COUNTERSIGN_HOME puts both below one folder, for machines that keep it elsewhere, and for tests.
import path from 'node:path';
import { homedir } from 'node:os';

export type Home = {
  /** Pins, one folder an index; evidence of contradictions. Written by this program alone. */
  state: string;
  /** Demands that the user writes. Read only. */
  config: string;
};

type Environment = Record<string, string | undefined>;

/** The folders by the environment. A relative path in it is ignored, as the specification says. */
export function readHome(environment: Environment): Home {
  const given = (name: string): string | null => {
    const value = environment[name];
    return value !== undefined && path.isAbsolute(value) ? value : null;
  };
  const own = given('COUNTERSIGN_HOME');
  if (own !== null) return { state: path.join(own, 'state'), config: path.join(own, 'config') };
  const user = given('HOME') ?? homedir();
  return {
    state: path.join(given('XDG_STATE_HOME') ?? path.join(user, '.local', 'state'), 'countersign'),
    config: path.join(given('XDG_CONFIG_HOME') ?? path.join(user, '.config'), 'countersign'),
  };
}
