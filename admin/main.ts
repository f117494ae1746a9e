// The operator's program: `backup`, `restore`, `catch-up`, `move`, `doctor`. It works on the places that the settings name and serves nothing; each command says what it did, or refuses
// in one sentence with an exit code (docs/formats/exit-codes.md). With the embedded database it runs while the instance stands still: one process owns that folder.
import { exitCode, isRefusal } from '#lib/core/errors.ts';
import { backup, move, restore } from './copies.ts';
import { catchUpFrom } from './catch-up.ts';
import { doctor } from './doctor.ts';
import type { Environment } from './settings.ts';

type Command = (
  environment: Environment,
  rest: readonly string[],
  say: (line: string) => void,
) => Promise<number | void>;

const commands: Readonly<Record<string, Command>> = { backup, restore, 'catch-up': catchUpFrom, move, doctor };

const usage = `Usage:
  backup FOLDER                                  a backup of the instance that the settings name
  restore FOLDER [NAME]                          the newest one, or that one, into an empty place
  catch-up FILE [--files FOLDER] [--address NAME=ADDRESS]
                                                 a restored instance to what the index has published since
  move [--to postgres://…] [--files s3://…]      to PostgreSQL, into a bucket, or both
  doctor [--mail ADDRESS] [--json]               what is wrong, and what to do
`;

async function main([name = '', ...rest]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return (await command(process.env, rest, (line) => console.log(line))) ?? 0;
  process.stderr.write(usage);
  return exitCode.invalid;
}

function tell(fault: unknown): number {
  if (isRefusal(fault)) {
    console.error(fault.message);
    return exitCode[fault.kind];
  }
  const isWrongOption = fault instanceof Error && 'code' in fault && String(fault.code).startsWith('ERR_PARSE_ARGS');
  console.error(isWrongOption ? `${fault.message}\n${usage}` : fault);
  return isWrongOption ? exitCode.invalid : exitCode.internal;
}

main(process.argv.slice(2))
  .catch(tell)
  // Pools and workers that are still open are no reason to stay.
  .then((code) => process.exit(code));
