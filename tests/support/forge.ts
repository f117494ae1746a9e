// Keys and packets with anything wrong that a test wants: raw writers over node:crypto that check nothing on purpose. Layout after
// RFC 9580 (and performance.md, 3.2). Ed25519 keys come from a word, so that vectors need not be stored. Used by tests only.
import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';

export type Sub = { type: number; body: Uint8Array; critical?: boolean };

export type ForgedKey = {
  body: Buffer;
  fingerprint: string;
  created: number;
  sign: (digest: Buffer, hash: string) => Buffer;
};

export type ForgedSignature = {
  version?: number;
  type?: number;
  hash?: number;
  made?: number;
  /** Replaces creation time and issuer fingerprint. */
  hashed?: Sub[];
  /** Comes behind creation time and issuer fingerprint. */
  more?: Sub[];
  unhashed?: Sub[];
};

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
export const u32 = (value: number): Buffer =>
  Buffer.from([value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]);

/** The instant that most forged keys are made at. */
export const keyDay = Date.parse('2026-01-01T00:00:00Z');

const hashNames: Record<number, string> = {
  1: 'md5',
  2: 'sha1',
  3: 'ripemd160',
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
  11: 'sha224',
};

const mpi = (bytes: Buffer): Buffer => {
  const start = bytes.findIndex((octet) => octet !== 0);
  const short = start < 0 ? Buffer.alloc(0) : bytes.subarray(start);
  const bits = short.length === 0 ? 0 : short.length * 8 - Math.clz32(short[0] ?? 0) + 24;
  return Buffer.concat([u16(bits), short]);
};

const length = (octets: number): Buffer =>
  octets < 192
    ? Buffer.from([octets])
    : octets < 8384
      ? Buffer.from([((octets - 192) >> 8) + 192, (octets - 192) & 255])
      : Buffer.concat([Buffer.from([255]), u32(octets)]);

/** A packet in the new format. */
export const packet = (tag: number, body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([0xc0 | tag]), length(body.length), body]);

export const userIdPacket = (text: string): Buffer => packet(13, Buffer.from(text));

/** A version 4 Ed25519 key (algorithm 22) whose secret is derived from a word. */
export function forgeKey(word: string, created: number = keyDay): ForgedKey {
  const seed = createHash('sha256').update(word).digest();
  const secret: KeyObject = createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const point = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  const body = edKeyBody(point, created);
  return { body, created, fingerprint: fingerprintOf(body), sign: (digest) => split(sign(null, digest, secret)) };
}

/** The body of an Ed25519 key packet with any point in it. */
export function edKeyBody(point: Uint8Array, created: number): Buffer {
  const oid = Buffer.from('092b06010401da470f01', 'hex');
  return Buffer.concat([
    Buffer.from([4]),
    u32(created / 1000),
    Buffer.from([22]),
    oid,
    u16(263),
    Buffer.from([0x40]),
    point,
  ]);
}

/** The body of a version 4 RSA key packet. */
export const rsaKeyBody = (n: Buffer, e: Buffer, created: number = keyDay): Buffer =>
  Buffer.concat([Buffer.from([4]), u32(created / 1000), Buffer.from([1]), mpi(n), mpi(e)]);

export const fingerprintOf = (body: Buffer): string =>
  createHash('sha1').update(framed(body)).digest('hex').toUpperCase();

const split = (raw: Buffer): Buffer => Buffer.concat([mpi(raw.subarray(0, 32)), mpi(raw.subarray(32))]);

const framed = (body: Buffer): Buffer => Buffer.concat([Buffer.from([0x99]), u16(body.length), body]);

const area = (subpackets: readonly Sub[]): Buffer => {
  const parts = subpackets.map(({ type, body, critical }) =>
    Buffer.concat([length(body.length + 1), Buffer.from([type | (critical ? 0x80 : 0)]), body]),
  );
  return Buffer.concat([u16(Buffer.concat(parts).length), ...parts]);
};

/** Subpackets by what they mean. */
export const sub = {
  made: (ms: number): Sub => ({ type: 2, body: u32(ms / 1000) }),
  ends: (seconds: number): Sub => ({ type: 3, body: u32(seconds) }),
  keyEnds: (seconds: number): Sub => ({ type: 9, body: u32(seconds) }),
  flags: (flags: number): Sub => ({ type: 27, body: Buffer.from([flags]) }),
  issuer: (key: ForgedKey): Sub => ({
    type: 33,
    body: Buffer.concat([Buffer.from([4]), Buffer.from(key.fingerprint, 'hex')]),
  }),
  issuerId: (key: ForgedKey): Sub => ({ type: 16, body: Buffer.from(key.fingerprint.slice(-16), 'hex') }),
  reason: (code: number): Sub => ({ type: 29, body: Buffer.concat([Buffer.from([code]), Buffer.from('because')]) }),
  embedded: (body: Buffer): Sub => ({ type: 32, body }),
  notation: (name: string, critical: boolean): Sub => ({
    type: 20,
    critical,
    body: Buffer.concat([Buffer.from([0x80, 0, 0, 0]), u16(name.length), u16(1), Buffer.from(name), Buffer.from('x')]),
  }),
};

/** The body of a signature packet by `key` over `data`, exactly as asked. */
export function signatureBody(key: ForgedKey, data: Uint8Array, options: ForgedSignature = {}): Buffer {
  const { version = 4, type = 0, hash = 8, made = key.created } = options;
  const hashed = options.hashed ?? [sub.made(made), sub.issuer(key), ...(options.more ?? [])];
  const head = Buffer.concat([Buffer.from([version, type, 22, hash]), area(hashed)]);
  const trailer = Buffer.concat([Buffer.from([version, 0xff]), u32(head.length)]);
  const digest = createHash(hashNames[hash] ?? 'sha256')
    .update(data)
    .update(head)
    .update(trailer)
    .digest();
  const unhashed = area(options.unhashed ?? [sub.issuerId(key)]);
  return Buffer.concat([head, unhashed, digest.subarray(0, 2), key.sign(digest, '')]);
}

export const signaturePacket = (key: ForgedKey, data: Uint8Array, options: ForgedSignature = {}): Buffer =>
  packet(2, signatureBody(key, data, options));

/** A self-certification: the primary over its user id. */
export function certify(key: ForgedKey, userId: string, options: ForgedSignature = {}): Buffer {
  const data = Buffer.concat([
    framed(key.body),
    Buffer.from([0xb4]),
    u32(Buffer.from(userId).length),
    Buffer.from(userId),
  ]);
  return signaturePacket(key, data, { type: 0x13, more: [sub.flags(0x03)], ...options });
}

/** A signature over the key itself (0x1F, 0x20). */
export const overKey = (signer: ForgedKey, key: ForgedKey, options: ForgedSignature): Buffer =>
  signaturePacket(signer, framed(key.body), options);

/** A signature over primary and subkey (0x18, 0x19, 0x28). */
export const overSubkey = (
  signer: ForgedKey,
  primary: ForgedKey,
  subkey: ForgedKey,
  options: ForgedSignature,
): Buffer => signaturePacket(signer, Buffer.concat([framed(primary.body), framed(subkey.body)]), options);

/** The embedded form of a back-signature. */
export const backSignature = (subkey: ForgedKey, primary: ForgedKey, options: ForgedSignature = {}): Sub =>
  sub.embedded(
    signatureBody(subkey, Buffer.concat([framed(primary.body), framed(subkey.body)]), { type: 0x19, ...options }),
  );

/** A subkey with its binding; `more` are the binding's subpackets (flags, back-signature). */
export const subkeyWith = (primary: ForgedKey, subkey: ForgedKey, more: Sub[], options: ForgedSignature = {}): Buffer =>
  Buffer.concat([packet(14, subkey.body), overSubkey(primary, primary, subkey, { type: 0x18, more, ...options })]);

/** A whole certificate: primary, what stands behind it, one user id with its self-signature, then the rest. */
export function forgeCertificate(
  key: ForgedKey,
  options: { userId?: string; direct?: Buffer[]; certification?: Buffer; rest?: Buffer[] } = {},
): Buffer {
  const { userId = 'Forged <forged@example.org>', direct = [], rest = [] } = options;
  const certification = options.certification ?? certify(key, userId);
  return Buffer.concat([packet(6, key.body), ...direct, userIdPacket(userId), certification, ...rest]);
}
