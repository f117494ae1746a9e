// The files of a release: name, what it is, size, its digest in full, and who covers it. Names and digests are what the statement binds.
import { Digest } from '#components/ui/hex.tsx';
import { Size } from '#components/ui/size.tsx';
import { anyOf } from './signature-lines.tsx';

export type FileEntry = {
  name: string;
  kind?: 'wheel' | 'sdist';
  size: number;
  sha256: string;
  requiresPython?: string | null;
  /** Where it can be downloaded. */
  path?: string;
  /** Who covers this file by a signature, where that is said by file. */
  counted?: string[];
  since?: number;
};

const kinds = { wheel: 'Wheel', sdist: 'Source distribution' };

export function FileEntries({ files, label }: { files: FileEntry[]; label: string }) {
  return (
    <ul className="entries" aria-label={label}>
      {files.map((file) => (
        <li key={file.name}>
          <p className="file-name">{file.path === undefined ? file.name : <a href={file.path}>{file.name}</a>}</p>
          <p className="entry-facts">
            {file.kind === undefined ? null : `${kinds[file.kind]}, `}
            <Size bytes={file.size} />
            {file.requiresPython ? `, Python ${file.requiresPython}` : null}
            {file.since === undefined ? null : `, since revision ${file.since}`}
            {file.counted === undefined || file.counted.length === 0 ? null : `, covered by ${allOf(file.counted)}`}
          </p>
          <p className="entry-facts">
            SHA-256 <Digest value={file.sha256} />
          </p>
        </li>
      ))}
    </ul>
  );
}

/** "ada and bo" */
export function allOf(names: string[]): string {
  return anyOf(names).replace(/ or (?=[^ ]+$)/, ' and ');
}
