// The text inside an encrypted challenge: what somebody reads who opened it with their private key. It names index, account, key and
// time, and carries a token that is good for proving that one key of that one account, once. Hostile when it comes back: in the
// browser only its one exact spelling is taken (so that a page cannot have other mail opened and posted); what a person pastes
// from a terminal is searched for the token alone, which proves nothing but itself.
import { refuse } from './errors.ts';
import {
  readAccountName,
  readFingerprint,
  readIndexName,
  readInstant,
  type AccountName,
  type Fingerprint,
  type IndexName,
  type Instant,
} from './ids.ts';
import { readText } from './document.ts';

export type KeyChallenge = {
  index: IndexName;
  account: AccountName;
  key: Fingerprint;
  at: Instant;
  /** 256 random bits in base64url. */
  token: string;
  /** Where the index lives: `https://sign.example.org`, without a slash at the end. */
  site: string;
};

const head = '# countersign key challenge 1';
const tokenForm = /^[A-Za-z0-9_-]{43}$/;
const siteForm = /^https?:\/\/[^\s/]+$/;

/** The path of the page behind the link in the text; opening it changes nothing, its button proves the key. */
const openedPath = (key: string, token: string): string => `/account/keys/${key}/opened/${token}`;

/** The one spelling of the text. */
export function renderKeyChallenge({ index, account, key, at, token, site }: KeyChallenge): string {
  const facts = `${head}\n# index: ${index}\n# account: ${account}\n# key: ${key}\n# time: ${at}\n# token: ${token}\n`;
  const words = `You opened this with your private key, and that proves the key. Open this link, signed in\nas ${account}, and press the button:`;
  return `${facts}\n${words}\n\n${site}${openedPath(key, token)}\n\nOr paste this text on the page of the key. It works once. Give it to nobody.\n`;
}

/** Reads the text from hostile bytes. Refuses (`input.not-a`) any second spelling. */
export function readKeyChallenge(foreignBytes: Uint8Array): KeyChallenge {
  const text = readText(foreignBytes, 'a key challenge');
  const lines = text.split('\n');
  const values = lines.map((line) => line.slice(line.indexOf(': ') + 2));
  const token = values[5] ?? '';
  const link = lines[10] ?? '';
  const malformed = () => refuse('input.not-a', { what: 'a key challenge', claimed: text.slice(0, 40) });
  if (lines[0] !== head || !tokenForm.test(token)) throw malformed();
  const challenge: KeyChallenge = {
    index: readIndexName(values[1]),
    account: readAccountName(values[2]),
    key: readFingerprint(values[3]),
    at: readInstant(values[4]),
    token,
    site: link.slice(0, Math.max(0, link.indexOf('/account/'))),
  };
  if (!siteForm.test(challenge.site) || renderKeyChallenge(challenge) !== text) throw malformed();
  return challenge;
}

/**
 * The token in what a person pasted: the whole text with whatever a terminal put around it, the link alone, or the token alone.
 * Refuses `key.token-unreadable` where there is none, `key.token-sealed` for the message before it was opened. A token that is found
 * proves nothing before it is looked up.
 */
export function readOpenedToken(pasted: string): string {
  if (pasted.includes('-----BEGIN PGP MESSAGE')) throw refuse('key.token-sealed', {});
  const words = pasted.slice(0, 20_000).split(/[\s/]+/);
  const token = words.find((word) => tokenForm.test(word));
  if (token === undefined) throw refuse('key.token-unreadable', {});
  return token;
}
