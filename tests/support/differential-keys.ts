// The cases of differential.ts that are about keys: self-signatures, revocations and bindings, one oddity each.
import {
  backSignature,
  certify,
  forgeCertificate,
  forgeKey,
  keyDay,
  overKey,
  overSubkey,
  packet,
  signaturePacket,
  sub,
  subkeyWith,
  userIdPacket,
  type ForgedSignature,
  type Sub,
} from './forge.ts';
import type { Row } from './differential.ts';
import { vector } from './pgp.ts';

const data = vector('SHA256SUMS');
const [eve, subkey, other] = [forgeKey('eve'), forgeKey('eve again'), forgeKey('other')];
const userId = 'Forged <forged@example.org>';
const dayMs = 86_400_000;
const good = signaturePacket(eve, data);
const bySubkey = signaturePacket(subkey, data);
const whole = (rest: Buffer[]) => forgeCertificate(eve, { rest });
const bound = (more: Sub[], options: ForgedSignature = {}) => whole([subkeyWith(eve, subkey, more, options)]);
const now = (): number => Math.floor(Date.now() / 1000) * 1000;

const certified = (...certifications: Buffer[]): Buffer =>
  Buffer.concat([packet(6, eve.body), userIdPacket(userId), ...certifications]);
const self = (made: number, more: Sub[]): Buffer => certify(eve, userId, { made, more });
const selfSigned = (): Row[] => [
  ['no user id and no self-signature', packet(6, eve.body), good],
  ['user id without self-signature', Buffer.concat([packet(6, eve.body), userIdPacket(userId)]), good],
  ['self-signature by another key', certified(certify(other, userId)), good],
  ['self-signature over another user id', certified(certify(eve, 'Somebody else')), good],
  ['self-signature without flags', certified(self(keyDay, [])), good],
  [
    'flags in the unhashed area only',
    certified(certify(eve, userId, { more: [], unhashed: [sub.issuerId(eve), sub.flags(3)] })),
    good,
  ],
  [
    'newer self-signature takes the sign flag',
    certified(self(keyDay, [sub.flags(3)]), self(keyDay + dayMs, [sub.flags(1)])),
    signaturePacket(eve, data, { made: keyDay + 2 * dayMs }),
  ],
  [
    'newer self-signature gives the sign flag',
    certified(self(keyDay, [sub.flags(1)]), self(keyDay + dayMs, [sub.flags(3)])),
    signaturePacket(eve, data, { made: keyDay + 2 * dayMs }),
  ],
  [
    'the same, the newer one first',
    certified(self(keyDay + dayMs, [sub.flags(3)]), self(keyDay, [sub.flags(1)])),
    signaturePacket(eve, data, { made: keyDay + 2 * dayMs }),
  ],
  [
    'key ended by self-signature before it signed',
    certified(self(keyDay, [sub.flags(3), sub.keyEnds(60)])),
    signaturePacket(eve, data, { made: keyDay + dayMs }),
  ],
  [
    'key ended by self-signature after it signed',
    certified(self(keyDay, [sub.flags(3), sub.keyEnds(2 * 86_400)])),
    signaturePacket(eve, data, { made: keyDay + dayMs }),
  ],
  [
    'end of key renewed by a newer self-signature',
    certified(self(keyDay, [sub.flags(3), sub.keyEnds(60)]), self(keyDay + dayMs, [sub.flags(3)])),
    signaturePacket(eve, data, { made: keyDay + 2 * dayMs }),
  ],
  [
    'end of key brought forward by a newer self-signature',
    certified(self(keyDay, [sub.flags(3)]), self(keyDay + dayMs, [sub.flags(3), sub.keyEnds(60)])),
    signaturePacket(eve, data, { made: keyDay + 2 * dayMs }),
  ],
  [
    'self-signature that ended',
    certified(self(keyDay, [sub.flags(3), sub.ends(60)])),
    signaturePacket(eve, data, { made: keyDay + dayMs }),
  ],
  ['self-signature from the future', certified(self(now() + 365 * dayMs, [sub.flags(3)])), good],
  ['self-signature older than its key', certified(self(keyDay - dayMs, [sub.flags(3)])), good],
  ['end of key of 8 octets', certified(self(keyDay, [sub.flags(3), { type: 9, body: Buffer.alloc(8, 0x7f) }])), good],
  [
    'two ends of key, one past',
    certified(self(keyDay, [sub.flags(3), sub.keyEnds(0x7fffffff), sub.keyEnds(60)])),
    signaturePacket(eve, data, { made: keyDay + dayMs }),
  ],
  [
    'flags in a direct-key signature, none with the user id',
    forgeCertificate(eve, {
      direct: [overKey(eve, eve, { type: 0x1f, more: [sub.flags(3)] })],
      certification: self(keyDay, []),
    }),
    good,
  ],
  [
    'end in a direct-key signature only',
    forgeCertificate(eve, { direct: [overKey(eve, eve, { type: 0x1f, more: [sub.keyEnds(60)] })] }),
    signaturePacket(eve, data, { made: keyDay + dayMs }),
  ],
  [
    'direct-key signature and no user id',
    Buffer.concat([packet(6, eve.body), overKey(eve, eve, { type: 0x1f, more: [sub.flags(3)] })]),
    good,
  ],
  [
    'user id revoked, no other',
    certified(self(keyDay, [sub.flags(3)]), certify(eve, userId, { type: 0x30, made: keyDay + 1000 })),
    signaturePacket(eve, data, { made: keyDay + dayMs }),
  ],
  [
    'user id revoked by another key',
    certified(self(keyDay, [sub.flags(3)]), certify(other, userId, { type: 0x30, made: keyDay + 1000 })),
    signaturePacket(eve, data, { made: keyDay + dayMs }),
  ],
];

const reasons = [0, 1, 2, 3, 4, 32, 100, 255];
const revocation = (code: number, made: number, options: ForgedSignature = {}): Buffer =>
  overKey(eve, eve, { type: 0x20, made, more: [sub.reason(code)], ...options });
const subkeyRevocation = (code: number, made: number): Buffer =>
  overSubkey(eve, eve, subkey, { type: 0x28, made, more: [sub.reason(code)] });
const boundSubkey = subkeyWith(eve, subkey, [sub.flags(2), backSignature(subkey, eve)]);
const revocations: Row[] = [
  ...reasons.flatMap((code): Row[] => [
    [
      `key revoked with reason ${code} after signing`,
      forgeCertificate(eve, { direct: [revocation(code, keyDay + 2 * dayMs)] }),
      signaturePacket(eve, data, { made: keyDay + dayMs }),
    ],
    [
      `key revoked with reason ${code} before signing`,
      forgeCertificate(eve, { direct: [revocation(code, keyDay + dayMs)] }),
      signaturePacket(eve, data, { made: keyDay + 2 * dayMs }),
    ],
    [
      `subkey revoked with reason ${code} after signing`,
      whole([boundSubkey, subkeyRevocation(code, keyDay + 2 * dayMs)]),
      signaturePacket(subkey, data, { made: keyDay + dayMs }),
    ],
    [
      `subkey revoked with reason ${code} before signing`,
      whole([boundSubkey, subkeyRevocation(code, keyDay + dayMs)]),
      signaturePacket(subkey, data, { made: keyDay + 2 * dayMs }),
    ],
  ]),
  ['key revoked without any reason', forgeCertificate(eve, { direct: [revocation(0, keyDay, { more: [] })] }), good],
  [
    'key revoked by another key',
    forgeCertificate(eve, { direct: [overKey(other, eve, { type: 0x20, more: [sub.reason(2)] })] }),
    good,
  ],
  [
    'key revoked by another key in its name',
    forgeCertificate(eve, {
      direct: [
        overKey(other, eve, {
          type: 0x20,
          hashed: [sub.made(keyDay), sub.issuer(eve), sub.reason(2)],
          unhashed: [sub.issuerId(eve)],
        }),
      ],
    }),
    good,
  ],
  [
    'revocation of another key',
    forgeCertificate(eve, { direct: [overKey(eve, other, { type: 0x20, more: [sub.reason(2)] })] }),
    good,
  ],
  ['revocation behind the user id', whole([revocation(2, keyDay)]), good],
  ['revocation behind a subkey', whole([boundSubkey, revocation(2, keyDay)]), good],
  [
    'revocation that ended',
    forgeCertificate(eve, { direct: [revocation(2, keyDay, { more: [sub.reason(2), sub.ends(60)] })] }),
    signaturePacket(eve, data, { made: keyDay + dayMs }),
  ],
  [
    'subkey twice, the second time revoked',
    whole([boundSubkey, packet(14, subkey.body), subkeyRevocation(2, keyDay)]),
    bySubkey,
  ],
  [
    'subkey revoked by another key',
    whole([boundSubkey, overSubkey(other, eve, subkey, { type: 0x28, more: [sub.reason(2)] })]),
    bySubkey,
  ],
];

const back = backSignature(subkey, eve);
const subkeys: Row[] = [
  ['subkey well bound', bound([sub.flags(2), back]), bySubkey],
  ['subkey without back-signature', bound([sub.flags(2)]), bySubkey],
  ['back-signature in the unhashed area', bound([sub.flags(2)], { unhashed: [sub.issuerId(eve), back] }), bySubkey],
  ['back-signature by another key', bound([sub.flags(2), backSignature(other, eve)]), bySubkey],
  ['back-signature over another primary', bound([sub.flags(2), backSignature(subkey, other)]), bySubkey],
  ['back-signature of type 0x18', bound([sub.flags(2), backSignature(subkey, eve, { type: 0x18 })]), bySubkey],
  [
    'back-signature that ended',
    bound([sub.flags(2), backSignature(subkey, eve, { more: [sub.ends(60)] })]),
    signaturePacket(subkey, data, { made: keyDay + dayMs }),
  ],
  [
    'back-signature from the future',
    bound([sub.flags(2), backSignature(subkey, eve, { made: keyDay + 365 * 100 * dayMs })]),
    bySubkey,
  ],
  [
    'false back-signature before the genuine one',
    bound([sub.flags(2)], { unhashed: [sub.issuerId(eve), backSignature(other, eve), back] }),
    bySubkey,
  ],
  [
    'false back-signature behind the genuine one',
    bound([sub.flags(2)], { unhashed: [sub.issuerId(eve), back, backSignature(other, eve)] }),
    bySubkey,
  ],
  ['subkey bound by another key', whole([subkeyWith(other, subkey, [sub.flags(2), back])]), bySubkey],
  ['subkey without binding', whole([packet(14, subkey.body)]), bySubkey],
  [
    'subkey with a binding for another primary',
    whole([packet(14, subkey.body), overSubkey(eve, other, subkey, { type: 0x18, more: [sub.flags(2), back] })]),
    bySubkey,
  ],
  ['binding without flags', bound([back]), bySubkey],
  [
    'binding that ended',
    bound([sub.flags(2), back, sub.ends(60)]),
    signaturePacket(subkey, data, { made: keyDay + dayMs }),
  ],
  [
    'subkey ended before it signed',
    bound([sub.flags(2), back, sub.keyEnds(60)]),
    signaturePacket(subkey, data, { made: keyDay + dayMs }),
  ],
  [
    'subkey ended after it signed',
    bound([sub.flags(2), back, sub.keyEnds(2 * 86_400)]),
    signaturePacket(subkey, data, { made: keyDay + dayMs }),
  ],
  [
    'newer binding takes the sign flag',
    whole([boundSubkey, overSubkey(eve, eve, subkey, { type: 0x18, made: keyDay + dayMs, more: [sub.flags(4)] })]),
    signaturePacket(subkey, data, { made: keyDay + 2 * dayMs }),
  ],
  [
    'the primary as its own signing subkey',
    forgeCertificate(eve, {
      certification: certify(eve, userId, { more: [sub.flags(1)] }),
      rest: [subkeyWith(eve, eve, [sub.flags(2), backSignature(eve, eve)])],
    }),
    good,
  ],
  [
    'primary of another as signing subkey',
    whole([subkeyWith(eve, other, [sub.flags(2), backSignature(other, eve)])]),
    signaturePacket(other, data),
  ],
];

/** All of them. */
export const keyCases = (): Row[] => [...selfSigned(), ...revocations, ...subkeys];
