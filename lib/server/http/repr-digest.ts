// The SHA-256 of what is sent, in a header (RFC 9530): `Repr-Digest: sha-256=:BASE64:`, or `Content-Digest`, which is the same where nothing is encoded.
// Hostile; other algorithms in it are passed over, as the standard says.
import type { IncomingHttpHeaders } from 'node:http';
import { refuse } from '#lib/core/errors.ts';
import { readSha256, type Sha256 } from '#lib/core/ids.ts';

/** null: no such digest is declared. Refuses `upload.header` for one that cannot be read, or two that differ. */
export function readReprDigest(headers: IncomingHttpHeaders): Sha256 | null {
  const [repr, content] = [readHeader(headers, 'repr-digest'), readHeader(headers, 'content-digest')];
  if (repr !== null && content !== null && repr !== content)
    throw refuse('upload.header', { header: 'Content-Digest', why: 'says something else than Repr-Digest' });
  return repr ?? content;
}

function readHeader(headers: IncomingHttpHeaders, name: 'repr-digest' | 'content-digest'): Sha256 | null {
  const said = headers[name];
  const members = (typeof said === 'string' ? said : '').split(',').map((member) => member.trim());
  const member = members.find((one) => one.startsWith('sha-256='));
  if (member === undefined) return null;
  const base64 = /^sha-256=:([A-Za-z0-9+/]{43}=):$/.exec(member)?.[1];
  if (base64 === undefined)
    throw refuse('upload.header', { header: name, why: 'is not of the form sha-256=:BASE64: (RFC 9530)' });
  return readSha256(Buffer.from(base64, 'base64').toString('hex'));
}

/** As the header spells it. */
export const renderReprDigest = (sha256: Sha256): string =>
  `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`;
