// The file WHEEL of a wheel (PEP 427): a few headers, of which installers act on two. Hostile; installers read it as the header of a mail, whatever the case of its
// letters and up to the first line that is none, so that anything that could be read otherwise is refused.
import { refuse } from '#lib/core/errors.ts';

export type WheelFile = { readonly tags: readonly string[] };

const fail = (why: string) => refuse('distribution.layout', { why: `WHEEL ${why}` });

/** Refuses `distribution.layout`: lines that are no headers, another major version than 1, a header given twice that counts once. */
export function readWheelFile(bytes: Uint8Array): WheelFile {
  const lines = new TextDecoder('utf-8', { ignoreBOM: true })
    .decode(bytes)
    .replace(/[\r\n]+$/, '')
    .split(/\r?\n/);
  const headers = lines.map((line) => {
    const [, name, value] = /^([A-Za-z][A-Za-z0-9-]*):([^\r]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw fail('has a line that is no header');
    return { name: name.toLowerCase(), value: value.trim() };
  });
  const valuesOf = (name: string) => headers.filter((header) => header.name === name).map(({ value }) => value);
  const versions = valuesOf('wheel-version');
  if (versions.length !== 1 || !/^1\.[0-9]{1,4}$/.test(versions[0] ?? ''))
    throw fail('does not state one Wheel-Version 1.x');
  if (valuesOf('root-is-purelib').length > 1) throw fail('states Root-Is-Purelib more than once');
  return { tags: valuesOf('tag') };
}
