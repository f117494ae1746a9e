// The figures that inspection keeps to (threats.md, “Figures to reach” and row 81). They are arguments everywhere, so that
// a test or an instance can be stricter; nothing in this room reads a limit from anywhere else.

export type InspectionLimits = {
  readonly fileBytesMax: number;
  readonly entriesMax: number;
  readonly unpackedBytesMax: number;
  /** Unpacked size over file size; looked at only above `ratioFromBytes`, since small files compress wildly. */
  readonly ratioMax: number;
  readonly ratioFromBytes: number;
  readonly metadataBytesMax: number;
  readonly recordBytesMax: number;
  readonly pathBytesMax: number;
  readonly millisecondsMax: number;
};

const kib = 1024;
const mib = 1024 * kib;

/** A wheel or sdist that somebody uploads. */
export const inspectionLimits: InspectionLimits = {
  fileBytesMax: 100 * mib,
  entriesMax: 20_000,
  unpackedBytesMax: 1024 * mib,
  ratioMax: 50,
  ratioFromBytes: 64 * mib,
  metadataBytesMax: mib,
  recordBytesMax: 8 * mib,
  pathBytesMax: kib,
  millisecondsMax: 10_000,
};

/** An evidence bundle: many small text files, held in memory. */
export const bundleLimits: InspectionLimits = {
  ...inspectionLimits,
  fileBytesMax: 16 * mib,
  entriesMax: 5_000,
  unpackedBytesMax: 32 * mib,
};

/** Bytes for people: `100 MiB`. */
export function renderBytes(bytes: number): string {
  if (bytes >= mib) return `${Math.round(bytes / mib)} MiB`;
  return bytes >= kib ? `${Math.round(bytes / kib)} KiB` : `${bytes} bytes`;
}
