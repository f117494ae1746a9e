// A project's simple pages, HTML and JSON, made from its records in the countersigner's own copy of the tree: the pages can always be made
// again and never say what no record says.
import type { Instant } from '#lib/core/ids.ts';
import { readPolicy } from '#lib/core/policy.ts';
import { readRecord, type ReleaseRecord } from '#lib/core/release.ts';
import { byName } from '#lib/core/statement.ts';
import { hashing } from '#lib/digest/hashing.ts';
import { pageHtmlPath, pageJsonPath, policyPath } from '#lib/evidence/index-tree.ts';
import { compareVersions } from '#lib/python/versions.ts';
import { recordPath, type PageEvidence, type PageFile, type ProjectPage } from '#lib/simple/page.ts';
import { renderPageHtml } from '#lib/simple/render-html.ts';
import { renderPageJson } from '#lib/simple/render-json.ts';
import type { ProjectState } from './project-state.ts';

type Reading = { readTree: (path: string) => Uint8Array | null };

/** Adds both pages to `paths`. */
export function writePages(reading: Reading, state: ProjectState, paths: Map<string, Uint8Array>): void {
  const page = pageOf(reading, state);
  paths.set(pageHtmlPath(state.project), Buffer.from(renderPageHtml(page)));
  paths.set(pageJsonPath(state.project), Buffer.from(renderPageJson(page)));
}

function pageOf(reading: Reading, state: ProjectState): ProjectPage {
  const releases = Object.values(state.releases).sort((a, b) => compareVersions(a.version, b.version));
  const read = releases.map(({ version, serial, date }) => {
    const bytes = requireThere(reading, recordPath(state.project, version, serial));
    return { record: readRecord(bytes), sha256: hashing.sha256(bytes), published: date };
  });
  const offered = read.filter(({ record }) => record.state === 'published');
  return {
    name: state.project,
    status: state.status,
    versions: offered.map(({ record, sha256 }): PageEvidence => ({
      ...{ version: record.version, serial: record.serial, sha256 },
      threshold: readPolicy(requireThere(reading, policyPath(state.project, record.policy))).threshold,
      signers: [...new Set(record.signatures.map((signature) => signature.person))].sort(),
    })),
    // PEP 792: a quarantined project offers no file; what was published stays in its evidence.
    files:
      state.status?.status === 'quarantined'
        ? []
        : offered.flatMap(({ record, published }) => filesOf(record, published)).sort(byName),
  };
}

/** `published`: of the first record; a later serial changes nothing about when the files came. */
function filesOf(record: ReleaseRecord, published: Instant): PageFile[] {
  return record.files.map(({ name, size, sha256, requiresPython, metadataSha256 }) => ({
    ...{ name, size, sha256, requiresPython, metadataSha256 },
    signed: record.signatures.some((signature) => signature.over === name),
    yanked: record.yanked?.reason ?? null,
    uploaded: published,
  }));
}

function requireThere({ readTree }: Reading, path: string): Uint8Array {
  const bytes = readTree(path);
  if (!bytes) throw new Error(`Our own copy of the tree lacks ${path}.`);
  return bytes;
}
