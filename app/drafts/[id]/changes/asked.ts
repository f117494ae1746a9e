// Which part of the changes an address asks for. Every value is a small number or one of two words; what is anything else is the first.

export type Asked = Partial<Record<'against' | 'file' | 'page' | 'path', string | string[]>>;
export type Wanted = {
  id: string;
  against: 'release' | 'revision';
  file: number;
  page: number;
  /** One path alone, with all of its lines. */
  path: number | null;
};

/** Never refuses. */
export const readAsked = (id: string, { against, file, page, path }: Asked): Wanted => ({
  id,
  against: against === 'revision' ? 'revision' : 'release',
  file: readNumber(file) ?? 0,
  page: readNumber(page) ?? 0,
  path: readNumber(path),
});

const readNumber = (claimed: string | string[] | undefined): number | null =>
  typeof claimed === 'string' && /^\d{1,5}$/.test(claimed) ? Number(claimed) : null;

/** The same with some of it changed. */
export function addressOf(wanted: Wanted, other: Partial<Wanted>): string {
  const { id, against, file, page, path } = { ...wanted, ...other };
  const query = new URLSearchParams();
  if (against === 'revision') query.set('against', against);
  if (file > 0) query.set('file', String(file));
  if (page > 0) query.set('page', String(page));
  if (path !== null) query.set('path', String(path));
  const text = query.toString();
  return `/drafts/${id}/changes${text === '' ? '' : `?${text}`}`;
}
