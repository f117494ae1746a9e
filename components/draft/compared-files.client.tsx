'use client';
// What came of a check, file by file, in words and shape: the same, another one (both digests, the differing groups marked), missing, too many.

import { Fragment } from 'react';
import { differingGroups, type ComparedFile } from '#lib/browser/compare-files.ts';
import { Digest } from '#components/ui/hex.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Shape, type ShapeName } from '#components/ui/shape.tsx';

type ComparedFilesProps = { of: 'the draft’s files' | 'your own files'; files: ComparedFile[] };

export function ComparedFiles({ of, files }: ComparedFilesProps) {
  return (
    <>
      <Outcome of={of} files={files} />
      <ul className="entries" aria-label={`What came of checking ${of}`}>
        {files.map((file) => (
          <li key={file.name}>
            <p className="file-name">{file.name}</p>
            <State file={file} />
            {file.state === 'differs' ? <BothDigests {...file} /> : null}
          </li>
        ))}
      </ul>
    </>
  );
}

function Outcome({ of, files }: ComparedFilesProps) {
  const differing = files.filter(({ state }) => state === 'differs').length;
  const missing = files.filter(({ state }) => state === 'missing').length;
  if (differing === 0 && missing > 0)
    return (
      <Notice live tone="warning" title={`${missing} of the files of this release ${isOrAre(missing)} not among them.`}>
        <p>This check says nothing about what is missing. Give all of the files, or check the draft’s.</p>
      </Notice>
    );
  if (differing > 0)
    return (
      <Notice
        live
        tone="danger"
        title={`${differing} of the files of this release ${isOrAre(differing)} not the same.`}
      >
        <p>
          Do not sign before you know why. A build that is not reproducible differs too; ask whoever built the files.
        </p>
      </Notice>
    );
  return (
    <Notice live tone="good" title={`Match: ${of} are those that the statement binds.`}>
      <p>Each digest was computed in this browser and is the one that you sign.</p>
    </Notice>
  );
}

const isOrAre = (count: number): string => (count === 1 ? 'is' : 'are');

const said: Record<ComparedFile['state'], { shape: ShapeName; tone: string; words: string }> = {
  same: { shape: 'tick', tone: 'good', words: 'The same' },
  differs: { shape: 'cross', tone: 'danger', words: 'Another content than the statement binds' },
  missing: { shape: 'empty', tone: 'danger', words: 'Missing: it was not among what you gave' },
  extra: { shape: 'triangle', tone: 'warning', words: 'Not part of this release; nothing is signed about it' },
};

function State({ file: { state } }: { file: ComparedFile }) {
  const { shape, tone, words } = said[state];
  return (
    <p className="entry-facts">
      <span className="chip" data-tone={tone}>
        <Shape name={shape} />
      </span>{' '}
      {words}
    </p>
  );
}

function BothDigests({ expected, found }: { expected: string; found: string }) {
  const groups = differingGroups(expected, found);
  const count = groups.filter((group) => group.differs).length;
  return (
    <>
      <p className="entry-facts">
        The statement binds <Digest value={expected} />
      </p>
      <p className="entry-facts">
        Computed here ({count} of {groups.length} groups differ):{' '}
        <span className="hex">
          {groups.map(({ text, differs }, at) => (
            <Fragment key={at}>
              <span className="hex-group">{differs ? <mark>{text}</mark> : text}</span>
              <wbr />
            </Fragment>
          ))}
        </span>
      </p>
    </>
  );
}
