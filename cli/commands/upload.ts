// `countersign upload FILES… --index URL`: looks into each file by the rules of the index, opens a draft of their release, or adds them to the one that is open.
// Each file's digest is declared before it goes, so that what arrives is what was built; large ones go on where an earlier run of this command was cut off. It signs nothing, unless --sign asks for it. Exit codes: 0 the
// draft has these files, 1 a file is refused here already, or --sign was not counted, 2 unusable input or not possible, 3 could not send, 4 nobody
// was there to say yes (--sign).
import path from 'node:path';
import { refuse } from '#lib/core/errors.ts';
import type { FileName, ProjectName, Version } from '#lib/core/ids.ts';
import { isRefusal } from '#lib/core/errors.ts';
import { inspectDistribution } from '#lib/python/inspect-distribution.ts';
import { normaliseProjectName } from '#lib/python/names.ts';
import { withFile } from '#cli/file-source.ts';
import type { Api } from '#cli/index/ask-api.ts';
import { readApiDraft, type ApiDraft } from '#cli/index/read-api.ts';
import { refusalOutcome } from '#cli/refusal-outcome.ts';
import { hashLocal } from '#cli/sign/draft.ts';
import { formOf, type FormFile } from '#cli/sign/form-body.ts';
import { sendLargeFiles } from '#cli/sign/send-large.ts';
import { openSession, type SignTools } from '#cli/sign/open-session.ts';
import { safeForTerminal } from '#cli/terminal.ts';
import type { CommandOutcome } from './inspect-distribution.ts';
import { renderSigned, signDraft, type Signed, type SignOptions } from './sign.ts';

export type UploadOptions = Omit<SignOptions, 'files'> & { project?: string | undefined; sign?: boolean | undefined };

/** Uploads and says what became of it. Never throws. */
export async function uploadCommand(
  files: readonly string[],
  options: UploadOptions,
  tools: SignTools,
): Promise<CommandOutcome> {
  const json = options.json ?? false;
  try {
    const api = openSession(options.index, tools);
    const release = await readRelease(files, options.project);
    const { draft, said } = await putInDraft(api, release, tools);
    const signed = options.sign === true ? await signUploaded(api, draft, release, options, tools) : null;
    return render({ draft, said, signed }, json);
  } catch (fault) {
    return refusalOutcome(fault, json);
  }
}

type Release = { project: ProjectName; version: Version; files: FormFile[] };

/** Looks into every file. Refuses `distribution.…`, `upload.several-releases`, `input.not-a`, `sign.file-missing`. */
async function readRelease(paths: readonly string[], claimedProject: string | undefined): Promise<Release> {
  const found: (Release & { name: FileName })[] = [];
  for (const place of paths) found.push(await readFile(place));
  const releases = [...new Set(found.map(({ project, version }) => `${project} ${version}`))];
  const [first] = found;
  if (first === undefined || releases.length !== 1)
    throw refuse('upload.several-releases', { releases: releases.join(', ').slice(0, 500) });
  const { project, version } = first;
  if (claimedProject !== undefined && normaliseProjectName(claimedProject) !== project)
    throw refuse('upload.several-releases', {
      releases: `${releases.join(', ')}, and not of ${claimedProject.slice(0, 80)}`,
    });
  return { project, version, files: found.flatMap(({ files }) => files) };
}

async function readFile(place: string): Promise<Release & { name: FileName }> {
  const { sha256 } = await hashLocal(place);
  const inspected = await withFile(place, (source) => inspectDistribution({ name: path.basename(place), source }));
  if (inspected === null) throw refuse('sign.file-missing', { place });
  const { project, version, fileName } = inspected;
  return { project, version, name: fileName, files: [{ name: fileName, path: place, sha256 }] };
}

type InDraft = { draft: ApiDraft; said: 'opened' | 'added' | 'there' };

async function putInDraft(api: Api, { project, version, files }: Release, { tell }: SignTools): Promise<InDraft> {
  const open = await findOpen(api, project, version);
  const has = (file: FormFile): boolean =>
    open?.files.some(({ name, sha256 }) => name === file.name && sha256 === file.sha256) ?? false;
  const wanted = files.filter((file) => !has(file));
  if (open !== null && wanted.length === 0) return { draft: open, said: 'there' };
  tell(`Sending ${wanted.map(({ name }) => name).join(', ')}…`);
  const place = open === null ? `projects/${project}/drafts` : `drafts/${open.draft}/files`;
  const { sent, left } = await sendLargeFiles(api, project, wanted, tell);
  const fields = { upload: sent, ...(open !== null && { revision: String(open.revision) }) };
  const { fields: answer } = await api.post(place, formOf(left, fields));
  const draft = readApiDraft(`${api.base}api/v1/${place}`, answer);
  return { draft, said: open === null ? 'opened' : 'added' };
}

/** The draft of this version that can take files; null: there is none. */
async function findOpen(api: Api, project: ProjectName, version: Version): Promise<ApiDraft | null> {
  const place = `projects/${project}/releases/${encodeURIComponent(version)}`;
  try {
    const draft = readApiDraft(`${api.base}api/v1/${place}`, await api.get(place));
    return ['withdrawn', 'expired'].includes(draft.state) ? null : draft;
  } catch (fault) {
    if (isRefusal(fault) && fault.code === 'api.not-found') return null;
    throw fault;
  }
}

/** Signs what was just sent, compared with the very files that went. */
async function signUploaded(
  api: Api,
  { draft }: ApiDraft,
  { files }: Release,
  { key, with: tool, yes }: UploadOptions,
  tools: SignTools,
): Promise<Signed> {
  const local = (name: FileName): string => {
    const file = files.find((one) => one.name === name);
    if (file === undefined) throw refuse('sign.file-missing', { place: `${name} among those that were named` });
    return file.path;
  };
  return signDraft(api, draft, { key, with: tool, yes, local }, tools);
}

const words = {
  opened: 'Opened the draft of',
  added: 'Added files to the draft of',
  there: 'Everything was there already: the draft of',
} as const;

function render({ draft, said, signed }: InDraft & { signed: Signed | null }, json: boolean): CommandOutcome {
  const { project, version, revision, page, statementSha256 } = draft;
  const { exit, out, err } = signed === null ? { exit: 0, out: '', err: '' } : renderSigned(signed, false);
  const told = { said, draft: draft.draft, project, version, revision, page, statementSha256, signed };
  if (json) return { exit, out: `${safeForTerminal(JSON.stringify(told))}\n`, err: '' };
  const lines = [
    `${words[said]} ${project} ${version}, revision ${revision}.`,
    `  page       ${page}`,
    `  statement  ${statementSha256}`,
  ];
  return { exit, out: lines.map((line) => `${safeForTerminal(line)}\n`).join('') + out, err };
}
