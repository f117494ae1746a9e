// The hand-over address of the web program, seen from here: we call, it never does. Its answers are hostile: sizes are bounded, the queue is
// read field by field, files are taken only if their bytes have the digest that was asked for. The token says who we are and no more.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readExactly, readFields, readLine, readList, readNullable, readWhole } from '#lib/core/document.ts';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import { readDraftId, readIndexName, readProjectName, readSha256, readVersion } from '#lib/core/ids.ts';
import type { DraftId, IndexName, ProjectName, Sha256, Version } from '#lib/core/ids.ts';

export type QueuedDraft = { id: DraftId; project: ProjectName; version: Version; approved: boolean; mark: string };

/**
 * `policy`: the version in force there; `declarations`: how many of owners wait; `mark`: the same as long as nobody's certificate changed.
 */
export type QueuedProject = { name: ProjectName; policy: number; declarations: number; mark: string };

export type Queue = {
  index: IndexName;
  /** The newest hand-back that the web program holds; 0: none. */
  sequence: number;
  /** Its digest; null: none, or that web program does not say. */
  handback: Sha256 | null;
  projects: QueuedProject[];
  drafts: QueuedDraft[];
  /** Another one whenever anything else in here is; null: that web program gives none. */
  mark: string | null;
};

/** Wait up to so many seconds for a queue that is not the one with this mark; null: no wait. */
export type QueueWish = { since: string | null; seconds: number };

/** What we say about a draft; null code: nothing speaks against it any more. */
export type DraftFinding = { draft: DraftId; code: string | null; says: string };

/** The same about a declaration of an owner, by the digest of its bytes. */
export type DeclarationFinding = { declaration: Sha256; code: string; says: string };

export type Finding = DraftFinding | DeclarationFinding;

export type WebProgram = {
  queue(wish?: QueueWish, stop?: AbortSignal): Promise<Queue>;
  projectBundle(project: ProjectName): Promise<Uint8Array>;
  draftBundle(draft: DraftId): Promise<Uint8Array>;
  /** Fetches into `place`; refuses other bytes. */
  fetchFile(sha256: Sha256, place: string): Promise<void>;
  postResults(handback: Uint8Array, sha256: Sha256): Promise<void>;
  postFindings(findings: readonly Finding[]): Promise<void>;
};

const megabyte = 1024 ** 2;
const most = {
  queue: 16 * megabyte,
  bundle: 16 * megabyte,
  answer: megabyte,
  file: 2 * 1024 * megabyte,
  items: 100_000,
};
const answerMs = 60_000;
const fileMs = 30 * 60_000;

/** The web program at `url`, asked with this token. */
export function webProgramAt(url: string, token: string): WebProgram {
  const ask = async (path: string, init: RequestInit, ms: number, stop?: AbortSignal): Promise<Response> => {
    const address = new URL(`/handoff/${path}`, url).href;
    const headers = { ...(init.headers as Record<string, string> | undefined), authorization: `Bearer ${token}` };
    const signal = AbortSignal.any([AbortSignal.timeout(ms), ...(stop ? [stop] : [])]);
    const response = await fetch(address, { ...init, headers, signal, redirect: 'error' }).catch((cause: unknown) => {
      throw refuse('countersigner.web-away', { url, why: 'no answer' }, cause);
    });
    if (response.ok) return response;
    const said = Buffer.from(await readBounded(response, most.answer))
      .toString('utf8')
      .slice(0, 300);
    throw refuse('countersigner.web-away', {
      url,
      why: `status ${response.status}: ${said.replace(/[^\x20-\x7e]/g, ' ')}`,
    });
  };
  const get = async (path: string, bytesMax: number): Promise<Uint8Array> =>
    readBounded(await ask(path, {}, answerMs), bytesMax);
  return {
    queue: async ({ since, seconds } = { since: null, seconds: 0 }, stop) => {
      const wish = since === null ? '' : `?since=${encodeURIComponent(since)}&wait=${seconds}`;
      return readQueue(await readBounded(await ask(`queue${wish}`, {}, seconds * 1000 + answerMs, stop), most.queue));
    },
    projectBundle: (project) => get(`projects/${project}`, most.bundle),
    draftBundle: (draft) => get(`drafts/${draft}`, most.bundle),
    fetchFile: async (sha256, place) => keepFile(await ask(`files/${sha256}`, {}, fileMs), sha256, place),
    postResults: async (handback, sha256) => {
      const headers = { 'content-type': 'application/zip' };
      const response = await ask('results', { method: 'POST', headers, body: Buffer.from(handback) }, fileMs);
      const answer = readFields(readJson(await readBounded(response, most.answer)), 'an acknowledgement');
      readExactly(answer['sha256'], sha256, 'the acknowledged digest');
    },
    postFindings: async (findings) => {
      const headers = { 'content-type': 'application/json' };
      const response = await ask('findings', { method: 'POST', headers, body: JSON.stringify({ findings }) }, answerMs);
      await readBounded(response, most.answer);
    },
  };
}

/** The queue from hostile bytes. */
export function readQueue(foreignBytes: Uint8Array): Queue {
  const f = readFields(readJson(foreignBytes), 'a queue');
  return {
    index: readIndexName(f['index']),
    sequence: readWhole(f['sequence'], 'the sequence', 0, 1_000_000_000),
    handback: readNullable(f['handback'] ?? null, readSha256),
    projects: readList(f['projects'], 'the projects', most.items, (entry) => {
      const p = readFields(entry, 'a project');
      return {
        name: readProjectName(p['name']),
        policy: readWhole(p['policy'], 'the policy', 1, 1_000_000),
        declarations: readWhole(p['declarations'], 'the declarations', 0, most.items),
        mark: readNullable(p['mark'] ?? null, (m) => readLine(m, 'a mark', 100)) ?? '',
      };
    }),
    drafts: readList(f['drafts'], 'the drafts', most.items, (entry) => {
      const d = readFields(entry, 'a draft');
      const place = {
        id: readDraftId(d['id']),
        project: readProjectName(d['project']),
        version: readVersion(d['version']),
      };
      return {
        ...place,
        approved: d['state'] === 'approved',
        mark: readNullable(d['mark'], (m) => readLine(m, 'a mark', 100)) ?? '',
      };
    }),
    mark: readNullable(f['mark'] ?? null, (m) => readLine(m, 'a mark', 100)),
  };
}

function readJson(foreignBytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(foreignBytes).toString('utf8'));
  } catch (cause) {
    throw refuse('input.not-json', { what: 'an answer of the web program' }, cause);
  }
}

async function* partsOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return;
    yield part.value;
  }
}

async function readBounded(response: Response, bytesMax: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of partsOf(response)) {
    size += part.length;
    if (size > bytesMax)
      throw refuse('countersigner.web-away', { url: response.url, why: `the answer is above ${bytesMax} bytes` });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Streams to the disk, counting and hashing; the place is taken only by the right bytes. */
async function keepFile(response: Response, sha256: Sha256, place: string): Promise<void> {
  const hash = createHash('sha256');
  const beside = `${place}.part`;
  let size = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const part of partsOf(response)) {
      size += part.length;
      if (size > most.file) throw refuse('release.file-differs', { name: sha256, why: 'it is too large' });
      hash.update(part);
      yield part;
    }
  };
  try {
    await pipeline(Readable.from(counted()), createWriteStream(beside, { mode: 0o600 }));
    const found = readSha256(hash.digest('hex'));
    if (found !== sha256)
      throw refuse('release.file-differs', { name: sha256, why: `bytes with SHA-256 ${found} came for it` });
    await rename(beside, place);
  } catch (fault) {
    await rm(beside, { force: true });
    if (isRefusal(fault)) throw fault;
    throw refuse('countersigner.web-away', { url: response.url, why: 'the file broke off' }, fault);
  }
}
