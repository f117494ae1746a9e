// Whether an address is this machine's own, or one that others reach. What is good enough to try things out is refused on the latter.

/** True for `localhost`, names below it, 127.0.0.0/8 and ::1; false for every other host, and for what is no address. */
export function isLoopbackUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname);
}
