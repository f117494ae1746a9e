// Why tuf-js did not believe the metadata, in words of ours. It says so in texts alone, so the document that it refused is looked at again: is it out of its time,
// is it older than what was seen, or something else? That only names what has been refused already.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isRefusal, refuse, type Refusal } from '#lib/core/errors.ts';
import { renderInstant } from '#lib/core/ids.ts';

/** `timestamp`, `bin-00a`. */
export type Role = string;

type Last = { role: Role | null; bytes: Uint8Array | null };

/** Version and end of a document of TUF, and the versions of those that it names. */
type Facts = { version: number; expires: number; names: ReadonlyMap<Role, number> };

/** null where it cannot be read. */
export function factsOf(foreignBytes: Uint8Array): Facts | null {
  try {
    const { signed } = JSON.parse(Buffer.from(foreignBytes).toString('utf8')) as {
      signed: { version: unknown; expires: unknown; meta?: Record<string, { version: unknown }> };
    };
    const [version, expires] = [Number(signed.version), Date.parse(String(signed.expires))];
    const names = Object.entries(signed.meta ?? {}).map(
      ([name, meta]) => [name.replace(/\.json$/, ''), Number(meta.version)] as const,
    );
    return Number.isSafeInteger(version) && !Number.isNaN(expires) ? { version, expires, names: new Map(names) } : null;
  } catch {
    return null; // not a document: the caller says so
  }
}

/** `known`: what was accepted before; `folder`: what tuf-js has accepted of this look so far. */
export type Looking = { known: string | null; folder: string; now: number };

const topRoles: readonly Role[] = ['root', 'timestamp', 'snapshot', 'targets'];

/** The refusal for a fault of tuf-js while it looked at this document. */
export function diagnose(fault: unknown, last: Last, at: Looking): Refusal {
  const ours = refusalIn(fault) ?? refusalOfDisk(fault, at.folder);
  if (ours) return ours;
  const role = last.role ?? 'metadata';
  const why = fault instanceof Error ? fault.message.slice(0, 300) : 'it cannot be read';
  const back = last.bytes && wentBack(role, last.bytes, at.known);
  if (back) return refuse('tuf.went-back', back, fault);
  const over = ended(role, last.bytes, at);
  if (over) return refuse('tuf.expired', { role: over.role, since: renderInstant(over.expires) }, fault);
  return refuse('tuf.refused', { role, why }, fault);
}

const refusalIn = (fault: unknown): Refusal | null => (isRefusal(fault) ? fault : null);

const diskFaults = /\b(?:ENOSPC|EFBIG|EDQUOT|EROFS|EACCES|EPERM|EIO|EMFILE|ENFILE)\b/;

/** A disk without room is not the fault of an index. tuf-js says it in a text alone. */
export function refusalOfDisk(fault: unknown, place: string): Refusal | null {
  const [why] = diskFaults.exec(fault instanceof Error ? fault.message : '') ?? [];
  return why === undefined ? null : refuse('tuf.not-written', { place, why }, fault);
}

/** The document that is out of its time: what ends a look is the age of what was accepted last, not of the document that came after it. */
function ended(role: Role, bytes: Uint8Array | null, { folder, now }: Looking): { role: Role; expires: number } | null {
  const accepted = topRoles.map((name) => ({ role: name, facts: readFacts(folder, name) }));
  for (const { role: name, facts } of [...accepted, { role, facts: bytes && factsOf(bytes) }])
    if (facts && facts.expires <= now) return { role: name, expires: facts.expires };
  return null;
}

/** The role that is older than it was before: this document, or one that it names. */
function wentBack(role: Role, bytes: Uint8Array, known: string | null): WentBack | null {
  const [served, seen] = [factsOf(bytes), readFacts(known, role)];
  if (!served || !seen) return null;
  if (served.version < seen.version) return { role, seen: seen.version, served: served.version };
  for (const [name, version] of seen.names) {
    const now = served.names.get(name);
    if (now !== undefined && now < version) return { role: name, seen: version, served: now };
  }
  return null;
}

type WentBack = { role: Role; seen: number; served: number };

function readFacts(folder: string | null, role: Role): Facts | null {
  const place = folder && path.join(folder, `${role}.json`);
  return place && existsSync(place) ? factsOf(readFileSync(place)) : null;
}
