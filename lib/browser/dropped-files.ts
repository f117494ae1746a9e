// What was dropped on a file field, folders opened: the files in them, at any depth. Browsers give a dropped folder as an entry to walk, never as
// files. Names and contents are hostile; nothing of a file is read here. What cannot be listed is left out: the caller says what is missing.

/** The files of a drop, in the order in which they come. Must be called while the drop event is handled: the browser forgets the entries then. */
export async function droppedFiles(dropped: Pick<DataTransfer, 'files' | 'items'>): Promise<File[]> {
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (!entries.some((entry) => entry.isDirectory)) return [...dropped.files];
  const found = await Promise.all(entries.map((entry) => filesOf(entry)));
  return found.flat();
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (isFile(entry)) return fileOf(entry);
  if (!isFolder(entry)) return [];
  const found: File[] = [];
  const reader = entry.createReader();
  // A folder is answered in portions; an empty one is the end.
  for (let some = await portionOf(reader); some.length > 0; some = await portionOf(reader))
    for (const inside of some) found.push(...(await filesOf(inside)));
  return found;
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

const fileOf = (entry: FileSystemFileEntry): Promise<File[]> =>
  new Promise((resolve) =>
    entry.file(
      (file) => resolve([file]),
      () => resolve([]),
    ),
  );

const portionOf = (reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> =>
  new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
