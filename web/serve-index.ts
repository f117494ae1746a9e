// The index over HTTP: /simple /files /evidence /keys /tuf /log, answered here and never by Next (docs/architecture.md: 35 times as fast).
// Trusts the bytes in the folder, which only the jobs program puts there after checking the index signature; trusts nothing in the request.
// Refuses: other methods than GET and HEAD, places outside the tree, and, while the tree is not there at all, everything with 503:
// an empty list would say that there are no projects.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { servedAs } from '#lib/server/handoff/served-as.ts';
import { immutable, revalidate } from '#lib/server/http/caching.ts';
import { isIndexAddress, readIndexAddress, type IndexPlace } from './index-address.ts';
import { chooseRepresentation } from './negotiate.ts';
import { createPageCache } from './page-cache.ts';
import { answerFile, answerMissing, answerPage, answerSentence } from './tree.ts';
import type { OwnRoute, Tree } from './tree.ts';
import { transportHeaders } from './headers.ts';

// Nothing under the index runs script, loads anything or is framed, whatever a project put into it.
const indexPolicy = "sandbox; default-src 'none'";
const placesMax = 4096;
const placeLengthMax = 512;

export type IndexOptions = {
  https: boolean;
  /** For how long a page is served from memory without a look at its file (threats.md, 92: at most 60 s). */
  freshMs: number;
};

/** The route that serves the tree in `folder`. It answers every address under the six prefixes and returns false for all others. */
export function serveIndex(folder: string, options: IndexOptions = { https: false, freshMs: 0 }): OwnRoute {
  const tree: Tree = {
    folder,
    cache: createPageCache(options.freshMs),
    readyMark: 'simple/index.html',
    always: { 'Content-Security-Policy': indexPolicy, ...transportHeaders(options.https) },
  };
  // Reading an address costs as much as answering from memory; the same ones come again and again.
  const places = new Map<string, IndexPlace | null>();
  function placeOf(url: string): IndexPlace | null {
    const known = places.get(url);
    if (known !== undefined) return known;
    const place = readIndexAddress(url);
    if (places.size >= placesMax) places.clear();
    if (url.length <= placeLengthMax) places.set(url, place);
    return place;
  }
  return function answerIndex(req, res) {
    const url = req.url ?? '/';
    if (!places.has(url) && !isIndexAddress(url)) return false;
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      return answerSentence(tree, res, {
        status: 405,
        sentence: 'The index is read-only.',
        headers: { Allow: 'GET, HEAD' },
      });
    }
    const place = placeOf(url);
    return place === null ? answerMissing(tree, res) : answerPlace(tree, req, res, place);
  };
}

function answerPlace(tree: Tree, req: IncomingMessage, res: ServerResponse, place: IndexPlace): true | Promise<true> {
  switch (place.kind) {
    case 'redirect': {
      const headers = { Location: place.location, 'Cache-Control': revalidate };
      return answerSentence(tree, res, { status: 301, sentence: `Moved to ${place.location}`, headers });
    }
    case 'page':
      return answerListing(tree, req, res, place.segments);
    case 'file':
      return answerDistribution(tree, req, res, place);
    case 'document':
      return answerDocument(tree, req, res, place.segments);
  }
}

/** The project list or a project page, as HTML or JSON (PEP 503, PEP 691). */
function answerListing(
  tree: Tree,
  req: IncomingMessage,
  res: ServerResponse,
  segments: string[],
): true | Promise<true> {
  const representation = chooseRepresentation(req.headers.accept);
  if (representation === null) {
    const sentence = 'This page comes as text/html and as application/vnd.pypi.simple.v1+json (PEP 691).';
    return answerSentence(tree, res, { status: 406, sentence, headers: { Vary: 'Accept' } });
  }
  return answerPage(tree, req, res, {
    path: `${tree.folder}/${segments.join('/')}/${representation.file}`,
    contentType: representation.contentType,
    cacheControl: revalidate,
    vary: 'Accept, Accept-Encoding',
  });
}

/** A wheel or sdist, or what stands beside it: `.asc` (PEP 503) and `.metadata` (PEP 658). */
function answerDistribution(
  tree: Tree,
  req: IncomingMessage,
  res: ServerResponse,
  file: IndexPlace & { kind: 'file' },
): Promise<true> {
  const { contentType, isFixed } = servedAs(file.segments);
  const isBeside = /\.(?:asc|metadata)$/.test(file.name);
  return answerFile(tree, req, res, {
    path: `${tree.folder}/${file.segments.join('/')}`,
    contentType,
    cacheControl: isFixed ? immutable : revalidate,
    vary: '',
    // The digest in the address is the digest of the bytes, so it is their entity tag; what stands beside is something else.
    ...(isBeside ? {} : { etag: `"${file.sha256}"` }),
    more: { 'Content-Disposition': `attachment; filename="${file.name}"` },
  });
}

/** Evidence, keys, TUF metadata, log tiles: stored bytes, exactly as they were signed. */
function answerDocument(
  tree: Tree,
  req: IncomingMessage,
  res: ServerResponse,
  segments: string[],
): true | Promise<true> {
  const { contentType, isFixed } = servedAs(segments);
  return answerPage(tree, req, res, {
    path: `${tree.folder}/${segments.join('/')}`,
    contentType,
    cacheControl: isFixed ? immutable : revalidate,
    vary: 'Accept-Encoding',
  });
}
