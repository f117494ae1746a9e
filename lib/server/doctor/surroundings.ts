// What the doctor looks at outside of the database: settings that do not fit together, the data folder and its disk, the file store, the mail server, the keys, the root of the tree. Changes
// nothing but a file of the store that it writes and removes again, and sends a mail only where an address was given.
import { access, constants, readFile, stat, statfs } from 'node:fs/promises';
import nodemailer from 'nodemailer';
import { isLoopbackUrl } from '#lib/core/loopback.ts';
import { readIndexKey } from '#lib/evidence/index-signature.ts';
import type { Config } from '#lib/server/config.ts';
import { requireHeldRootInPlace } from '#lib/server/handoff/held-root.ts';
import type { FileStore } from '#lib/server/files/store.ts';
import { limits } from '#lib/server/limits.ts';
import { broken, good, note, sayFault, warning, type DoctorFinding } from './finding.ts';

const day = 86_400_000;
const gigabyte = 1024 ** 3;

/** Settings that can be read and should not be used together. */
export function checkSettings({ publicUrl, databaseUrl, smtpUrl }: Config): DoctorFinding[] {
  if (isLoopbackUrl(publicUrl))
    return [note('settings', `${publicUrl} is an address of this machine alone: good for trying.`)];
  const found: DoctorFinding[] = [];
  if (!publicUrl.startsWith('https:'))
    found.push(
      broken(
        'settings',
        `People would send sign-in links and cookies to ${publicUrl} unencrypted.`,
        'Put a proxy with a certificate in front, and set PUBLIC_URL=https://…',
      ),
    );
  if (smtpUrl === null)
    found.push(
      broken(
        'settings',
        'There is no mail server: all mail ends in the local mailbox, and whoever knows its address can sign in as anybody.',
        'Set SMTP_URL and MAIL_FROM.',
      ),
    );
  if (databaseUrl === null)
    found.push(
      note('settings', 'The database is embedded: one process on one machine. `npm run move` goes to PostgreSQL.'),
    );
  return found.length > 0 ? found : [good('settings', `${publicUrl}, with PostgreSQL and a mail server.`)];
}

/** The data folder: there, writable, for its owner alone; and how much room is left on its disk. */
export async function checkFolder({ dataFolder }: Config): Promise<DoctorFinding[]> {
  const mode = await stat(dataFolder).then(
    (found) => found.mode,
    () => null,
  );
  if (mode === null) return [note('data folder', `${dataFolder} is not there yet; the first start makes it.`)];
  const writable = await access(dataFolder, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable)
    return [
      broken(
        'data folder',
        `${dataFolder} cannot be written by this account.`,
        'Run the programs, and this one, as its owner.',
      ),
    ];
  const isOpen = process.platform !== 'win32' && (mode & 0o007) !== 0;
  const folder = isOpen
    ? warning(
        'data folder',
        `Everybody on this machine may look into ${dataFolder}; secrets lie there.`,
        `chmod 700 ${dataFolder}`,
      )
    : good('data folder', dataFolder);
  return [folder, await checkDisk(dataFolder)];
}

async function checkDisk(folder: string): Promise<DoctorFinding> {
  const { bavail, bsize } = await statfs(folder);
  const left = bavail * bsize;
  const says = `${(left / gigabyte).toFixed(1)} GB are left on the disk of ${folder}.`;
  const remedy = 'Make room, or move the data folder to a larger disk.';
  if (left < gigabyte / 4) return broken('disk', says, remedy);
  return left < 5 * gigabyte ? warning('disk', says, remedy) : good('disk', says);
}

/** Writes, reads and removes something in the file store. */
export async function checkStorage(
  { filesBucket }: Pick<Config, 'filesBucket'>,
  files: FileStore,
): Promise<DoctorFinding> {
  try {
    await files.check();
    return good('file store', 'What was written could be read again.');
  } catch (fault) {
    const remedy =
      filesBucket === null
        ? 'Look at the disk and the rights of the data folder.'
        : 'Look at FILES_URL, its keys, and the rights of those keys.';
    return broken('file store', `It does not keep files: ${sayFault(fault)}`, remedy);
  }
}

/** Asks the mail server whether it lets us in; sends a mail where an address was given. */
export async function checkMailServer(
  { smtpUrl, mailFrom }: Config,
  testAddress: string | null,
): Promise<DoctorFinding> {
  if (smtpUrl === null) return note('mail server', 'None is set; mail ends in the local mailbox.');
  const timeouts = {
    connectionTimeout: limits.mailSilenceMs,
    greetingTimeout: limits.mailSilenceMs,
    socketTimeout: limits.mailSilenceMs,
  };
  const transport = nodemailer.createTransport({
    url: smtpUrl,
    ...timeouts,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.verify();
    if (testAddress === null)
      return good('mail server', 'It lets us in. `--mail ADDRESS` sends a mail to see whether it arrives.');
    const text = 'This mail was sent by `npm run doctor`: mail of this instance arrives.\n';
    await transport.sendMail({ from: mailFrom, to: testAddress, subject: 'A test mail of Countersign', text });
    return good('mail server', `It took a mail for ${testAddress}; look whether it arrived, and not as spam.`);
  } catch (fault) {
    return broken(
      'mail server',
      `It says: ${sayFault(fault)}`,
      'Look at SMTP_URL (user, password, port) and MAIL_FROM.',
    );
  } finally {
    transport.close();
  }
}

/** The certificate of the countersigner: there, and for how long. */
export async function checkIndexKey({ indexKeyFile }: Config, now: Date): Promise<DoctorFinding> {
  const bytes = await readFile(indexKeyFile).catch(() => null);
  if (bytes === null)
    return broken(
      'index key',
      `The certificate of the countersigner is not at ${indexKeyFile}.`,
      'Run “countersigner init” there, or carry index.asc over and set INDEX_KEY_FILE.',
    );
  try {
    const { facts } = await readIndexKey(bytes, now.getTime());
    const remedy =
      '“countersigner rotate index-key”, then publish the new fingerprint (docs/guide/countersigner-apart.md).';
    if (facts.expires === null) return good('index key', `${facts.primary}, without an end.`);
    const says = `${facts.primary} ends on ${new Date(facts.expires).toISOString().slice(0, 10)}.`;
    if (facts.expires <= now.getTime()) return broken('index key', says, remedy);
    return facts.expires < now.getTime() + 60 * day ? warning('index key', says, remedy) : good('index key', says);
  } catch (fault) {
    return broken(
      'index key',
      `${indexKeyFile} is no usable certificate: ${sayFault(fault)}`,
      'Carry the file over again, and compare its fingerprint.',
    );
  }
}

/** A public address on the development root: the web program refuses to start on it. */
export async function checkRoot(config: Config): Promise<DoctorFinding> {
  try {
    await requireHeldRootInPlace(config);
    return good('root', 'The root of the index that is in place may be served at this address.');
  } catch (fault) {
    return broken('root', sayFault(fault), 'Hold the ceremony: docs/guide/root-ceremony.md');
  }
}
