// One address for the pages and downloads of a project: every other spelling of its name leads to the normalised one (PEP 503), as it does in the
// simple index. A spelling says nothing about whether there is such a project; only reading is led on, a post is refused where it goes.

import { runtime } from '#lib/server/runtime.ts';
import { transportHeaders } from './headers.ts';
import { normaliseProject } from './index-address.ts';
import type { OwnRoute } from './tree.ts';

const address = /^\/projects\/([^/?]+)(.*)$/s;

/** Answers 301 for a name in another spelling, and leaves everything else alone. */
export const projectNameRoute: OwnRoute = (req, res) => {
  if (req.method !== 'GET' && req.method !== 'HEAD') return false;
  const [, spelled = '', rest = ''] = address.exec(req.url ?? '') ?? [];
  const normalised = normaliseProject(spelled);
  if (normalised === null || normalised === spelled) return false;
  const location = `/projects/${normalised}${rest}`;
  res.writeHead(301, {
    ...transportHeaders(runtime().config.publicUrl.startsWith('https:')),
    ...{ Location: location, 'Cache-Control': 'no-store', 'Content-Length': '0' },
  });
  res.end();
  return true;
};
