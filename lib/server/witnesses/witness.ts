// Who may witness the log (WITNESSES): the key of each, and where it is asked, if it is asked at all (C2SP tlog-witness); others come by themselves
// and hand their line in. The operator chooses them; whoever reads the log chooses again, by the keys that they were given.
import { readNoteKey, type NoteKey } from '#lib/evidence/checkpoint.ts';
import { sha256Octets } from '#lib/digest/ed25519.ts';

export type Witness = {
  key: NoteKey;
  /** Submission prefix, without a slash at the end; null: it hands its lines in by itself. */
  url: string | null;
};

const witnessesMost = 20;

/**
 * Reads `NAME+NUMBER+KEY`, each with an address behind a space or without, separated by commas or line ends. Refuses `log.key`; null for more than
 * twenty, for a name that stands twice, and for an address that is none.
 */
export function readWitnesses(setting: string): Witness[] | null {
  const lines = setting.split(/[,\n]/).map((line) => line.trim());
  const witnesses = lines.filter((line) => line !== '').map(readWitness);
  const found = witnesses.filter((witness) => witness !== null);
  const names = new Set(found.map(({ key }) => key.name));
  return found.length < witnesses.length || found.length > witnessesMost || names.size < found.length ? null : found;
}

function readWitness(line: string): Witness | null {
  const [vkey = '', url, ...rest] = line.split(/\s+/);
  const key = readNoteKey(vkey, sha256Octets, 'cosignature');
  if (rest.length > 0 || (url !== undefined && !/^https?:\/\/[^?#]+$/.test(url))) return null;
  if (url !== undefined && !URL.canParse(url)) return null;
  return { key, url: url?.replace(/\/+$/, '') ?? null };
}
