// A passkey in software: makes real attestations ("none") and assertions with an ES256 key (WebAuthn level 3, 6.1 and 6.5), as honest or as
// crooked as the test asks. Deterministic but for the key.
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** What an attacker may bend; everything else is as a browser would do it. */
export type Bent = {
  origin?: string;
  rpId?: string;
  challenge?: string;
  counter?: number;
  userVerified?: boolean;
  userHandle?: string;
  type?: string;
  /** Signs with this key instead of the passkey's. */
  key?: KeyObject;
};

export type Authenticator = { id: string; key: KeyObject; create: Ceremony; get: Ceremony; counter: number };
type Ceremony = (options: Options, bent?: Bent) => string;
type Options = {
  challenge: string;
  rp?: { id?: string | undefined };
  rpId?: string | undefined;
  user?: { id: string };
};

const origin = 'https://sign.example.org';
const sha256 = (bytes: string | Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const text = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url');

/** A few kinds of CBOR (RFC 8949): whole numbers, byte strings, texts, and maps in the order given. */
function cbor(value: number | string | Uint8Array | Map<number, unknown> | Map<string, unknown>): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  const entries = [...value].flatMap(([key, one]) => [cbor(key), cbor(one as Parameters<typeof cbor>[0])]);
  return Buffer.concat([head(5, value.size), ...entries]);
}

function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 255]);
}

function coseKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const part = (coordinate: string) => Buffer.from(coordinate, 'base64url');
  return cbor(new Map<number, unknown>([[1, 2], [3, -7], [-1, 1], [-2, part(x)], [-3, part(y)]])); // prettier-ignore
}

function authenticatorData(rpId: string, counter: number, { userVerified = true }: Bent, credential?: Buffer): Buffer {
  const flags = 0x01 | (userVerified ? 0x04 : 0) | (credential ? 0x40 : 0);
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  return Buffer.concat([sha256(rpId), Buffer.from([flags]), count, credential ?? Buffer.alloc(0)]);
}

const clientData = (type: string, challenge: string, bent: Bent): Buffer =>
  Buffer.from(
    JSON.stringify({
      type: bent.type ?? type,
      challenge: bent.challenge ?? challenge,
      origin: bent.origin ?? origin,
      crossOrigin: false,
    }),
  );

/** A new passkey; `counts: false` for one that never counts, as synced ones do. */
export function makeAuthenticator({ counts = true } = {}): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rawId = randomBytes(32);
  const id = text(rawId);
  const made: Authenticator = { id, key: privateKey, counter: 0, create, get };
  let handle: string | undefined;
  const count = (bent: Bent): number => bent.counter ?? (counts ? (made.counter += 1) : 0);

  function create(options: Options, bent: Bent = {}): string {
    handle = options.user?.id;
    const length = Buffer.from([rawId.length >> 8, rawId.length & 255]);
    const credential = Buffer.concat([Buffer.alloc(16), length, rawId, coseKey(publicKey)]);
    const authData = authenticatorData(bent.rpId ?? options.rp?.id ?? '', count(bent), bent, credential);
    const attestation = cbor(
      new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ]),
    );
    const clientDataJSON = text(clientData('webauthn.create', options.challenge, bent));
    const response = { clientDataJSON, attestationObject: text(attestation), transports: ['internal'] };
    return JSON.stringify({ id, rawId: id, type: 'public-key', clientExtensionResults: {}, response });
  }

  function get(options: Options, bent: Bent = {}): string {
    const client = clientData('webauthn.get', options.challenge, bent);
    const data = authenticatorData(bent.rpId ?? options.rpId ?? '', count(bent), bent);
    const signature = sign('sha256', Buffer.concat([data, sha256(client)]), bent.key ?? privateKey);
    const response = {
      clientDataJSON: text(client),
      authenticatorData: text(data),
      signature: text(signature),
      userHandle: bent.userHandle ?? handle,
    };
    return JSON.stringify({ id, rawId: id, type: 'public-key', clientExtensionResults: {}, response });
  }

  return made;
}
