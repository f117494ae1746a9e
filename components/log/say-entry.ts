// An entry of the log in people's words, from what its path and its document say. Nothing that somebody typed is in it.

export type LoggedEvent = {
  event: string | null;
  path: string;
  project: string | null;
  version: string | null;
  of: number | null;
  state: string | null;
};

type Say = (entry: LoggedEvent) => string;

const release = ({ project, version }: LoggedEvent): string => `${project} ${version}`;

const said: Record<string, Say> = {
  policy: ({ project, of }) => (of === 1 ? `${project} was founded: policy 1` : `Policy ${of} of ${project}`),
  release: (entry) => `${release(entry)} ${stateOf(entry)}`,
  yank: (entry) => `An owner ${entry.state === 'unyank' ? 'took back the yank of' : 'yanked'} ${release(entry)}`,
  status: ({ project, state }) => `An owner declared ${project} ${state ?? ''}`.trimEnd(),
  certificate: () => 'Certificate of a key',
  'index-key': () => 'Certificate of the index itself',
  'index-key-change': () => 'The index changed its key',
  'log-key-change': () => 'The log changed its key',
};

function stateOf({ of, state }: LoggedEvent): string {
  if (of === 1) return 'was published';
  if (state === 'quarantined') return `was quarantined (record ${of})`;
  if (state === 'yanked') return `is marked as yanked (record ${of})`;
  return `stands as published (record ${of})`;
}

/** One sentence without a full stop; what is not known here is said by its path. */
export const sayEntry = (entry: LoggedEvent): string => said[entry.event ?? '']?.(entry) ?? entry.path;
