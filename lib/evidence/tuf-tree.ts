// TUF in the index tree (docs/formats/tuf.md): where the metadata of each role lies, what a target is, and the second name under which every
// target can be fetched (consistent snapshots). One list for whoever writes it (countersigner), puts it in place (jobs) and fetches it (client).
import type { Sha256 } from '#lib/core/ids.ts';

export const timestampPath = 'tuf/timestamp.json';
/** For how long a timestamp is good after it was signed. */
export const timestampLifeMs = 86_400_000;

/** `tuf/VERSION.ROLE.json`: never overwritten. */
export const rolePath = (role: string, version: number): string => `tuf/${version}.${role}.json`;

/** The role that holds what came last; whatever it holds is moved on to the bins later. */
export const recentRole = 'recent';

const rolePlace = /^tuf\/([1-9][0-9]{0,8})\.(root|targets|snapshot|recent|bin-[0-9a-f]{3})\.json$/;

/** Role and version of a place below tuf/; null: it is none, or the timestamp, which has one place. */
export function readRolePath(path: string): { role: string; version: number } | null {
  const [, version, role] = rolePlace.exec(path) ?? [];
  return version === undefined || role === undefined ? null : { role, version: Number(version) };
}

/** Whether a path of the tree is a target of TUF: everything but TUF itself and the log. */
export const isTarget = (path: string): boolean => !/^(?:tuf|log)\//.test(path);

/** `FOLDER/SHA256.NAME`: the bytes that a target had, whatever its own name holds meanwhile (TUF specification, 6.2). */
export function consistentPath(path: string, sha256: Sha256): string {
  const at = path.lastIndexOf('/') + 1;
  return `${path.slice(0, at)}${sha256}.${path.slice(at)}`;
}
