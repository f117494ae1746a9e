// Who would wait for one another in the database anyway waits here, before the transaction is opened: many people who sign one draft at the same moment. In PostgreSQL
// each of them would read, wait for the row of the draft, and learn that it has to begin again. Nothing rests on it: another process, and Next's own copy of
// this file, have lines of their own, and what meets there is told apart by rows as ever.

const lines = new Map<string, Promise<unknown>>();

/** Runs the work when what came before it for the same thing has ended, however it ended; ends as the work does. */
export function inTurn<T>(of: string, work: () => Promise<T>): Promise<T> {
  const mine = (lines.get(of) ?? Promise.resolve()).then(work);
  const ended = mine.then(
    () => undefined,
    () => undefined,
  );
  lines.set(of, ended);
  void ended.then(() => {
    if (lines.get(of) === ended) lines.delete(of);
  });
  return mine;
}
