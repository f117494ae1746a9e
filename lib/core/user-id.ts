// The mail address that an OpenPGP user id claims. Claims only: whoever makes a key writes into it what they like (threats.md, 32), so an
// address from here is compared with one that was checked by mail, and is never an identity. Hostile text in, an address or nothing out.

/** The address in `Name (comment) <address>` or in a bare address, lower-cased as addresses are stored; null: there is none. */
export function addressInUserId(hostileText: string): string | null {
  if (hostileText.length > 1000) return null;
  const claimed = /^[^<>]*<([^<>\s]+)>\s*$/.exec(hostileText)?.[1] ?? hostileText.trim();
  return /^[^\s@<>]+@[^\s@<>]+$/.test(claimed) ? claimed.toLowerCase() : null;
}
