// The cases on which our verdict is compared with sqv's and gpgv's: real files of gpg, each as it is, over other bytes and with another
// key; and forged packets, one oddity each. A case is a name, a key file, a signature file and data; nothing here knows what is right.
import { renderArmor } from '#lib/pgp/armor.ts';
import {
  backSignature,
  certify,
  forgeCertificate,
  forgeKey,
  keyDay,
  overKey,
  packet,
  signatureBody,
  signaturePacket,
  sub,
  subkeyWith,
  userIdPacket,
  type ForgedSignature,
  type Sub,
} from './forge.ts';
import { keyCases } from './differential-keys.ts';
import { bytesOf, vector } from './pgp.ts';

export type DifferentialCase = { name: string; key: Uint8Array; signature: Uint8Array; data: Uint8Array };

const data = vector('SHA256SUMS');
const [eve, subkey, other] = [forgeKey('eve'), forgeKey('eve again'), forgeKey('other')];
const userId = 'Forged <forged@example.org>';
const [dayMs, minute] = [86_400_000, 60_000];
const good = signaturePacket(eve, data);
const bySubkey = signaturePacket(subkey, data);
const plain = forgeCertificate(eve);
const whole = (rest: Buffer[]) => forgeCertificate(eve, { rest });
const bound = (more: Sub[], options: ForgedSignature = {}) => whole([subkeyWith(eve, subkey, more, options)]);

export type Row = [name: string, key: Uint8Array, signature: Uint8Array];

const gpgSigners: Readonly<Record<string, string[]>> = {
  ada: ['ada', 'ada-again', 'ada-future', 'ada-text', 'ada-sha1', 'ada-ends', 'ada-critical', 'ada-noted'].concat([
    'ada-revision-1',
    'ada-other-project',
  ]),
  bo: ['bo'],
  chi: ['chi'],
  dan: ['dan'],
  two: ['two-1', 'two-2'],
  ...Object.fromEntries(
    ['old', 'none', 'compromised', 'superseded', 'retired', 'small', 'dsa', 'koblitz', 'weak'].map((name) => [
      name,
      [name],
    ]),
  ),
};

/** Each real signature with its key, with its key over other bytes, and with somebody else's key. */
function gpgCases(): DifferentialCase[] {
  const otherData = vector('SHA256SUMS.other-project');
  return Object.entries(gpgSigners).flatMap(([name, signatures]) =>
    signatures.flatMap((file) => {
      const [key, signature] = [vector(`${name}.key.asc`), vector(`${file}.asc`)];
      const stranger = vector(name === 'bo' ? 'ada.key.asc' : 'bo.key.asc');
      return [
        { name: `gpg: ${file}`, key, signature, data },
        { name: `gpg: ${file}, over other bytes`, key, signature, data: otherData },
        { name: `gpg: ${file}, with the key of somebody else`, key: stranger, signature, data },
      ];
    }),
  );
}

const beforeRevocation: Row[] = ['none', 'compromised', 'superseded', 'retired'].map((name) => [
  `gpg: ${name}, copy before its revocation`,
  vector(`${name}.before.asc`),
  vector(`${name}.asc`),
]);

const hex = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;

const types: Row[] = [
  0x00, 0x01, 0x02, 0x03, 0x10, 0x11, 0x12, 0x13, 0x16, 0x18, 0x19, 0x1f, 0x20, 0x28, 0x30, 0x40, 0x50, 0x60, 0xff,
].map((type) => [`type ${hex(type)}`, plain, signaturePacket(eve, data, { type })]);

const hashes: Row[] = [1, 2, 3, 8, 9, 10, 11].flatMap((hash): Row[] => [
  [`digest ${hash} in the signature`, plain, signaturePacket(eve, data, { hash })],
  [
    `digest ${hash} in the self-signature`,
    forgeCertificate(eve, { certification: certify(eve, userId, { hash }) }),
    good,
  ],
  [`digest ${hash} in the binding`, bound([sub.flags(2), backSignature(subkey, eve)], { hash }), bySubkey],
  [`digest ${hash} in the back-signature`, bound([sub.flags(2), backSignature(subkey, eve, { hash })]), bySubkey],
  [
    `digest ${hash} in a revocation`,
    forgeCertificate(eve, { direct: [overKey(eve, eve, { type: 0x20, hash, more: [sub.reason(2)] })] }),
    good,
  ],
]);

const flags: Row[] = [0, 1, 2, 3, 4, 8, 0x0c, 0x10, 0x20, 0x80, 0x82].flatMap((flag): Row[] => [
  [
    `primary with flags ${hex(flag)}`,
    forgeCertificate(eve, { certification: certify(eve, userId, { more: [sub.flags(flag)] }) }),
    good,
  ],
  [`subkey with flags ${hex(flag)}`, bound([sub.flags(flag), backSignature(subkey, eve)]), bySubkey],
]);

const strange = (type: number, critical: boolean): Sub => ({ type, critical, body: Buffer.from([1, 2, 3, 4]) });
const unknownTypes = [0, 1, 8, 10, 13, 14, 15, 17, 18, 19, 36, 38, 40, 41, 60, 99, 100, 101, 110, 127];
const criticals: Row[] = unknownTypes.flatMap((type): Row[] => [
  [`critical subpacket ${type} in the signature`, plain, signaturePacket(eve, data, { more: [strange(type, true)] })],
  [`subpacket ${type} in the signature`, plain, signaturePacket(eve, data, { more: [strange(type, false)] })],
  [
    `critical subpacket ${type} in the unhashed area`,
    plain,
    signaturePacket(eve, data, { unhashed: [sub.issuerId(eve), strange(type, true)] }),
  ],
]);

const void_: Sub[] = [strange(99, true), sub.notation('unknown@example.org', true)];
const criticalsOfKeys: Row[] = void_.flatMap((part): Row[] => [
  [
    `critical ${part.type} in the self-signature`,
    forgeCertificate(eve, { certification: certify(eve, userId, { more: [sub.flags(3), part] }) }),
    good,
  ],
  [`critical ${part.type} in the binding`, bound([sub.flags(2), backSignature(subkey, eve), part]), bySubkey],
  [
    `critical ${part.type} in the back-signature`,
    bound([sub.flags(2), backSignature(subkey, eve, { more: [part] })]),
    bySubkey,
  ],
  [
    `critical ${part.type} in a revocation`,
    forgeCertificate(eve, { direct: [overKey(eve, eve, { type: 0x20, more: [sub.reason(2), part] })] }),
    good,
  ],
]);

const now = (): number => Math.floor(Date.now() / 1000) * 1000;
const timed = (hashed: Sub[], unhashed: Sub[] = []): Buffer =>
  signaturePacket(eve, data, { hashed: [...hashed, sub.issuer(eve)], unhashed: [sub.issuerId(eve), ...unhashed] });
const times = (): Row[] => [
  ['made a day before the key', plain, signaturePacket(eve, data, { made: keyDay - dayMs })],
  ['made a second before the key', plain, signaturePacket(eve, data, { made: keyDay - 1000 })],
  ['made with the key', plain, signaturePacket(eve, data, { made: keyDay })],
  ['made an hour ago', plain, signaturePacket(eve, data, { made: now() - 60 * minute })],
  ['made in an hour', plain, signaturePacket(eve, data, { made: now() + 60 * minute })],
  ['made in a year', plain, signaturePacket(eve, data, { made: now() + 365 * dayMs })],
  ['no creation time', plain, timed([])],
  ['creation time unhashed only', plain, timed([], [sub.made(keyDay)])],
  ['two creation times', plain, timed([sub.made(keyDay), sub.made(keyDay + 1000)])],
  ['ended yesterday', plain, timed([sub.made(now() - 2 * dayMs), sub.ends(86_400)])],
  ['ends tomorrow', plain, timed([sub.made(now() - dayMs), sub.ends(2 * 86_400)])],
  ['ends after 0 seconds', plain, timed([sub.made(now() - dayMs), sub.ends(0)])],
  ['ended yesterday, unhashed only', plain, timed([sub.made(now() - 2 * dayMs)], [sub.ends(86_400)])],
  ['end of 1 octet', plain, timed([sub.made(keyDay), { type: 3, body: Buffer.from([0]) }])],
  ['end of 8 octets', plain, timed([sub.made(keyDay), { type: 3, body: Buffer.alloc(8, 0x7f) }])],
];

const noNames: ForgedSignature = { hashed: [sub.made(keyDay)], unhashed: [] };
const issuers: Row[] = [
  ['fingerprint only', plain, signaturePacket(eve, data, { unhashed: [] })],
  ['key id only', plain, signaturePacket(eve, data, { hashed: [sub.made(keyDay)] })],
  [
    'key id of zeros',
    plain,
    signaturePacket(eve, data, { ...noNames, unhashed: [{ type: 16, body: Buffer.alloc(8) }] }),
  ],
  ['no issuer at all', plain, signaturePacket(eve, data, noNames)],
  [
    'fingerprint of another key',
    plain,
    signaturePacket(eve, data, { hashed: [sub.made(keyDay), sub.issuer(other)], unhashed: [] }),
  ],
  [
    'fingerprint of another key, own key id',
    plain,
    signaturePacket(eve, data, { hashed: [sub.made(keyDay), sub.issuer(other)] }),
  ],
  ['own fingerprint, key id of another', plain, signaturePacket(eve, data, { unhashed: [sub.issuerId(other)] })],
  [
    'names this key, made by another',
    plain,
    signaturePacket(other, data, { hashed: [sub.made(keyDay), sub.issuer(eve)], unhashed: [sub.issuerId(eve)] }),
  ],
];

const body = signatureBody(eve, data);
const changed = (at: number, to: (octet: number) => number): Buffer => {
  const copy = Buffer.from(body);
  copy[at] = to(copy[at] ?? 0);
  return packet(2, copy);
};
const frames: Row[] = [
  ...[2, 3, 5, 6, 7, 255].map((version): Row => [`version ${version}`, plain, changed(0, () => version)]),
  ...[0, 1, 3, 17, 19, 27, 28, 99].map((algorithm): Row => [
    `key algorithm ${algorithm}`,
    plain,
    changed(2, () => algorithm),
  ]),
  ...[-1, -20, -33, -40, -66].map((at): Row => [
    `octet ${at} changed`,
    plain,
    changed(body.length + at, (octet) => octet ^ 1),
  ]),
  ['digest prefix changed', plain, changed(body.length - 70, (octet) => octet ^ 1)],
  ['old frame, one octet', plain, Buffer.concat([Buffer.from([0x88, body.length]), body])],
  ['old frame, two octets', plain, Buffer.concat([Buffer.from([0x89, 0, body.length]), body])],
  ['old frame, four octets', plain, Buffer.concat([Buffer.from([0x8a, 0, 0, 0, body.length]), body])],
  ['old frame, no length', plain, Buffer.concat([Buffer.from([0x8b]), body])],
  ['new frame, five octets', plain, Buffer.concat([Buffer.from([0xc2, 0xff, 0, 0, 0, body.length]), body])],
  [
    'new frame, in pieces',
    plain,
    Buffer.concat([
      Buffer.from([0xc2, 0xe6]),
      body.subarray(0, 64),
      Buffer.from([body.length - 64]),
      body.subarray(64),
    ]),
  ],
  ['one octet behind the numbers', plain, packet(2, Buffer.concat([body, Buffer.from([0])]))],
  ['cut by one octet', plain, packet(2, body.subarray(0, -1))],
  ['marker packet before', plain, Buffer.concat([packet(10, Buffer.from('PGP')), good])],
  ['padding packet behind', plain, Buffer.concat([good, packet(21, Buffer.alloc(8, 1))])],
  ['unknown critical packet before', plain, Buffer.concat([packet(39, Buffer.alloc(8, 1)), good])],
  ['unknown packet behind, not critical', plain, Buffer.concat([good, packet(60, Buffer.alloc(8, 1))])],
  ['junk behind', plain, Buffer.concat([good, Buffer.from([1, 2, 3])])],
  ['user id packet behind', plain, Buffer.concat([good, userIdPacket(userId)])],
  ['a bad signature before', plain, Buffer.concat([signaturePacket(eve, data, { type: 0x10 }), good])],
  [
    'one of an unknown version before',
    plain,
    Buffer.concat([packet(2, Buffer.from([9, 0, 22, 8, 0, 0, 0, 0, 0, 0])), good]),
  ],
  ['the same packet twice', plain, Buffer.concat([good, good])],
  ['empty', plain, new Uint8Array(0)],
];

const armor = renderArmor('SIGNATURE', good);
const armors: Row[] = (
  [
    ['plain', armor],
    ['no checksum', armor.replace(/^=.{4}\n/m, '')],
    ['wrong checksum', armor.replace(/^=.{4}$/m, '=AAAA')],
    ['Windows line ends', armor.replaceAll('\n', '\r\n')],
    ['strange header', armor.replace('\n\n', '\nComment: Gruß 🗝\n\n')],
    ['text around', `Hello\n\n${armor}\nBye\n`],
    ['dash-escaped', armor.replaceAll('-----', '- -----')],
    ['no end', armor.replace(/-----END.*\n/, '')],
    ['wrong label', armor.replaceAll('PGP SIGNATURE', 'PGP MESSAGE')],
    ['no blank line', armor.replace('\n\n', '\n')],
    ['indented', armor.replace(/^/gm, '  ')],
    ['twice', armor + armor],
  ] as const
).map(([name, text]) => [`armor: ${name}`, plain, bytesOf(text)]);

/** All cases, each name once. */
export function differentialCases(): DifferentialCase[] {
  const rows = [beforeRevocation, types, hashes, flags, criticals, criticalsOfKeys, times(), keyCases()].concat([
    issuers,
    frames,
    armors,
  ]);
  return [...gpgCases(), ...rows.flat().map(([name, key, signature]) => ({ name, key, signature, data }))];
}
