// Which digests and keys are strong enough, and their names: the one list that web program, countersigner and client share
// (threats.md, rows 5 to 7 and 38). Judges numbers and key material; refuses by answering with what is weak.
import { enums, type PublicKeyPacket, type PublicSubkeyPacket } from 'openpgp';
import type { HashName } from '#lib/core/digest.ts';
import { renderHex } from './packets.ts';

export type KeyPacket = PublicKeyPacket | PublicSubkeyPacket;

/** What a key packet says of its algorithm, with or without a secret in it. */
export type Described = Pick<KeyPacket, 'version' | 'algorithm' | 'getAlgorithmInfo'>;

type Hash = { name: string; digest: HashName | null; salt: number };

/** RFC 9580, 9.5. Those without `digest` can be forged, or are not known here, and are never computed over a file. */
const hashes: Readonly<Record<number, Hash>> = {
  1: { name: 'MD5', digest: null, salt: 0 },
  2: { name: 'SHA-1', digest: null, salt: 0 },
  3: { name: 'RIPEMD-160', digest: null, salt: 0 },
  8: { name: 'SHA-256', digest: 'sha256', salt: 16 },
  9: { name: 'SHA-384', digest: 'sha384', salt: 24 },
  10: { name: 'SHA-512', digest: 'sha512', salt: 32 },
  11: { name: 'SHA-224', digest: 'sha224', salt: 16 },
  12: { name: 'SHA3-256', digest: 'sha3-256', salt: 16 },
  14: { name: 'SHA3-512', digest: 'sha3-512', salt: 32 },
};

/** Name, digest (null: weak or unknown) and the length of the salt of a version 6 signature. */
export function hashOf(algorithm: number): Hash {
  return hashes[algorithm] ?? { name: `digest ${algorithm}`, digest: null, salt: 0 };
}

const curveNames: Readonly<Record<string, string>> = {
  nistP256: 'P-256',
  nistP384: 'P-384',
  nistP521: 'P-521',
  ed25519Legacy: 'Ed25519 (EdDSA)',
  curve25519Legacy: 'Curve25519',
};

/** What people call an algorithm: "RSA 4096", "Ed25519 (EdDSA)", "ECDSA P-256". */
export function algorithmName(key: Described): string {
  const { bits, curve } = key.getAlgorithmInfo();
  if (isRsa(key)) return `RSA ${bits}`;
  if (key.algorithm === enums.publicKey.eddsaLegacy) return 'Ed25519 (EdDSA)';
  if (key.algorithm === enums.publicKey.ed25519) return 'Ed25519';
  if (key.algorithm === enums.publicKey.ed448) return 'Ed448';
  if (key.algorithm === enums.publicKey.ecdsa) return `ECDSA ${curveNames[curve ?? ''] ?? curve}`;
  if (key.algorithm === enums.publicKey.dsa) return `DSA ${bits}`;
  return enums.read(enums.publicKey, key.algorithm);
}

/** True for algorithms that can make signatures at all. */
export function isSigningAlgorithm(key: KeyPacket): boolean {
  const { rsaEncryptSign, rsaSign, dsa, ecdsa, eddsaLegacy, ed25519, ed448 } = enums.publicKey;
  return [rsaEncryptSign, rsaSign, dsa, ecdsa, eddsaLegacy, ed25519, ed448].includes(key.algorithm);
}

/** Whether a signature by this key may be over a SHA-256 digest that was made before: version 4, and no curve that asks for a longer one. */
export function canSignSha256(key: Described): boolean {
  const { eddsaLegacy, ed25519, ecdsa } = enums.publicKey;
  if (key.version !== 4) return false;
  if (key.algorithm === ecdsa) return key.getAlgorithmInfo().curve === 'nistP256';
  return isRsa(key) || key.algorithm === eddsaLegacy || key.algorithm === ed25519;
}

/** Why a signing key is too weak to be believed, in a few words; null: it is strong enough. */
export function weaknessOf(key: KeyPacket): string | null {
  if (key.version !== 4 && key.version !== 6) return `a key of version ${key.version}`;
  const judge = judges[key.algorithm];
  return judge
    ? judge(materialOf(key), key.getAlgorithmInfo().curve ?? '')
    : `${algorithmName(key)}, which cannot sign`;
}

const judges: Readonly<Record<number, (material: Material, curve: string) => string | null>> = {
  [enums.publicKey.rsaEncryptSign]: ({ n, e }) => weaknessOfRsa(n, e),
  [enums.publicKey.rsaSign]: ({ n, e }) => weaknessOfRsa(n, e),
  [enums.publicKey.dsa]: () => 'DSA',
  [enums.publicKey.ecdsa]: ({ Q }, curve) => weaknessOfEcdsa(curve, Q),
  [enums.publicKey.eddsaLegacy]: ({ Q }) => weaknessOfEd25519(Q.subarray(1), Q[0] === 0x40),
  [enums.publicKey.ed25519]: ({ A }) => weaknessOfEd25519(A, true),
  [enums.publicKey.ed448]: ({ A }) => weaknessOfEd448(A),
};

type Material = { A: Uint8Array; Q: Uint8Array; n: Uint8Array; e: Uint8Array };

function materialOf(key: KeyPacket): Material {
  const none = new Uint8Array(0);
  return { A: none, Q: none, n: none, e: none, ...(key.publicParams as Partial<Material>) };
}

function isRsa({ algorithm }: Described): boolean {
  const { rsaEncryptSign, rsaSign, rsaEncrypt } = enums.publicKey;
  return [rsaEncryptSign, rsaSign, rsaEncrypt].includes(algorithm);
}

const big = (bytes: Uint8Array): bigint => BigInt(`0x0${renderHex(bytes)}`);

const smallPrimes = [3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n, 43n, 47n, 53n, 59n, 61n, 67n, 71n, 73n];

/** At least 2,048 bits, a modulus without small factors, an exponent that hides something (1 and 3 do not) and costs little. */
function weaknessOfRsa(n: Uint8Array, e: Uint8Array): string | null {
  const modulus = big(n);
  const bits = modulus.toString(2).length;
  if (bits < 2048) return `RSA with ${bits} bits; 2048 is the least`;
  if (bits > 16384) return `RSA with ${bits} bits; 16384 is the most`;
  if (modulus % 2n === 0n || smallPrimes.some((prime) => modulus % prime === 0n)) return 'RSA with a broken modulus';
  const exponent = big(e);
  return exponent < 17n || exponent > 0xffffffffn || exponent % 2n === 0n ? 'RSA with an unsafe exponent' : null;
}

type Curve = { p: bigint; b: bigint };

// SEC 2; a is -3 on all three.
const curves: Readonly<Record<string, Curve>> = {
  nistP256: {
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  nistP384: {
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  nistP521: {
    p: 2n ** 521n - 1n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
};

/** Only the three NIST curves: secp256k1 is refused by threats.md, others cannot be checked by everybody who must. */
function weaknessOfEcdsa(curve: string, Q: Uint8Array): string | null {
  const known = curves[curve];
  if (!known) return `ECDSA on ${curve}`;
  const half = (Q.length - 1) / 2;
  const [x, y] = [big(Q.subarray(1, 1 + half)), big(Q.subarray(1 + half))];
  const onCurve = (y * y - (x * x * x - 3n * x + known.b)) % known.p === 0n;
  return Q[0] === 4 && x < known.p && y < known.p && onCurve ? null : 'a key that is no point of its curve';
}

// The y of all points of small order on edwards25519, little-endian, and their spellings above the prime.
const smallOrder25519 = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26E8958FC2B227B045C3F489F2EF98F0D5DFAC05D3C63339B13802886D53FC05',
  'C7176A703D4DD84FBA3C0B760D10670F2A2053FA2C39CCC64EC7FD7792AC037A',
  'ECFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF7F',
  'EDFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF7F',
  'EEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF7F',
]);

/** Under a key of small order one signature fits every file. */
function weaknessOfEd25519(point: Uint8Array, rightForm: boolean): string | null {
  const y = Uint8Array.from(point);
  if (!rightForm || y.length !== 32) return 'a malformed Ed25519 key';
  y[31] = (y[31] ?? 0) & 0x7f;
  return smallOrder25519.has(renderHex(y)) ? 'a degenerate Ed25519 key' : null;
}

/** y = 0, 1 and -1 are the points of small order on edwards448. */
function weaknessOfEd448(point: Uint8Array): string | null {
  const y = big(Uint8Array.from(point.subarray(0, 56)).reverse());
  const p = 2n ** 448n - 2n ** 224n - 1n;
  return [0n, 1n, p - 1n].includes(y % p) ? 'a degenerate Ed448 key' : null;
}
