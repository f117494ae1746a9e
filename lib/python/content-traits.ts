// What stands out in the content of one file while it streams by: compiled code, a private key, characters that turn the direction of writing.
// Looks at the first bytes, and through texts; holds nothing. Hostile bytes; executes and unpacks nothing.

export type Traits = {
  /** Compiled code for which kind of system, by its first bytes. */
  readonly native: 'ELF' | 'PE' | 'Mach-O' | 'archive of object files' | null;
  readonly isPrivateKey: boolean;
  readonly turnsDirection: boolean;
};

export type Look = { take(chunk: Uint8Array): void; end(): Traits };

const headBytes = 64;
const sourceText = /\.(?:py|pyi|pyx|pxd|c|h|cc|cpp|hpp|rs|js|mjs|ts|sh|toml|cfg|ini)$/;
// The second and third byte of each.
const turning = new Set([0x80aa, 0x80ab, 0x80ac, 0x80ad, 0x80ae, 0x81a6, 0x81a7, 0x81a8, 0x81a9]);
const privateKey = /^-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/;

/** Starts to look at the file of this path. */
export function startLook(path: string): Look {
  let head = Buffer.alloc(0);
  let turnsDirection = false;
  let last = Buffer.alloc(0);
  const isSource = sourceText.test(path);
  return {
    take: (chunk) => {
      if (head.length < headBytes) head = Buffer.concat([head, chunk.subarray(0, headBytes - head.length)]);
      if (!isSource || turnsDirection) return;
      turnsDirection = holdsTurning(Buffer.concat([last, chunk]));
      last = Buffer.from(chunk.subarray(-2));
    },
    end: () => ({ native: nativeOf(head), isPrivateKey: privateKey.test(head.toString('latin1')), turnsDirection }),
  };
}

// U+202A … U+202E are E2 80 AA … AE, U+2066 … U+2069 are E2 81 A6 … A9 (Trojan Source, CVE-2021-42574).
function holdsTurning(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(0xe2); at !== -1 && at + 2 < bytes.length; at = bytes.indexOf(0xe2, at + 1)) {
    if (turning.has(bytes.readUInt16BE(at + 1))) return true;
  }
  return false;
}

const machO = new Set([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe]);

function nativeOf(head: Buffer): Traits['native'] {
  if (head.length < 8) return null;
  const magic = head.readUInt32BE(0);
  if (magic === 0x7f454c46) return 'ELF';
  if (machO.has(magic)) return 'Mach-O';
  // A Java class starts with the same four bytes; there the next four are a version of 45 or more, here a small count.
  if (magic === 0xcafebabe && head.readUInt32BE(4) < 20) return 'Mach-O';
  if (head.toString('latin1', 0, 8) === '!<arch>\n') return 'archive of object files';
  return head.readUInt16BE(0) === 0x4d5a && head.includes(0) ? 'PE' : null;
}
