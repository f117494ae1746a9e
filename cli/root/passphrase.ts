// The passphrase of a root key: typed at the terminal without being shown, or one line on standard input. Never an argument or the environment, which
// other programs of the machine can read.
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { refuse } from '#lib/core/errors.ts';

type Streams = { input: NodeJS.ReadableStream & { isTTY?: boolean }; output: NodeJS.WritableStream };

/** Asks for a passphrase; with `twice`, at a terminal, a second time to be sure. Refuses `root-key.no-passphrase`, `root-key.differ`. */
export async function readPassphrase(streams: Streams, { twice }: { twice: boolean }): Promise<string> {
  const { input, output } = streams;
  const isTerminal = input.isTTY === true;
  // Echoes nothing: what the line editor writes goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: isTerminal });
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  const ask = async (question: string): Promise<string> => {
    if (isTerminal) output.write(question);
    const said = await Promise.race([lines.question(''), ended]);
    if (isTerminal) output.write('\n');
    return said;
  };
  try {
    const said = await ask('Passphrase: ');
    if (said === '') throw refuse('root-key.no-passphrase', {});
    if (isTerminal && twice && (await ask('The same again: ')) !== said) throw refuse('root-key.differ', {});
    return said;
  } finally {
    lines.close();
  }
}
