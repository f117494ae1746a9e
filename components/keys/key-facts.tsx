// What a certificate says, in full: fingerprint, user ids, signing keys, algorithms, expiry. User ids are text from outside, shown as text;
// they are nobody's identity here.
import { Facts, type Fact } from '#components/ui/facts.tsx';
import { Fingerprint } from '#components/ui/hex.tsx';
import { Moment } from '#components/ui/moment.tsx';

export type KeyFactsProps = {
  fingerprint: string;
  algorithm: string;
  userIds: readonly string[];
  created: Date;
  expires: Date | null;
  signing: readonly { fingerprint: string; algorithm: string; created: number; expires: number | null }[];
  canEncrypt: boolean;
};

export function KeyFactsList(key: KeyFactsProps) {
  return <Facts facts={factsOf(key)} />;
}

function factsOf({ fingerprint, algorithm, userIds, created, expires, signing, canEncrypt }: KeyFactsProps): Fact[] {
  return [
    { term: 'Fingerprint', value: <Fingerprint value={fingerprint} copy /> },
    { term: 'User ids', value: <Lines lines={userIds.length === 0 ? ['none'] : userIds} /> },
    { term: 'Algorithm', value: algorithm },
    { term: 'Made', value: <Moment at={created} /> },
    { term: 'Expires', value: expires ? <Moment at={expires} /> : 'never' },
    { term: 'Signs with', value: <SigningKeys primary={fingerprint} signing={signing} /> },
    {
      term: 'Encryption',
      value: canEncrypt ? 'has a key for it, which is used only to prove the key' : 'none, and none is needed',
    },
  ];
}

function Lines({ lines }: { lines: readonly string[] }) {
  return lines.map((line) => (
    <span key={line} className="block wrap-anywhere">
      {line}
    </span>
  ));
}

function SigningKeys({ primary, signing }: { primary: string; signing: KeyFactsProps['signing'] }) {
  if (signing.length === 0) return 'nothing: this key cannot sign';
  return signing.map((key) => (
    <span key={key.fingerprint} className="key-line">
      {key.fingerprint === primary ? 'the primary key' : <Fingerprint value={key.fingerprint} />}
      <span className="text-soft">
        {key.algorithm}
        {key.expires === null ? '' : ', expires '}
        {key.expires === null ? null : <Moment at={new Date(key.expires)} />}
      </span>
    </span>
  ));
}
