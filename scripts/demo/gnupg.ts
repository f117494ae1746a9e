// Real GnuPG keys of people in the demo and the tests: each person has a home of their own in a temporary folder. Ends the
// agents that it caused. Nothing here touches the key ring of whoever runs it.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export type GnupgPerson = {
  /** GNUPGHOME for programs that call gpg themselves. */
  home: string;
  fingerprint: string;
  passphrase: string;
  /** Armored certificate. */
  certificate: string;
  /** Armored private key, locked with the passphrase. */
  privateKey(): Promise<string>;
  /** The revocation certificate that GnuPG laid beside the key when it was made; it gives no reason, so it is a hard one. */
  revocation(): Promise<string>;
  /** A detached armored signature, as the command on the page makes it. */
  sign(bytes: Uint8Array): Promise<string>;
  /** What a `gpg …` command of a page or mail prints, run in a folder with this one file. */
  run(command: string, file: { name: string; bytes: Uint8Array }): Promise<string>;
  close(): Promise<void>;
};

const open = new Set<GnupgPerson>();

/** Ends the agents of everybody who is still open: for the end of a program that may have failed halfway. */
export async function closeEverybody(): Promise<void> {
  for (const person of open) await person.close();
}

/** Makes a new Ed25519 key, locked with a passphrase, in a GnuPG home of its own; `opens`: with a subkey to open messages. */
export async function makeGnupgPerson(userId: string, { opens = false } = {}): Promise<GnupgPerson> {
  const home = mkdtempSync(path.join(tmpdir(), 'cs-gpg-'));
  const passphrase = `correct horse ${userId.slice(0, 3)} battery`;
  const always = [
    '--homedir',
    home,
    '--batch',
    '--quiet',
    '--no-tty',
    '--pinentry-mode',
    'loopback',
    '--passphrase',
    passphrase,
  ];
  const gpg = async (...rest: string[]): Promise<string> =>
    (await execute('gpg', [...always, ...rest], { encoding: 'utf8' })).stdout;
  await gpg('--quick-generate-key', userId, 'ed25519', 'sign', '1y');
  const listed = await gpg('--with-colons', '--list-keys');
  const fingerprint = /^fpr:+([0-9A-F]{40}):$/m.exec(listed)?.[1];
  if (fingerprint === undefined) throw new Error('gpg made no key.');
  if (opens) await gpg('--quick-add-key', fingerprint, 'cv25519', 'encr', '1y');
  const person: GnupgPerson = {
    home,
    fingerprint,
    passphrase,
    certificate: await gpg('--armor', '--export', fingerprint),
    privateKey: () => gpg('--armor', '--export-secret-keys', fingerprint),
    // GnuPG puts a colon before the block, so that nobody imports it by mistake.
    revocation: async () => {
      const file = path.join(home, 'openpgp-revocs.d', `${fingerprint}.rev`);
      return (await readFile(file, 'utf8')).replace(/^[^]*^:(?=-----BEGIN)/m, '');
    },
    sign: async (bytes) => {
      const file = path.join(home, 'to-sign');
      writeFileSync(file, bytes);
      return gpg('--local-user', `${fingerprint}!`, '--armor', '--detach-sign', '--output', '-', file);
    },
    run: async (command, { name, bytes }) => {
      writeFileSync(path.join(home, name), bytes);
      const [, ...words] = command.split(' ');
      return (await execute('gpg', [...always, ...words], { encoding: 'utf8', cwd: home })).stdout;
    },
    close: async () => {
      await execute('gpgconf', ['--homedir', home, '--kill', 'all']).catch(() => undefined);
      rmSync(home, { recursive: true, force: true });
      open.delete(person);
    },
  };
  open.add(person);
  return person;
}
