// All rows of a database as text, and back: the same bytes from the embedded database and from PostgreSQL, so that a copy is compared by its digests. Each row is one line, a
// JSON array of PostgreSQL's own text of each value under fixed settings; every type reads back exactly what it wrote. Names of tables and columns come from the database itself
// and are quoted by it. Generated columns do not exist here; sequences are set behind their highest value.
import { createHash } from 'node:crypto';
import { refuse } from '#lib/core/errors.ts';
import { readSha256, type Sha256 } from '#lib/core/ids.ts';
import type { Script } from '#lib/server/db/client.ts';

export type Column = { name: string; type: string };
export type TableCopy = { name: string; columns: Column[]; rows: number; sha256: Sha256 };
export type Lines = AsyncIterable<Uint8Array>;

// Rows with bytes may be large: a hand-back has up to 64 MB.
const rowsAtOnce = { plain: 500, withBytes: 2 };
const prismaTable = '_prisma_migrations';

const fixedSettings = `SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1`;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Every table of ours, so that one that is pointed at stands before those that point at it. */
export async function tablesInOrder(script: Script): Promise<string[]> {
  const names = await script.rows(
    `SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  const pointers =
    await script.rows(`SELECT child.relname::text AS child, parent.relname::text AS parent FROM pg_constraint
    JOIN pg_class child ON child.oid = conrelid JOIN pg_class parent ON parent.oid = confrelid
    WHERE contype = 'f' AND child.oid <> parent.oid`);
  const left = new Set(names.map((row) => String(row.name)).filter((name) => name !== prismaTable));
  const ordered: string[] = [];
  while (left.size > 0) {
    const waits = new Set(pointers.filter((row) => left.has(String(row.parent))).map((row) => String(row.child)));
    const free = [...left].filter((name) => !waits.has(name));
    if (free.length === 0) throw new Error('The tables point at each other in a circle.');
    for (const name of free) left.delete(name);
    ordered.push(...free);
  }
  return ordered;
}

async function columnsOf(script: Script, table: string): Promise<{ columns: Column[]; key: string[] }> {
  const columns = await script.rows(
    `SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [quoted(table)],
  );
  const key = await script.rows(
    `SELECT attname::text AS name FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
     WHERE indrelid = $1::regclass AND indisprimary ORDER BY array_position(indkey::int2[], attnum)`,
    [quoted(table)],
  );
  return {
    columns: columns.map((row) => ({ name: String(row.name), type: String(row.type) })),
    key: key.map((row) => String(row.name)),
  };
}

/** The rows of a table as lines, in the order of its key, the same on every machine (no collation). */
async function* linesOf(script: Script, table: string, columns: readonly Column[], key: readonly string[]): Lines {
  const values = columns.map(({ name }, at) => `${quoted(name)}::text AS "c${at}"`).join(', ');
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const order = key
    .map((name) => (types.get(name) === 'text' ? `${quoted(name)} COLLATE "C"` : quoted(name)))
    .join(', ');
  const atOnce = columns.some(({ type }) => type === 'bytea') ? rowsAtOnce.withBytes : rowsAtOnce.plain;
  await script.run(`DECLARE "copy" NO SCROLL CURSOR FOR SELECT ${values} FROM ${quoted(table)} ORDER BY ${order}`);
  for (;;) {
    const rows = await script.rows(`FETCH ${atOnce} FROM "copy"`);
    if (rows.length === 0) break;
    const lines = rows.map((row) => JSON.stringify(columns.map((_, at) => row[`c${at}`] ?? null)));
    yield Buffer.from(`${lines.join('\n')}\n`);
  }
  await script.run('CLOSE "copy"');
}

/** Hands the lines of each table to `keep`, which answers their digest. In one transaction of the caller, whose snapshot it is. */
export async function copyTables(script: Script, keep: (lines: Lines) => Promise<Sha256>): Promise<TableCopy[]> {
  await script.run(fixedSettings);
  const copies: TableCopy[] = [];
  for (const name of await tablesInOrder(script)) {
    const { columns, key } = await columnsOf(script, name);
    const sha256 = await keep(linesOf(script, name, columns, key));
    const [counted] = await script.rows(`SELECT count(*)::int AS rows FROM ${quoted(name)}`);
    copies.push({ name, columns, rows: Number(counted?.rows), sha256 });
  }
  return copies;
}

/** The digest of lines that are kept nowhere: to compare two databases. */
export async function digestLines(lines: Lines): Promise<Sha256> {
  const hash = createHash('sha256');
  for await (const line of lines) hash.update(line);
  return readSha256(hash.digest('hex'));
}

/** Writes the rows of a table as they were. The columns must be there in the database; the rows are ours, from a store that checked their digest. */
export async function writeTable(script: Script, { name, columns }: TableCopy, lines: Lines): Promise<void> {
  await script.run(fixedSettings);
  const names = columns.map((column) => quoted(column.name)).join(', ');
  const casts = columns.map(({ type }, at) => `(row ->> ${at})::${type}`).join(', ');
  const insert = `INSERT INTO ${quoted(name)} (${names}) SELECT ${casts} FROM json_array_elements($1::json) AS row`;
  for await (const batch of batchesOf(lines)) await script.rows(insert, [`[${batch.join(',')}]`]);
}

const batchBytesMax = 4 * 1024 ** 2;

/** Whole lines, a few megabytes at a time. */
async function* batchesOf(lines: Lines): AsyncGenerator<string[]> {
  let open: Buffer = Buffer.alloc(0);
  let batch: string[] = [];
  let bytes = 0;
  for await (const piece of lines) {
    open = Buffer.concat([open, piece]);
    for (let end = open.indexOf(10); end !== -1; end = open.indexOf(10)) {
      batch.push(open.toString('utf8', 0, end));
      bytes += end;
      open = open.subarray(end + 1);
    }
    if (bytes < batchBytesMax) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (open.length > 0) throw new Error('A table of the backup ends in the middle of a row.');
  if (batch.length > 0) yield batch;
}

/** Sets every sequence behind the highest value that its column has. */
export async function setSequences(script: Script): Promise<void> {
  const owned =
    await script.rows(`SELECT format('%I.%I', n.nspname, s.relname) AS sequence, t.relname::text AS tablename, a.attname::text AS columnname
    FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
    JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    WHERE s.relkind = 'S' AND n.nspname = 'public'`);
  for (const { sequence, tablename, columnname } of owned)
    await script.rows(
      `SELECT setval($1::regclass, greatest(max(${quoted(String(columnname))}), 1), max(${quoted(String(columnname))}) IS NOT NULL) FROM ${quoted(String(tablename))}`,
      [sequence],
    );
}

/** Refuses `backup.not-equal` unless the database now holds exactly these rows. */
export async function requireEqual(script: Script, wanted: readonly TableCopy[]): Promise<void> {
  const found = new Map((await copyTables(script, digestLines)).map((copy) => [copy.name, copy]));
  for (const { name, rows, sha256 } of wanted) {
    const copy = found.get(name);
    if (copy?.sha256 !== sha256 || copy.rows !== rows) throw refuse('backup.not-equal', { table: name });
  }
}
