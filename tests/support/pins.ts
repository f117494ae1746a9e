// What tests of the client's trust share: a pin with everything in it, and a picture of a folder to compare with a later one.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { IndexPin } from '#cli/trust/pin.ts';
import type { Fingerprint, IndexName, Instant, Sha256 } from '#lib/core/ids.ts';
import { sha256Hex } from '#lib/digest/digest-bytes.ts';

/** Every file below the folder with its digest, and every folder. Locks are left out: a socket has no content. */
export function pictureOf(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile() || entry.isDirectory())
      .map((entry) => {
        const place = path.join(entry.parentPath, entry.name);
        return [path.relative(folder, place), entry.isFile() ? sha256Hex(readFileSync(place)) : 'folder'] as const;
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** A pin with something in every field. */
export function samplePin(): IndexPin {
  const digest = (of: string): Sha256 => sha256Hex(of);
  return {
    ...{ type: 'countersign/pin', format: 1, address: 'https://sign.example.org/' },
    index: 'sign.example.org' as IndexName,
    indexKey: 'A'.repeat(40) as Fingerprint,
    tuf: { rootVersion: 2, rootSha256: digest('root'), folder: 'tuf-3' },
    log: { key: 'sign.example.org/log+00000000+AA==', checkpoint: 'sign.example.org/log\n1\nAA==\n\n— x AA==\n' },
    projects: {
      demo: {
        policies: [digest('one'), digest('two')],
        list: { serial: 3, sha256: digest('list') },
        status: digest('status'),
        versions: { '1.0': { serial: 1, sha256: digest('record') } },
      },
    },
    certificates: { ['A'.repeat(40)]: '-----BEGIN PGP PUBLIC KEY BLOCK-----\n' },
    pinnedAt: '2026-11-22T09:00:00Z' as Instant,
    checkedAt: '2026-11-22T10:00:00Z' as Instant,
  };
}
