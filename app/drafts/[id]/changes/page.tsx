// What changed in a draft, line by line: against the release before, or against its own revision before. One file at a time, paged, without script. Nothing
// is compared here: what is shown was made when the files came.

import { cache } from 'react';
import type { Metadata } from 'next';
import { ChangedPaths } from '#components/changes/changed-paths.tsx';
import { ChangeLines } from '#components/changes/since-release.tsx';
import { Clause, PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { currentActor } from '#lib/next/session.ts';
import { draftChanges, type DraftChanges } from '#lib/server/queries/draft-changes.ts';
import { addressOf, readAsked, type Asked, type Wanted } from './asked.ts';

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Asked> };

const wantedBy = async ({ params, searchParams }: Props) => readAsked((await params).id, await searchParams);

// Read once for title and page. A cache tells objects apart by identity, so they are asked for by what they say.
const read = cache(async (asked: string) => {
  const wanted = JSON.parse(asked) as Wanted;
  return load(addressOf(wanted, {}), async () => draftChanges(await currentActor(), wanted.id, wanted));
});

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { project, version } = await read(JSON.stringify(await wantedBy(props)));
  return { title: `What changed in ${project} ${version}` };
}

const pathsOnPage = 25;
const linesOfOne = 120;

export default async function ChangesOfDraftPage(props: Props) {
  const wanted = await wantedBy(props);
  const { id } = wanted;
  const changes = await read(JSON.stringify(wanted));
  const { project, version, against, lines, revision } = changes;
  return (
    <>
      <PageHeading
        title="What changed"
        trail={[
          { href: `/projects/${project}`, label: project },
          { href: `/drafts/${id}`, label: version },
        ]}
        lead={against === null ? `Revision ${revision}.` : `Revision ${revision}, beside ${against}.`}
      />
      <Sides changes={changes} wanted={wanted} />
      {against === null ? (
        <p>There is nothing to compare it with.</p>
      ) : (
        <>
          <Clause title={`Since ${against}`}>
            <ChangeLines lines={lines} label={`What changed since ${against}`} />
          </Clause>
          <Files changes={changes} wanted={wanted} />
          <Paths changes={changes} wanted={wanted} />
        </>
      )}
    </>
  );
}

/** Against what: the two that there may be. */
function Sides({ changes: { has, revision }, wanted }: { changes: DraftChanges; wanted: Wanted }) {
  if (!has.release || !has.revision) return null;
  const other = wanted.against === 'release' ? 'revision' : 'release';
  const says = other === 'release' ? 'the release before' : `revision ${revision - 1} of this draft`;
  return (
    <p>
      <a href={addressOf(wanted, { against: other, file: 0, page: 0, path: null })}>Compare it with {says}</a>
    </p>
  );
}

function Files({ changes: { pairs }, wanted }: { changes: DraftChanges; wanted: Wanted }) {
  return (
    <Clause title={pairs.length === 1 ? 'One file' : `${pairs.length} files`}>
      <ul className="entries" aria-label="Files of this revision">
        {pairs.map(({ file, before, outcome }, at) => (
          <li key={file}>
            <p className="file-name">
              {at === wanted.file ? (
                <strong aria-current="true">{file}</strong>
              ) : (
                <a href={addressOf(wanted, { file: at, page: 0, path: null })}>{file}</a>
              )}
            </p>
            <p className="entry-facts">
              {before === null ? 'There was nothing like it.' : `Beside ${before}`}
              {outcome === 'same' ? ': the same bytes.' : '.'}
            </p>
          </li>
        ))}
      </ul>
    </Clause>
  );
}

function Paths({ changes: { pairs, details }, wanted }: { changes: DraftChanges; wanted: Wanted }) {
  if (details === null) return null;
  const file = (pairs[wanted.file] ?? pairs[0])?.file ?? '';
  const { paths, left } = details;
  const isOne = wanted.path !== null && wanted.path < paths.length;
  return (
    <Clause title={`Inside ${file}`}>
      {paths.length === 0 ? <p>No path in it came, went, changed or moved.</p> : null}
      {isOne ? <OnePath paths={paths} wanted={wanted} /> : <SomePaths paths={paths} wanted={wanted} />}
      {left === 0 ? null : <p>{left} more paths changed than are named here.</p>}
    </Clause>
  );
}

type PathsProps = { paths: NonNullable<DraftChanges['details']>['paths']; wanted: Wanted };

const wholeOf = (wanted: Wanted) => (path: number) => addressOf(wanted, { path, page: 0 });

function OnePath({ paths, wanted }: PathsProps) {
  const first = wanted.path ?? 0;
  return (
    <>
      <ChangedPaths
        paths={paths.slice(first, first + 1)}
        first={first}
        linesMost={Infinity}
        wholeAt={wholeOf(wanted)}
      />
      <p>
        <a href={addressOf(wanted, { path: null, page: Math.floor(first / pathsOnPage) })}>All paths of this file</a>
      </p>
    </>
  );
}

function SomePaths({ paths, wanted }: PathsProps) {
  const count = Math.ceil(paths.length / pathsOnPage);
  const page = Math.min(wanted.page, Math.max(0, count - 1));
  const first = page * pathsOnPage;
  const shown = paths.slice(first, first + pathsOnPage);
  return (
    <>
      <ChangedPaths paths={shown} first={first} linesMost={linesOfOne} wholeAt={wholeOf(wanted)} />
      <Pages wanted={{ ...wanted, page }} count={count} />
    </>
  );
}

function Pages({ wanted, count }: { wanted: Wanted; count: number }) {
  if (count < 2) return null;
  return (
    <nav aria-label="Pages of the changed paths" className="actions">
      {wanted.page > 0 ? <a href={addressOf(wanted, { page: wanted.page - 1 })}>Paths before</a> : null}
      <span>
        Page {wanted.page + 1} of {count}
      </span>
      {wanted.page + 1 < count ? <a href={addressOf(wanted, { page: wanted.page + 1 })}>More paths</a> : null}
    </nav>
  );
}
