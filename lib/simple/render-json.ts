// The project page and the project list as JSON (PEP 691, 700, 714, 792; api 1.4), from the same structure as the HTML.
// What is ours stands under `_countersign` (PEP 700 reserves keys that start with an underscore for the index itself):
// for each version its release record by address and digest, the threshold, and who signed.
import {
  apiVersion,
  filePath,
  fromPage,
  recordPath,
  type PageFile,
  type ProjectList,
  type ProjectPage,
} from './page.ts';

const meta = { 'api-version': apiVersion };

/** The project list (PEP 691). */
export function renderListJson(projects: ProjectList): string {
  return JSON.stringify({ meta, projects: projects.map((name) => ({ name })) });
}

/** The project page (PEP 691, 700) with the evidence of each version. */
export function renderPageJson(page: ProjectPage): string {
  return JSON.stringify({
    meta,
    name: page.name,
    // PEP 792: absent means active.
    ...(page.status && { 'project-status': { status: page.status.status, reason: page.status.reason } }),
    versions: page.preview ? [page.preview.version] : page.versions.map((entry) => entry.version),
    files: page.files.map(renderFile),
    _countersign: page.preview ? { preview: page.preview.says } : evidenceOf(page),
  });
}

function evidenceOf(page: ProjectPage): object {
  return {
    releases: fromPage(`evidence/${page.name}/releases.json`),
    versions: Object.fromEntries(
      page.versions.map(({ version, serial, sha256, threshold, signers }) => [
        version,
        { record: fromPage(recordPath(page.name, version, serial)), sha256, threshold, signers },
      ]),
    ),
  };
}

function renderFile(file: PageFile): object {
  return {
    filename: file.name,
    url: fromPage(filePath(file.sha256, file.name)),
    hashes: { sha256: file.sha256 },
    size: file.size,
    // PEP 700: UTC, ISO 8601, ends with Z.
    'upload-time': file.uploaded.replace(/Z$/, '.000000Z'),
    ...(file.requiresPython === null ? {} : { 'requires-python': file.requiresPython }),
    // PEP 714: only the new name in JSON, the old one breaks old pip.
    'core-metadata': file.metadataSha256 === null ? false : { sha256: file.metadataSha256 },
    'gpg-sig': file.signed,
    // PEP 691: false, true, or a reason that is not empty.
    yanked: file.yanked === null ? false : file.yanked || true,
  };
}
