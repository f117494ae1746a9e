// Our own browser scripts (key, signing and hashing code), built apart from Next into one folder and served under /assets/.
// A worker takes its policy from its own response, so the policy here is the one under which a private key is used:
// no network, no other host, no string that becomes code (Trusted Types enforced).
// Two of them may compile WebAssembly, which gives a script no reach that it lacks: the hashing worker, and the signing worker, which goes on with
// the hash of a file.
// SHA256SUMS beside them names each script by its digest (docs/guide/check-the-signing-script.md).
// Refuses every other name that is not a plain file name with one of three endings.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { transportHeaders } from './headers.ts';
import { createPageCache } from './page-cache.ts';
import { revalidate } from '#lib/server/http/caching.ts';
import { answerMissing, answerPage, answerSentence, type OwnRoute, type Tree } from './tree.ts';

const contentTypes: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  map: 'application/json',
  css: 'text/css; charset=utf-8',
};

/** What a worker that is started from /assets/ may do: load our own modules, and nothing else. */
export const workerPolicy =
  "default-src 'none'; script-src 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors 'none'";

const hashers: readonly string[] = ['hash-worker.js', 'sign-worker.js'];
const hashingPolicy = workerPolicy.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'");

/** The route for /assets/NAME out of `folder`. */
export function serveAssets(folder: string, options: { https: boolean } = { https: false }): OwnRoute {
  const tree: Tree = {
    folder,
    cache: createPageCache(0),
    readyMark: '.',
    always: {
      'Content-Security-Policy': workerPolicy,
      'Cross-Origin-Resource-Policy': 'same-origin',
      ...transportHeaders(options.https),
    },
  };
  return function answerAsset(req, res) {
    const [address = ''] = (req.url ?? '/').split('?');
    if (!address.startsWith('/assets/')) return false;
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      return answerSentence(tree, res, {
        status: 405,
        sentence: 'Scripts are read-only.',
        headers: { Allow: 'GET, HEAD' },
      });
    }
    return answerScript(tree, req, res, address.slice('/assets/'.length));
  };
}

function answerScript(tree: Tree, req: IncomingMessage, res: ServerResponse, name: string): true | Promise<true> {
  const contentType = contentTypeOf(name);
  if (contentType === undefined) return answerMissing(tree, res);
  return answerPage(tree, req, res, {
    path: join(tree.folder, name),
    contentType,
    cacheControl: revalidate,
    vary: 'Accept-Encoding',
    ...(hashers.includes(name) ? { more: { 'Content-Security-Policy': hashingPolicy } } : {}),
  });
}

function contentTypeOf(name: string): string | undefined {
  if (name === 'SHA256SUMS') return 'text/plain; charset=utf-8';
  const ending = /^[a-z0-9][a-z0-9-]*(?:\.[a-z0-9]+)*\.(js|map|css)$/i.exec(name)?.[1];
  return ending === undefined ? undefined : contentTypes[ending];
}
