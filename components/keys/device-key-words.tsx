// What a key of this browser gives and what it does not, in the same words wherever one is made or shown. Text only.
import { Facts } from '#components/ui/facts.tsx';

const words = [
  {
    term: 'What it gives',
    value:
      'Nothing to install and no passphrase. No script can take the key away, not even one of this site: the browser signs with it, but gives its secret to nobody.',
  },
  {
    term: 'What it does not',
    value:
      'A hostile script on this page could still ask it to sign while you are here. It lies in your browser profile on the disk, so whoever can read that disk can use it.',
  },
  {
    term: 'No backup',
    value:
      'If you clear the data of this site or lose the profile, the key is gone for good. Keep a second way to sign.',
  },
];

export function DeviceKeyWords() {
  return <Facts facts={words} />;
}
