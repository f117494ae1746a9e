// Text of strangers on its way to a person who decides by it: what reorders, hides or pushes out of sight is made visible. Characters that draw
// nothing are named (`[U+202E]`), long runs of spaces are counted, and of a long line the start and the end stay: what is left out is said.

// Cc, Cf, Zl, Zp: controls, bidirectional overrides, invisible characters, line ends. Cs, Co, Cn: no character at all. The rest draws nothing or a space.
const unseen =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2800\u3164\uFE00-\uFE0F\uFFA0\u{E0100}-\u{E01EF}]/gu;
const longRun = /[\p{Zs}\t]{41,}/gu;
const endMost = 80;

const named = (character: string): string =>
  character === '\t' ? character : `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;

/** One line of hostile text, at most about `most` characters of it. Never throws; equal text gives equal text. */
export function visibleText(hostile: string, most = 400): string {
  // Cut before it is made longer: a megabyte of one line costs no more than what is shown of it.
  const tight = hostile.replace(longRun, (run) => ` [${run.length} spaces] `);
  const shown = tight.length <= most ? tight : shortened(tight, most);
  return shown.replace(unseen, named);
}

/** A whole text of strangers: only what reorders it or draws nothing is named; line ends, tabs and the joints of emoji stay. Never throws. */
export const visibleControls = (hostile: string): string =>
  hostile
    .replaceAll('\r\n', '\n')
    .replace(unseen, (character) => (/[\n\t\u200D\uFE0F]/u.test(character) ? character : named(character)));

function shortened(text: string, most: number): string {
  const end = Math.min(endMost, Math.floor(most / 4));
  return `${text.slice(0, most - end)} [… ${text.length - most} more characters …] ${text.slice(-end)}`;
}
