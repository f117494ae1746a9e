// What asks for a second look in the files of a wheel or sdist, whatever they are for: names, permission bits, what their bytes are (content-traits.ts).
// Paths passed the rules of paths.ts already; their text is hostile all the same.
import { found, type Finding } from './checks.ts';
import type { Traits } from './content-traits.ts';

/** One member, its content looked at; folders and links have no traits. */
export type Entry = {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'symlink' | 'hardlink';
  /** Permission bits as the archive states them; 0 where it does not. */
  readonly mode: number;
  readonly traits: Traits | null;
};

const privateName =
  /^(?:\.env|\.pypirc|\.netrc|_netrc|\.npmrc|\.git-credentials|\.htpasswd|id_(?:rsa|dsa|ecdsa|ed25519)|credentials\.json|service[-_]account.*\.json|\.aws|\.ssh|\.git|\.gnupg|\.vault[-_]pass.*|secrets?\.ya?ml)$/i;
const leftOver = /^(?:\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX|.*\.(?:sw[op]|orig|rej|bak)|\.#.*|#.*#)$/i;
const setBits = 0o7000;
const writableByAll = 0o002;

/** Looks at every entry. Never throws. */
export function checkContents(entries: readonly Entry[]): Finding[] {
  return entries.flatMap((entry) => [
    ...checkName(entry),
    ...checkMode(entry),
    ...(entry.traits === null ? [] : checkTraits(entry.path, entry.traits)),
  ]);
}

function checkName({ path, kind }: Entry): Finding[] {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  const findings: Finding[] = [];
  // A folder is told once, by its own entry or by the first file in it, not again by each.
  const hidden = kind === 'folder' ? undefined : parts.find((part) => privateName.test(part));
  if (hidden !== undefined)
    findings.push(
      found('archive.private-file', path, `“${hidden}” is a name of files that people keep to themselves.`),
    );
  if (kind !== 'folder' && leftOver.test(name))
    findings.push(found('archive.left-over', path, `“${name}” was left behind by a system or an editor.`));
  if (mixesLetters(name))
    findings.push(found('path.mixed-letters', path, `“${name}” mixes Latin letters with others that look the same.`));
  return findings;
}

/** Latin and Greek or Cyrillic letters within one word. */
const mixesLetters = (name: string): boolean =>
  /[^\x20-\x7e]/.test(name) &&
  name
    .split(/[^\p{L}]+/u)
    .some((word) => /\p{Script=Latin}/u.test(word) && /[\p{Script=Greek}\p{Script=Cyrillic}]/u.test(word));

function checkMode({ path, kind, mode }: Entry): Finding[] {
  if (kind !== 'file') return [];
  if ((mode & setBits) !== 0)
    return [found('archive.mode', path, `Its permission bits (${mode.toString(8)}) let it run as somebody else.`)];
  if ((mode & writableByAll) !== 0)
    return [found('archive.mode', path, `Its permission bits (${mode.toString(8)}) let everybody write it.`)];
  return [];
}

function checkTraits(path: string, { isPrivateKey, turnsDirection }: Traits): Finding[] {
  return [
    ...(isPrivateKey ? [found('archive.private-key', path, 'It begins as a private key does.')] : []),
    ...(turnsDirection
      ? [found('source.bidirectional', path, 'It holds characters that turn the direction of writing.')]
      : []),
  ];
}

/** Compiled code, by its first bytes or by how it is called. */
export const isNative = ({ path, traits }: Entry): boolean =>
  (traits !== null && traits.native !== null) || /\.(?:so|pyd|dylib|dll)(?:\.[0-9.]+)?$/.test(path);
