// `doctor [--mail ADDRESS] [--json]`: looks at everything and says what it found, one line each, with what to do. Exit code 1 where something is broken, 0 otherwise.
import { parseArgs } from 'node:util';
import { exitCode, isRefusal } from '#lib/core/errors.ts';
import { readConfig } from '#lib/server/config.ts';
import { readMigrations } from '#lib/server/db/migrate.ts';
import { systemClock } from '#lib/server/clock.ts';
import { examine } from '#lib/server/doctor/examine.ts';
import { broken, type DoctorFinding } from '#lib/server/doctor/finding.ts';
import { readMailAddress } from '#lib/server/mail/address.ts';
import { migrationsFolder } from '#lib/server/open-runtime.ts';
import { openDatabase, type Environment } from './settings.ts';

const mark = { good: 'ok', note: '--', warning: '!!', broken: 'XX' } as const;

/** Answers the exit code. */
export async function doctor(
  environment: Environment,
  rest: readonly string[],
  say: (line: string) => void,
): Promise<number> {
  const options = { mail: { type: 'string' }, json: { type: 'boolean' } } as const;
  const { values } = parseArgs({ args: [...rest], options });
  const testAddress = values.mail === undefined ? null : readMailAddress(values.mail);
  const findings = await findAll(environment, testAddress);
  if (values.json === true) say(JSON.stringify({ findings }, null, 2));
  else for (const line of findings.flatMap(linesOf)) say(line);
  return findings.some(({ state }) => state === 'broken') ? exitCode.refused : 0;
}

async function findAll(environment: Environment, testAddress: string | null): Promise<DoctorFinding[]> {
  try {
    const config = readConfig(environment);
    const migrations = readMigrations(migrationsFolder());
    return await examine(config, { open: () => openDatabase(config), migrations, now: systemClock.now(), testAddress });
  } catch (fault) {
    if (!isRefusal(fault)) throw fault;
    return [broken('settings', fault.message, 'README.md has the table of settings.')];
  }
}

const unsafe = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const plain = (text: string): string => text.replace(unsafe, '�');

/** What a mail server or a stranger's page said is in it. */
const linesOf = ({ check, state, says, remedy }: DoctorFinding): string[] => [
  plain(`${mark[state]}  ${check.padEnd(15)} ${says}`),
  ...(remedy === null ? [] : [plain(`    ${''.padEnd(15)} → ${remedy}`)]),
];
