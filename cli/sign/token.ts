// Which token is shown to which index: the one in COUNTERSIGN_TOKEN, else the one that was kept for this very address. Never one from the command line,
// which other users of the machine read. The file is for its owner alone, and is refused where others can read it; a token is sent over
// plain http to this machine only.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { readFields } from '#lib/core/document.ts';
import { refuse } from '#lib/core/errors.ts';
import type { Home } from '#cli/trust/home.ts';
import { writeSynced } from '#cli/trust/write-synced.ts';

const fileOf = ({ config }: Home): string => path.join(config, 'tokens.json');
const form = /^cs[pt]_[A-Za-z0-9_-]{20,90}$/;

/** Refuses (`token.not-one`) what cannot be a token. Hostile: whatever was pasted. */
export function readTokenText(claimed: string): string {
  const token = claimed.trim();
  if (form.test(token)) return token;
  throw refuse('token.not-one', {});
}

/** Refuses `token.none`, `token.not-one`, `token.plain-http`, `token.loose-file`, `token.damaged-file`. */
export function findToken(base: string, { home, given }: { home: Home; given: string | undefined }): string {
  requireSafeWay(base);
  if (given !== undefined && given !== '') return readTokenText(given);
  const kept = readTokens(home)[base];
  if (kept === undefined) throw refuse('token.none', { index: base });
  return kept;
}

/** Keeps the token for this address, in place of an earlier one; null: forgets it. Answers where. */
export function keepToken(home: Home, base: string, token: string | null): string {
  requireSafeWay(base);
  const { [base]: _earlier, ...others } = readTokens(home);
  const tokens = token === null ? others : { ...others, [base]: token };
  const file = fileOf(home);
  writeSynced(file, new TextEncoder().encode(`${JSON.stringify({ format: 1, tokens }, null, 2)}\n`));
  return file;
}

function readTokens(home: Home): Record<string, string> {
  const file = fileOf(home);
  const mode = statSync(file, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) return {};
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw refuse('token.loose-file', { file });
  try {
    const { format, tokens } = readFields(JSON.parse(readFileSync(file, 'utf8')), 'the file of tokens');
    if (format !== 1) throw new TypeError('another format');
    const entries = Object.entries(readFields(tokens, 'the file of tokens'));
    return Object.fromEntries(entries.map(([base, token]) => [base, readTokenText(String(token))]));
  } catch (cause) {
    throw refuse('token.damaged-file', { file }, cause);
  }
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

function requireSafeWay(base: string): void {
  const { protocol, hostname } = new URL(base);
  if (protocol !== 'https:' && !loopback.test(hostname)) throw refuse('token.plain-http', { index: base });
}
