// How far a comparison goes. Beyond these figures it says what it left out: a comparison decides nothing, so it never refuses a release,
// and never costs more than this.

export type ChangeLimits = {
  /** Paths that are named of one file; the counts are of all. */
  readonly pathsMax: number;
  /** Beyond this a text is not compared line by line. */
  readonly textBytesMax: number;
  /** Of all texts of one file that are read for their lines. */
  readonly textBytesTotal: number;
  /** Lines that are kept of one text, and of all of them together. */
  readonly linesOfTextMax: number;
  readonly linesMax: number;
  readonly lineCharactersMax: number;
  /** Edits that are looked for in one text (the effort grows with their square), and in all of them. */
  readonly editsMax: number;
  readonly editsTotal: number;
};

export const changeLimits: ChangeLimits = {
  pathsMax: 2_000,
  textBytesMax: 512 * 1024,
  textBytesTotal: 24 * 1024 * 1024,
  linesOfTextMax: 2_000,
  linesMax: 12_000,
  lineCharactersMax: 400,
  editsMax: 1_000,
  editsTotal: 20_000,
};
