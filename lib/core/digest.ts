// What has to be hashed for an OpenPGP signature over a file: the file's bytes, then the signature's own tail. Only the words for
// it live here, so that lib/pgp (which knows the tails) and lib/digest (which reads the files) need not know each other.

/** Digest algorithms by the names node:crypto gives them. */
export type HashName = 'sha224' | 'sha256' | 'sha384' | 'sha512' | 'sha3-256' | 'sha3-512';

/** hash(salt, file, suffix): version 4 packets have no salt, version 6 packets begin with theirs. */
export type DigestRequest = { algorithm: HashName; salt: Uint8Array | null; suffix: Uint8Array };

/** Answers each request with the digest over the bytes it is bound to, in the same order. */
export type Digester = (requests: DigestRequest[]) => Promise<Uint8Array[]>;
