// A commit as one file: a line of JSON with places and lengths, then the bytes. Written and read by this program alone, on its
// own disk, so nothing in it is hostile. Refuses a journal whose lengths do not add up: it was renamed only when whole, so that would be a broken disk.

type Listed = { place: string; length: number };

/** All files in one piece. */
export function packFiles(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const list: Listed[] = [...files].map(([place, bytes]) => ({ place, length: bytes.length }));
  return Buffer.concat([Buffer.from(`${JSON.stringify(list)}\n`), ...files.values()]);
}

/** The files of a journal. */
export function unpackFiles(journal: Uint8Array): Map<string, Uint8Array> {
  const headEnd = journal.indexOf(0x0a);
  const list = JSON.parse(Buffer.from(journal.subarray(0, headEnd)).toString('utf8')) as Listed[];
  const files = new Map<string, Uint8Array>();
  let at = headEnd + 1;
  for (const { place, length } of list) {
    files.set(place, journal.subarray(at, at + length));
    at += length;
  }
  if (at !== journal.length) throw new Error('The journal of the state folder is damaged.');
  return files;
}
