// A table with a caption; below 640 px each row becomes a card whose values carry their column's name.
// The roles are written out because `display: block` would take them away from screen readers.

import type { ReactNode } from 'react';

export type Column = { key: string; label: string; align?: 'start' | 'end' };
export type Row = { key: string; cells: Record<string, ReactNode> };

type TableProps = {
  caption: string;
  /** Said, but not shown, where a heading above already says it. */
  captionHidden?: boolean;
  /** The first column names the row. An empty label needs no heading (a column of buttons). */
  columns: Column[];
  rows: Row[];
};

export function Table({ caption, captionHidden = false, columns, rows }: TableProps) {
  return (
    <table className="table" role="table">
      <caption className={captionHidden ? 'sr-only' : undefined}>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) =>
            column.label === '' ? (
              <td key={column.key} role="cell" />
            ) : (
              <th key={column.key} role="columnheader" scope="col" data-align={column.align}>
                {column.label}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={row.key} role="row">
            {columns.map((column, at) => (
              <Cell key={column.key} column={column} isName={at === 0}>
                {row.cells[column.key]}
              </Cell>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ column, isName, children }: { column: Column; isName: boolean; children: ReactNode }) {
  if (isName) {
    return (
      <th role="rowheader" scope="row">
        {children}
      </th>
    );
  }
  return (
    <td role="cell" data-label={column.label} data-align={column.align}>
      <span>{children}</span>
    </td>
  );
}
