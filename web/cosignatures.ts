// Where a witness of the log hands in its line: the checkpoint as it is served, with the line under it. Nobody has to sign in, and nothing of the
// request is believed but the signature (lib/server/witnesses). The body is bounded while it arrives.
import { limits } from '#lib/server/limits.ts';
import { requireRate } from '#lib/server/rate-limits.ts';
import { keepCosignatures } from '#lib/server/witnesses/keep-cosignatures.ts';
import { readBody } from './read-body.ts';
import type { OwnRoute } from './tree.ts';

const door = /^\/cosignatures$/;

/** Answers POST /cosignatures, and leaves everything else alone. */
export const cosignatureRoute: OwnRoute = async (req, res) => {
  const [address = ''] = (req.url ?? '/').split('?');
  if (req.method !== 'POST' || !door.test(address)) return false;
  await requireRate('cosignature-by-client', req.socket.remoteAddress ?? 'unknown');
  const answer = await keepCosignatures(await readBody(req, limits.cosignatureBytesMax));
  const headers = {
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json',
    'X-Content-Type-Options': 'nosniff',
  };
  res.writeHead(200, headers).end(`${JSON.stringify(answer)}\n`);
  return true;
};
