// The key of one holder of a TUF root: Ed25519, in a file of its own, closed with a passphrase (scrypt, then AES-256-GCM). Made here, on the holder's
// own machine, and used for nothing but roots. Refuses a file that others can read, and never writes over one.
import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  scryptSync,
  type KeyObject,
} from 'node:crypto';
import { closeSync, fsyncSync, openSync, statSync, writeSync } from 'node:fs';
import { readDocument, readExactly, readLine, readWhole, renderDocument } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import { publicOctetsOf } from '#lib/digest/ed25519.ts';

/** `public`: 64 hex digits. `sealed`: what AES-256-GCM made of the 32 secret octets' PKCS #8 form, its tag behind it, in base64. */
type KeyFile = {
  type: 'countersign/root-key';
  format: 1;
  public: string;
  scrypt: { N: number; r: number; p: number; salt: string };
  nonce: string;
  sealed: string;
};

const passphraseLeast = 12;
/** A quarter of a second and 256 MiB for each guess. */
const cost = { N: 2 ** 18, r: 8, p: 1 };
const tagBytes = 16;

const publicHexOf = (key: KeyObject): string => Buffer.from(publicOctetsOf(key)).toString('hex');

const derive = (passphrase: string, { N, r, p, salt }: KeyFile['scrypt']): Buffer =>
  scryptSync(passphrase.normalize('NFC'), Buffer.from(salt, 'base64'), 32, { N, r, p, maxmem: 1024 ** 3 });

/** Makes a key, writes its file and answers the public half. Refuses `root-key.exists`, `root-key.short-passphrase`. */
export function makeHolderKey(file: string, passphrase: string): string {
  if ([...passphrase].length < passphraseLeast) throw refuse('root-key.short-passphrase', { least: passphraseLeast });
  const { privateKey } = generateKeyPairSync('ed25519');
  const scrypt = { ...cost, salt: randomBytes(16).toString('base64') };
  const nonce = randomBytes(12);
  const publicHex = publicHexOf(privateKey);
  const cipher = createCipheriv('aes-256-gcm', derive(passphrase, scrypt), nonce).setAAD(Buffer.from(publicHex));
  const secret = privateKey.export({ type: 'pkcs8', format: 'der' });
  const sealed = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()]).toString('base64');
  const head = { type: 'countersign/root-key', format: 1, public: publicHex } as const;
  writeNew(file, renderDocument({ ...head, scrypt, nonce: nonce.toString('base64'), sealed } satisfies KeyFile));
  return publicHex;
}

function writeNew(file: string, text: string): void {
  try {
    const descriptor = openSync(file, 'wx', 0o600);
    writeSync(descriptor, text);
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw refuse('root-key.exists', { file }, cause);
    throw cause;
  }
}

/** Opens a key. Refuses `root-key.loose-mode`, `root-key.wrong-passphrase`, and (`input.…`) what is no such file. */
export function openHolderKey(
  file: string,
  bytes: Uint8Array,
  passphrase: string,
): { privateKey: KeyObject; publicHex: string } {
  requirePrivate(file);
  const read = readKeyFile(bytes);
  const sealed = Buffer.from(read.sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', derive(passphrase, read.scrypt), Buffer.from(read.nonce, 'base64'))
    .setAAD(Buffer.from(read.public))
    .setAuthTag(sealed.subarray(-tagBytes));
  try {
    const secret = Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]);
    const privateKey = createPrivateKey({ key: secret, format: 'der', type: 'pkcs8' });
    return { privateKey, publicHex: publicHexOf(privateKey) };
  } catch (cause) {
    throw refuse('root-key.wrong-passphrase', { file }, cause);
  }
}

function requirePrivate(file: string): void {
  if (process.platform === 'win32') return; // access lists there, no mode
  const mode = (statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o777;
  if ((mode & 0o077) !== 0) throw refuse('root-key.loose-mode', { file, mode: mode.toString(8).padStart(3, '0') });
}

const readKeyFile = (foreignBytes: Uint8Array): KeyFile =>
  readDocument(foreignBytes, 'a root key', (fields) => {
    const scrypt = fields['scrypt'] as Record<string, unknown>;
    return {
      type: readExactly(fields['type'], 'countersign/root-key', 'the type'),
      format: readExactly(fields['format'], 1, 'the format'),
      public: readLine(fields['public'], 'the public key', 64),
      scrypt: {
        N: readWhole(scrypt['N'], 'N', 2 ** 14, 2 ** 20),
        r: readWhole(scrypt['r'], 'r', 8, 8),
        p: readWhole(scrypt['p'], 'p', 1, 4),
        salt: readLine(scrypt['salt'], 'the salt', 64),
      },
      nonce: readLine(fields['nonce'], 'the nonce', 16),
      sealed: readLine(fields['sealed'], 'the sealed key', 200),
    };
  });
