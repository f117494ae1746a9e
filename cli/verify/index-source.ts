// An index over HTTP as the source of a release. What changes under one name (pages, lists, certificates) comes as the newest TUF metadata says it is: fresh, and
// of one moment. What has one content for ever follows from those by its digest, and is read as it stands.
import { refuse } from '#lib/core/errors.ts';
import { noteCheck } from '#lib/digest/ed25519.ts';
import { renderNoteKey } from '#lib/evidence/checkpoint.ts';
import { pageHtmlPath, pageJsonPath } from '#lib/evidence/index-tree.ts';
import { filePath } from '#lib/simple/page.ts';
import { readPageHtml, readPageJson, type ReadJsonPage, type ReadPage } from '#lib/simple/parse.ts';
import type { IndexReader } from '#cli/index/fetch-index.ts';
import { requireInLog } from '#cli/index/log.ts';
import type { Tuf } from '#cli/index/tuf.ts';
import type { Source } from './source.ts';

const changes = /^(?:keys\/|simple\/|evidence\/[^/]+\/releases\.json)/;

/** The index behind this reader, as its TUF metadata says it stands. */
export function sourceOfIndex(index: IndexReader, tuf: Pick<Tuf, 'readTarget'>): Source {
  const read = (path: string) => (changes.test(path) ? tuf.readTarget(path) : index.read(path));
  return {
    ...{ from: index.base, isCurrent: true, read },
    readPage: async (project) => {
      const [json, html] = [await read(pageJsonPath(project)), await read(pageHtmlPath(project))];
      if (!json || !html) return null;
      const page = readPageJson(json);
      requireSamePage(page, readPageHtml(html));
      return page;
    },
    measure: ({ sha256, name, size }, requests, onPart) =>
      index.measure(filePath(sha256, name), size, requests, onPart),
    requireLogged: async (question, documents) => {
      const { bytes, logKey } = await requireInLog(index, question, documents);
      return { key: renderNoteKey(logKey, noteCheck.hash), checkpoint: new TextDecoder().decode(bytes) };
    },
  };
}

/** Installers read the one form or the other: both have to say the same (threats.md, 91). Refuses `page.forms-differ`. */
function requireSamePage(json: ReadJsonPage, html: ReadPage): void {
  const files = json.files.map(({ size: _, ...file }) => file);
  const said = ({ name, status }: ReadPage, listed: readonly object[]) => JSON.stringify([name, status, listed]);
  if (said(json, files) !== said(html, html.files)) throw refuse('page.forms-differ', { project: json.name });
}
