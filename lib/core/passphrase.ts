// How hard a passphrase is to guess, roughly: an estimate for a hint beside the field, made without a library and without a word list.
// It knows what people do (words, years, runs, repeats) and counts those as a guesser would. It cannot know what is written on a note
// under somebody's keyboard. Only the least length is a rule; the rest is advice.

/** Characters. A locked key can be guessed at without asking anybody, so this is longer than for a sign-in. */
export const passphraseLengthMin = 12;

export type PassphraseHint = { level: 'too-short' | 'weak' | 'fair' | 'strong'; says: string };

const alsoHolds = 'Guessing needs the file and this passphrase; nobody can reset it for you.';

/** The hint for a passphrase that is being typed; null while there is none. Total. */
export function hintForPassphrase(passphrase: string): PassphraseHint | null {
  const length = [...passphrase].length;
  if (length === 0) return null;
  if (length < passphraseLengthMin)
    return { level: 'too-short', says: `Too short: ${passphraseLengthMin - length} more at least.` };
  const bits = guessBits(passphrase);
  if (bits < 40)
    return {
      level: 'weak',
      says: 'Easy to guess: somebody who gets the file may open it within days. Add unrelated words.',
    };
  if (bits < 55) return { level: 'fair', says: `Hard to guess for one person, not for a large machine. ${alsoHolds}` };
  return { level: 'strong', says: `Hard to guess, as far as can be told from its form. ${alsoHolds}` };
}

/** The base-2 logarithm of how many guesses it takes, by the form alone. Never more than 4.7 bits a letter. */
export function guessBits(passphrase: string): number {
  const seen = new Set<string>();
  let bits = 0;
  for (const [run] of passphrase.toLowerCase().matchAll(/\p{L}+|\p{N}+|[^\p{L}\p{N}]/gu)) {
    bits += seen.has(run) ? 1 : bitsOfRun(run);
    seen.add(run);
  }
  return bits;
}

const runs = 'abcdefghijklmnopqrstuvwxyz 01234567890 qwertyuiop asdfghjkl zxcvbnm qwertz azerty';
const favourites = /^(?:pass(?:word|phrase|wort)?|letmein|welcome|admin|secret|dragon|monkey|iloveyou|login)$/;

/** The first kind of run that fits says how many bits it is worth. */
const kinds: readonly { fits: (run: string) => boolean; bits: (letters: number) => number }[] = [
  { fits: (run) => run.length > 2 && new Set(run).size <= 2, bits: (letters) => 3 + Math.log2(letters) },
  { fits: (run) => run.length >= 3 && (runs.includes(run) || runs.includes(backwards(run))), bits: () => 4 },
  { fits: (run) => /^(?:19|20)\d\d$/.test(run), bits: () => 6 },
  { fits: (run) => /^\p{N}/u.test(run), bits: (digits) => 3.3 * digits },
  { fits: (run) => favourites.test(run), bits: () => 3 },
  // A word of a dictionary, whatever its length; letters that no language strings together count one by one.
  { fits: (run) => looksLikeWord(run), bits: (letters) => Math.min(4.7 * letters, 12) },
  { fits: () => true, bits: (letters) => 4 * letters },
];

function bitsOfRun(run: string): number {
  if (/^[ \-.,_]$/.test(run)) return 0.5;
  if (!/^[\p{L}\p{N}]/u.test(run)) return 4;
  return kinds.find(({ fits }) => fits(run))?.bits([...run].length) ?? 0;
}

const backwards = (run: string): string => [...run].reverse().join('');
const looksLikeWord = (run: string): boolean =>
  run.length >= 3 && !/[^aeiouyäöüàéèêô]{5}|[aeiou]{4}|[jqvxz]{2}/.test(run);
