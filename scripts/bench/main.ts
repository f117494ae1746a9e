// The bench as a table of contents. A word on the command line picks some: `npm run bench -- starts`.
import { measureBrowserHashing } from './browser-hashing.ts';
import { measureChecks } from './checks.ts';
import { measureClient } from './client.ts';
import { measureIndexPages } from './index-pages.ts';
import { measureLog } from './log.ts';
import { measurePublication } from './publication.ts';
import { measureRelease } from './release.ts';
import { measureSigners } from './signers.ts';
import { measureStarts } from './starts.ts';
import { renderTable, type Row } from './table.ts';
import { measureTuf } from './tuf.ts';
import { measureTwoWebPrograms } from './two-web-programs.ts';
import { measureUploads } from './uploads.ts';
import { measureVerification } from './verification.ts';

const measures: Record<string, () => Promise<Row[]>> = {
  starts: measureStarts,
  index: measureIndexPages,
  log: measureLog,
  publication: measurePublication,
  checks: measureChecks,
  client: measureClient,
  release: measureRelease,
  signers: measureSigners,
  tuf: measureTuf,
  two: measureTwoWebPrograms,
  uploads: measureUploads,
  verification: measureVerification,
  hashing: measureBrowserHashing,
};

const wanted = process.argv.slice(2);
const chosen = Object.entries(measures).filter(([name]) => wanted.length === 0 || wanted.includes(name));
const rows: Row[] = [];
for (const [name, measure] of chosen) {
  console.log(`Measuring ${name} …`);
  rows.push(
    ...(await measure().catch((fault: unknown) => [
      { what: name, figure: `not measured: ${String(fault)}`, goal: '' },
    ])),
  );
}
console.log(`\n${renderTable(rows)}`);
