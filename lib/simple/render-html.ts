// The project page and the project list as HTML (PEP 503, 592, 629, 658, 714, 792; api 1.4, frozen by PEP 833).
// Trusts nothing inside a text: names, specifiers and reasons are escaped for element and attribute alike (threats.md, 89).
import { apiVersion, filePath, fromPage, type PageFile, type ProjectList, type ProjectPage } from './page.ts';

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Hostile text → text that is only text, between tags and inside a quoted attribute. */
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '');

/** One anchor a project: its address ends with a slash, its text is the name (PEP 503). */
export function renderListHtml(projects: ProjectList): string {
  const anchors = projects.map((name) => `<a href="${name}/">${name}</a><br>`);
  return renderHtml('Simple index', anchors);
}

/** One anchor a file, with the digest in the address and all that PEP 503 to 714 say about it in attributes. */
export function renderPageHtml(page: ProjectPage): string {
  const says = page.preview ? [`<p>${escapeHtml(page.preview.says)}</p>`] : [];
  return renderHtml(`Links for ${page.name}`, [...says, ...page.files.map(renderAnchor)], statusMetas(page));
}

// PEP 792, "Project status markers".
const statusMetas = ({ status }: ProjectPage): string[] =>
  status === null
    ? []
    : [
        `<meta name="pypi:project-status" content="${status.status}">`,
        `<meta name="pypi:project-status-reason" content="${escapeHtml(status.reason)}">`,
      ];

function renderAnchor(file: PageFile): string {
  const href = `${fromPage(filePath(file.sha256, file.name))}#sha256=${file.sha256}`;
  const attributes = Object.entries({ href, ...attributesOf(file) }).map(
    ([name, value]) => `${name}="${escapeHtml(value)}"`,
  );
  return `<a ${attributes.join(' ')}>${escapeHtml(file.name)}</a><br>`;
}

function attributesOf(file: PageFile): Record<string, string> {
  const metadata = file.metadataSha256 && `sha256=${file.metadataSha256}`;
  return {
    ...(file.requiresPython === null ? {} : { 'data-requires-python': file.requiresPython }),
    // PEP 714: the new name, and the old one with the same value for older clients.
    ...(metadata ? { 'data-core-metadata': metadata, 'data-dist-info-metadata': metadata } : {}),
    // PEP 503: on every link, once it is used at all.
    'data-gpg-sig': String(file.signed),
    ...(file.yanked === null ? {} : { 'data-yanked': file.yanked }),
  };
}

function renderHtml(title: string, lines: readonly string[], metas: readonly string[] = []): string {
  const head = [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta name="pypi:repository-version" content="${apiVersion}">`,
    ...metas,
    `<title>${title}</title>`,
    '</head>',
    '<body>',
    `<h1>${title}</h1>`,
  ];
  return `${[...head, ...lines, '</body>', '</html>'].join('\n')}\n`;
}
