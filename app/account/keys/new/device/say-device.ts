// A suggestion for the name of a key of this browser, out of what the browser says of itself. Hostile text goes in; only words of ours come out.

const browsers: readonly [RegExp, string][] = [
  [/Firefox\//, 'Firefox'],
  [/Edg\//, 'Edge'],
  [/Chrome\/|Chromium\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

const systems: readonly [RegExp, string][] = [
  [/iPhone|iPad/, 'iPhone or iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'Mac'],
  [/Linux/, 'Linux'],
];

const firstOf = (words: readonly [RegExp, string][], agent: string): string | undefined =>
  words.find(([pattern]) => pattern.test(agent))?.[1];

/** "Firefox on Linux"; "a browser" where it does not say. */
export function sayDevice(agent: string): string {
  const system = firstOf(systems, agent);
  return `${firstOf(browsers, agent) ?? 'a browser'}${system === undefined ? '' : ` on ${system}`}`;
}
