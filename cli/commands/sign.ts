// `countersign sign DRAFT|NAME==VERSION --index URL`: fetches the statement, parses it here, hashes every file that it names, shows all of it, asks, has the
// person's own gpg or sq sign those very bytes, and sends the signature: nothing else ever leaves. The index is hostile until then and says
// afterwards what it found. Exit codes: 0 it counts (or did already), 1 refused, or the index does not count it, 2 unusable input, no token, no key or no
// tool, 3 could not ask, 4 nobody was there to say yes.
import { refuse } from '#lib/core/errors.ts';
import type { FileName } from '#lib/core/ids.ts';
import type { Api } from '#cli/index/ask-api.ts';
import { readTaken, type Taken } from '#cli/index/read-api.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import {
  fetchStatement,
  filesIn,
  findApiDraft,
  hashFiles,
  type LocalFiles,
  type ReadyToSign,
} from '#cli/sign/draft.ts';
import { makeSignature, type SigningTool } from '#cli/sign/make-signature.ts';
import { openSession, pinnedName, type SignTools } from '#cli/sign/open-session.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import type { CommandOutcome } from './inspect-distribution.ts';

export type SignOptions = {
  index?: string | undefined;
  /** A folder with the files; without it they are downloaded and hashed. */
  files?: string | undefined;
  /** The key to name to gpg; with sq the file that holds it. */
  key?: string | undefined;
  with?: string | undefined;
  yes?: boolean | undefined;
  json?: boolean | undefined;
};

export type Signed = {
  draft: string;
  project: string;
  version: string;
  revision: number;
  sha256: string;
  taken: Taken;
};

/** Signs and says what came of it. Never throws. */
export async function signCommand(what: string, options: SignOptions, tools: SignTools): Promise<CommandOutcome> {
  try {
    const api = openSession(options.index, tools);
    const local = options.files === undefined ? null : filesIn(options.files);
    return renderSigned(await signDraft(api, what, { ...options, local }, tools), options.json ?? false);
  } catch (fault) {
    return refusalOutcome(fault, options.json ?? false);
  }
}

type SignWish = Pick<SignOptions, 'key' | 'with' | 'yes'> & { local: LocalFiles };

/** The whole way of one draft. Refuses `sign.…`, `statement.malformed`, `api.…`, `verify.unreachable`. */
export async function signDraft(api: Api, what: string, wish: SignWish, tools: SignTools): Promise<Signed> {
  readTool(wish, []);
  const draft = await findApiDraft(api, what);
  const { project, version, revision } = draft;
  const { hasSigned, name, keys } = draft.reader;
  const ready = await fetchStatement(api, draft, pinnedName(tools.home, api.base));
  const about = { draft: draft.draft, project, version, revision, sha256: ready.sha256 };
  if (hasSigned)
    return {
      ...about,
      taken: {
        counts: true,
        standing: '',
        outcomes: [{ result: 'already-there', says: `${name} has signed it already; nothing to do.` }],
      },
    };
  if (draft.state !== 'draft' && draft.state !== 'quarantined') throw refuse('sign.not-open', { state: draft.state });
  if (wish.yes !== true && tools.ask === null) throw refuse('sign.no-answer', {});
  tools.tell(wish.local === null ? 'Downloading and hashing the files…' : 'Hashing the files…');
  const sizes = await hashFiles(api, ready, wish.local);
  await requireYes(sayWhat(ready, sizes, wish.local), wish, tools);
  const fileName = `${project}-${version}.r${revision}.SHA256SUMS`.replace(/[^A-Za-z0-9._+!-]/g, '_');
  const signature = await makeSignature(ready.bytes, fileName, readTool(wish, keys));
  const place = `drafts/${draft.draft}/signatures?revision=${ready.statement.revision}`;
  const sent = { type: 'application/pgp-signature', body: signature };
  const { fields } = await api.post(place, sent, [422]);
  return { ...about, taken: readTaken(`${api.base}api/v1/${place}`, fields) };
}

/** `--with` and `--key`. Refuses `input.…`. */
function readTool({ with: tool = 'gpg', key }: SignWish, keys: ReadyToSign['draft']['reader']['keys']): SigningTool {
  if (tool === 'gpg') return { tool, key, keys };
  if (tool !== 'sq') throw refuse('input.not-a', { what: 'gpg or sq', claimed: tool.slice(0, 80) });
  if (key === undefined) throw refuse('input.missing', { field: '--key, the file with your private key, for sq' });
  return { tool, keyFile: key };
}

/** Shows everything that will be signed. Refuses `sign.no-answer`, `sign.not-wanted`. */
async function requireYes(shows: string[], { yes = false }: SignWish, { ask, tell }: SignTools): Promise<void> {
  if (yes) {
    for (const line of shows) tell(safeForTerminal(line));
    return;
  }
  if (ask === null) throw refuse('sign.no-answer', {});
  if (!(await ask({ shows, asks: 'Sign this statement with your key?' }))) throw refuse('sign.not-wanted', {});
}

function sayWhat(
  { draft, statement, sha256 }: ReadyToSign,
  sizes: ReadonlyMap<FileName, number>,
  local: LocalFiles,
): string[] {
  const { project, version, revision, index, openedBy, files } = statement;
  const { counted, required } = draft;
  return [
    `${project} ${version}, revision ${revision} of draft ${statement.draft}, for the index ${index}`,
    `opened by ${openedBy}; ${counted.length} of ${required} have signed${counted.length === 0 ? '' : ` (${counted.join(', ')})`}`,
    `statement ${sha256}`,
    ...files.map(({ name, sha256: digest }) => `${digest}  ${name}  (${sizes.get(name) ?? 0} bytes)`),
    local === null
      ? 'These digests are those of the files as the index serves them now.'
      : 'These digests are those of your own files.',
  ];
}

/** How it ended, in words or JSON. */
export function renderSigned({ taken, ...about }: Signed, json: boolean): CommandOutcome {
  const { counts, standing, outcomes } = taken;
  const exit = counts ? 0 : 1;
  if (json) return { exit, out: `${safeForTerminal(JSON.stringify({ ...about, ...taken }))}\n`, err: '' };
  const lines = [
    ...outcomes.map(({ says }) => says),
    ...(standing === '' ? [] : [`${about.project} ${about.version}: ${standing}`]),
  ].map((line) => `${safeForTerminal(line)}\n`);
  return counts ? { exit, out: lines.join(''), err: '' } : { exit, out: '', err: lines.join('') };
}
