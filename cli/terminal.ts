// Text for terminals. File names, user ids and metadata are hostile: an escape sequence can rewrite what was printed before,
// a bidirectional override can turn a name around, a line end can forge a line (threats.md, rows 25, 114).

/** The text with every control, escape, bidirectional and invisible character spelled out (`\x1b`, `\u{202e}`). Never throws. */
export function safeForTerminal(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, spellOut);
}

function spellOut(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
}
