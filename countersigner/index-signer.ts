// Who signs for the index: the key in a file of the state folder, unlocked for this process alone, or one that gpg holds (an agent, a card), which
// is asked for each signature. Either way the signer gives detached signatures and its certificate, never the secret. What gpg gives
// back is checked before anybody sees it: another key, an expired one, a wrong digest would be refused by everybody.
import { spawn } from 'node:child_process';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readFingerprint, type Fingerprint } from '#lib/core/ids.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { readIndexKey, requireIndexSignature, type IndexKey } from '#lib/evidence/index-signature.ts';
import { armorCertificate } from '#lib/pgp/read-certificate.ts';
import { signDetached, unlockPrivateKey } from '#lib/pgp/sign.ts';

/** Where the key is: in our folder, or with gpg. */
export type KeyPlace = 'file' | `gpg:${Fingerprint}`;

export type IndexSigner = {
  place: KeyPlace;
  fingerprint: Fingerprint;
  /** Armored. */
  certificate: Uint8Array;
  /** A detached signature as one armored block. */
  sign(bytes: Uint8Array, at: number): Promise<Uint8Array>;
};

/** `file`, or `gpg:` and a whole fingerprint. Refuses anything else. */
export function readKeyPlace(claimed: string): KeyPlace {
  if (claimed === 'file') return 'file';
  const fingerprint = /^gpg:(.*)$/s.exec(claimed)?.[1];
  if (fingerprint === undefined)
    throw refuse('input.not-a', { what: 'a place of the index key (file, gpg:FINGERPRINT)', claimed });
  return `gpg:${readFingerprint(fingerprint.replace(/ /g, '').toUpperCase())}`;
}

/** The key of an armored private key file, without a passphrase. Refuses as unlockPrivateKey does. */
export async function fileSigner(privateArmored: Uint8Array, at: number): Promise<IndexSigner> {
  const key = await unlockPrivateKey(privateArmored, '', at);
  return {
    ...{ place: 'file', fingerprint: key.fingerprint },
    certificate: Buffer.from(armorCertificate(key.certificate.bytes)),
    sign: async (bytes, now) => Buffer.from(await signDetached(key, bytes, now)),
  };
}

/** The key that gpg knows by this fingerprint. Refuses `countersigner.gpg` while gpg gives no certificate. */
export async function gpgSigner(fingerprint: Fingerprint, at: number): Promise<IndexSigner> {
  const exported = await askGpg(fingerprint, [
    '--armor',
    '--export-options',
    'export-minimal',
    '--export',
    fingerprint,
  ]);
  if (exported.length === 0) throw refuse('countersigner.gpg', { key: fingerprint, why: 'it knows no such key' });
  const key = await readIndexKey(exported, at);
  if (key.facts.primary !== fingerprint)
    throw refuse('countersigner.gpg', { key: fingerprint, why: 'that is the fingerprint of no whole key' });
  return {
    ...{ place: `gpg:${fingerprint}`, fingerprint },
    certificate: Buffer.from(armorCertificate(key.bytes)),
    sign: (bytes) => signByGpg(key, bytes),
  };
}

async function signByGpg(key: IndexKey, bytes: Uint8Array): Promise<Uint8Array> {
  const fingerprint = key.facts.primary;
  const args = ['--armor', '--digest-algo', 'SHA512', '--local-user', fingerprint, '--detach-sign'];
  const signature = await askGpg(fingerprint, args, bytes);
  try {
    await requireIndexSignature({ what: 'What gpg signed', bytes, signature }, key, hashing);
  } catch (fault) {
    if (!isRefusal(fault)) throw fault;
    throw refuse('countersigner.gpg', { key: fingerprint, why: fault.message }, fault);
  }
  return signature;
}

// An agent may ask a person at the machine for a touch or a PIN.
const gpgMs = 120_000;

/** What gpg prints. Nothing of the input is on its command line. */
function askGpg(key: Fingerprint, args: readonly string[], input: Uint8Array = new Uint8Array()): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const refused = (why: string, cause?: unknown): void => reject(refuse('countersigner.gpg', { key, why }, cause));
    const child = spawn('gpg', ['--batch', '--no-tty', '--quiet', '--no-greeting', ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: gpgMs,
    });
    const out: Buffer[] = [];
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-500)));
    child.on('error', (fault) => refused('gpg cannot be started', fault));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(new Uint8Array(Buffer.concat(out)));
      else refused(signal ? 'it took too long' : said.replace(/[^\x20-\x7e]+/g, ' ').trim() || `it ended with ${code}`);
    });
    child.stdin.on('error', () => undefined); // gpg ended before it had read everything; its exit says why
    child.stdin.end(input);
  });
}
