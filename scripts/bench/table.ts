// The rows that `npm run bench` prints: what was measured, the figure, and the goal of the design where it has one.

export type Row = { what: string; figure: string; goal: string };

/** Rows as an aligned table. */
export function renderTable(rows: Row[]): string {
  const all: Row[] = [{ what: 'what', figure: 'measured', goal: 'goal' }, ...rows];
  const width = (field: keyof Row) => Math.max(...all.map((row) => row[field].length));
  const [first, second] = [width('what'), width('figure')];
  return all.map((row) => `${row.what.padEnd(first)}  ${row.figure.padEnd(second)}  ${row.goal}`.trimEnd()).join('\n');
}
