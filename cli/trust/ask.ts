// Questions to the person at the terminal: the text on standard error, the answer on standard input, and only the whole word "yes" counts. Without a
// terminal on both sides there is nobody to ask, and nothing is asked (threats.md, 111). What is shown is hostile text.
import { createInterface } from 'node:readline/promises';
import { safeForTerminal } from '#cli/terminal.ts';

export type Question = { shows: readonly string[]; asks: string };

/** True where the person said yes. */
export type Ask = (question: Question) => Promise<boolean>;

type Streams = { input: NodeJS.ReadStream; output: NodeJS.WriteStream };

/** Whoever sits at this terminal; null: nobody does. */
export function askerAt({ input, output }: Streams): Ask | null {
  if (input.isTTY !== true || output.isTTY !== true) return null;
  return async ({ shows, asks }) => {
    for (const line of shows) output.write(`${safeForTerminal(line)}\n`);
    const lines = createInterface({ input, output });
    try {
      return (await lines.question(`${safeForTerminal(asks)} Type yes to accept: `)).trim() === 'yes';
    } finally {
      lines.close();
    }
  };
}
