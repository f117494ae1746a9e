// What a publication costs in TUF metadata, and what a client pays, in an index of 10 and of 100,000 projects with one release each: the state of the
// large one is written as rounds would have left it, since publishing so many would take days. Temporary folders only.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { BaseFetcher, Updater } from 'tuf-js';
import { DownloadHTTPError } from 'tuf-js/dist/error.js';
import type { IndexName } from '#lib/core/ids.ts';
import { openStore, type Store } from '#countersigner/store.ts';
import { binsMax, nameOf, placeOf, places } from '#countersigner/tuf/bins.ts';
import { initRoleKeys, readRoleKeys } from '#countersigner/tuf/role-keys.ts';
import { readBins, renderJson, tufPlaces, type Bin, type TargetFacts } from '#countersigner/tuf/state.ts';
import { nextStep, recentMax } from '#countersigner/tuf/upkeep.ts';
import {
  close,
  openPen,
  putBin,
  putRecent,
  putTargets,
  writeTuf,
  type TufParts,
  type TufWritten,
} from '#countersigner/tuf/write-tuf.ts';
import type { Row } from './table.ts';

const facts: TargetFacts = { sha256: 'ab'.repeat(32), length: 12_345 };

/** What one project with one release of two files has. */
function targetsOf(project: number): string[] {
  const name = `project-${project}`;
  const evidence = `evidence/${name}`;
  const record = `${evidence}/releases/1.0`;
  const file = (kind: string): string => `files/ab/cd/${facts.sha256}/project_${project}-1.0${kind}`;
  return [
    ...[`simple/${name}/index.html`, `simple/${name}/index.json`, `keys/${String(project).padStart(40, 'A')}.asc`],
    ...[`${evidence}/policy/1.json`, `${evidence}/releases.json`, `${record}/1.json`, `${record}/SHA256SUMS`].flatMap(
      (place) => [place, `${place}.asc`],
    ),
    ...[file('.tar.gz'), file('-py3-none-any.whl'), file('-py3-none-any.whl.metadata')],
  ];
}

type Index = { store: Store; parts(): TufParts; served: Map<string, Uint8Array>; folder: string };

function openIndex(): Index {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-tuf-'));
  const store = openStore(path.join(folder, 'state'));
  initRoleKeys(store);
  const index = 'sign.example.org' as IndexName;
  const parts = (): TufParts => ({ store, keys: readRoleKeys(store), index, now: Date.now() });
  return { store, parts, served: new Map(), folder };
}

function take({ store, served }: Index, written: TufWritten): { files: number; kilobytes: number } {
  store.commit(written.kept);
  for (const [place, bytes] of written.served) served.set(place, bytes);
  const bytes = [...written.served.values(), ...written.kept.values()].reduce((sum, one) => sum + one.length, 0);
  return { files: written.served.size, kilobytes: Math.round(bytes / 1024) };
}

const all = (from: number, count: number): Map<string, TargetFacts> =>
  new Map(
    Array.from({ length: count }, (_, at) => targetsOf(from + at))
      .flat()
      .map((target) => [target, facts]),
  );

/** As if this many projects had been published: `recent` half full, the rest in bins, as many as there may be. */
function fill(index: Index, projects: number): void {
  if (projects < 20) return void take(index, writeTuf(index.parts(), all(0, projects)));
  const pen = openPen(index.parts());
  const recent = new Map<string, TargetFacts>();
  const span = places / binsMax;
  const bins: Bin[] = Array.from({ length: binsMax }, (_, at) => ({
    ...{ name: nameOf(at * span), from: at * span, to: (at + 1) * span, count: 0, key: '', version: 7 },
    expires: Date.now() + 300 * 86_400_000,
  }));
  const entries = bins.map((): [string, TargetFacts][] => []);
  for (let project = 0; project < projects; project += 1)
    for (const target of targetsOf(project)) {
      if (recent.size < recentMax / 2) recent.set(target, facts);
      else entries[Math.floor(placeOf(target) / span)]?.push([target, facts]);
    }
  putRecent(pen, recent);
  const key = pen.keys.find(({ role }) => role === 'targets')?.publicHex ?? '';
  pen.bins = bins.map((bin, at) => ({ ...bin, key, count: entries[at]?.length ?? 0 }));
  for (const [at, { name }] of bins.entries())
    index.store.commit(new Map([[tufPlaces.entries(name), renderJson(entries[at])]]));
  pen.kept.set(tufPlaces.bins, renderJson(pen.bins));
  // One of them signed as well, for a client to read.
  const [first] = pen.bins;
  if (first) putBin(pen, first, new Map(entries[0]));
  putTargets(pen);
  take(index, close(pen));
}

/** An unmodified client without any metadata but the root, from memory: looks for a target that is no longer recent. */
async function lookUp({ served, folder, store }: Index, projects: number): Promise<number> {
  class ServedFetcher extends BaseFetcher {
    override async fetch(url: string): Promise<Readable> {
      const bytes = served.get(`tuf/${new URL(url).pathname.slice(1)}`);
      if (!bytes) throw new DownloadHTTPError('not there', 404);
      return Readable.from([Buffer.from(bytes)]);
    }
  }
  const metadataDir = path.join(folder, 'client');
  mkdirSync(metadataDir);
  writeFileSync(path.join(metadataDir, 'root.json'), served.get('tuf/1.root.json') ?? '');
  const options = { metadataDir, metadataBaseUrl: 'http://index', targetDir: folder, fetcher: new ServedFetcher() };
  const first = readBins(store)[0];
  const wanted = Array.from({ length: projects }, (_, project) => `simple/project-${project}/index.json`)
    .reverse()
    .find((target) => first === undefined || placeOf(target) < first.to);
  const began = performance.now();
  if (!(await new Updater(options).getTargetInfo(wanted ?? ''))) throw new Error('the target was not found');
  return performance.now() - began;
}

/** Adds three rows for each size. */
export async function measureTuf(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const projects of [10, 100_000]) {
    const index = openIndex();
    try {
      fill(index, projects);
      const of = `index of ${projects.toLocaleString('en')} projects`;
      const fresh = all(projects, 1);
      let began = performance.now();
      const cost = take(index, writeTuf(index.parts(), fresh));
      rows.push({
        what: `TUF metadata of one publication, ${of}`,
        figure: `${Math.round(performance.now() - began)} ms, ${cost.files} files, ${cost.kilobytes} KB written`,
        goal: 'the same in both',
      });
      take(index, writeTuf(index.parts(), all(projects + 1, 30)));
      began = performance.now();
      const step = nextStep(index.parts());
      const moved = step === null ? null : take(index, step);
      rows.push({
        what: `one step of moving on what was recent, ${of}`,
        figure: moved
          ? `${Math.round(performance.now() - began)} ms, ${moved.files} files, ${moved.kilobytes} KB`
          : 'none due',
        goal: '',
      });
      rows.push({
        what: `tuf-js, cold, one target, ${of}`,
        figure: `${Math.round(await lookUp(index, projects))} ms`,
        goal: '',
      });
    } finally {
      rmSync(index.folder, { recursive: true });
    }
  }
  return rows;
}
