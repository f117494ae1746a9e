// What the addresses for programs answer, read field by field (docs/formats/api.md). Everything is hostile: a field that is not what it should be makes
// the answer unusable. Names and digests are read into our types; what is signed is read from the statement itself and not from here.
import { refuse } from '#lib/core/errors.ts';
import { readFields, type Fields } from '#lib/core/document.ts';
import {
  readDraftId,
  readFileName,
  readFingerprint,
  readSha256,
  type DraftId,
  type FileName,
  type Fingerprint,
  type Sha256,
} from '#lib/core/ids.ts';

export type QueuedDraft = {
  draft: DraftId;
  project: string;
  version: string;
  revision: number;
  openedBy: string;
  deadline: string;
  counted: string[];
  required: number;
  declinedBy: string[];
  page: string;
};
export type QueuedPolicy = { project: string; version: number; proposedBy: string; page: string };
export type Queue = { person: string; drafts: QueuedDraft[]; policies: QueuedPolicy[] };

export type ApiDraft = Omit<QueuedDraft, 'declinedBy'> & {
  state: string;
  deadline: string;
  statementSha256: Sha256;
  files: { name: FileName; size: number; sha256: Sha256 }[];
  reader: { name: string; hasSigned: boolean; keys: { fingerprint: Fingerprint; signing: Fingerprint }[] };
};

export type Taken = { counts: boolean; standing: string; outcomes: { result: string; says: string }[] };
export type TokenFacts = { person: string; name: string; scopes: string[]; project: string | null };

const listMost = 1000;

/** Runs a reader over an answer; whatever it refuses makes the whole answer unusable. */
function reading<T>(url: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw refuse('verify.unreachable', { url, why: 'the answer is not what it should be' }, cause);
  }
}

function wrong(): Error {
  return new TypeError('a field is something else');
}
const text = (value: unknown): string => {
  if (typeof value === 'string' && value.length <= 2000) return value;
  throw wrong();
};
const count = (value: unknown): number => {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrong();
};
const flag = (value: unknown): boolean => {
  if (typeof value === 'boolean') return value;
  throw wrong();
};
function list<T>(value: unknown, item: (one: unknown) => T): T[] {
  if (Array.isArray(value) && value.length <= listMost) return value.map(item);
  throw wrong();
}
const fieldsOf = (value: unknown): Fields => readFields(value, 'a part of an answer');

/** `GET queue`. */
export const readQueue = (url: string, fields: Fields): Queue =>
  reading(url, () => ({
    person: text(fields['person']),
    drafts: list(fields['drafts'], (one) => readQueuedDraft(fieldsOf(one))),
    policies: list(fields['policies'], (one) => readQueuedPolicy(fieldsOf(one))),
  }));

const readQueuedDraft = (one: Fields): QueuedDraft => ({
  ...{ draft: readDraftId(one['draft']), project: text(one['project']), version: text(one['version']) },
  ...{ revision: count(one['revision']), openedBy: text(one['openedBy']), deadline: text(one['deadline']) },
  ...{ counted: list(one['counted'], text), required: count(one['required']) },
  ...{ declinedBy: list(one['declinedBy'], text), page: text(one['page']) },
});

const readQueuedPolicy = (one: Fields): QueuedPolicy => ({
  ...{ project: text(one['project']), version: count(one['version']), proposedBy: text(one['proposedBy']) },
  page: text(one['page']),
});

/** `GET drafts/ID` and its sisters. */
export const readApiDraft = (url: string, fields: Fields): ApiDraft =>
  reading(url, () => ({
    ...{ draft: readDraftId(fields['draft']), project: text(fields['project']), version: text(fields['version']) },
    ...{ state: text(fields['state']), revision: count(fields['revision']), openedBy: text(fields['openedBy']) },
    ...{ counted: list(fields['counted'], text), required: count(fields['required']), page: text(fields['page']) },
    deadline: fields['deadline'] === null ? '' : text(fields['deadline']),
    statementSha256: readSha256(fieldsOf(fields['statement'])['sha256']),
    files: list(fields['files'], (one) => readFile(fieldsOf(one))),
    reader: readReader(fieldsOf(fields['reader'])),
  }));

const readFile = (one: Fields): ApiDraft['files'][number] => ({
  ...{ name: readFileName(one['name']), size: count(one['size']), sha256: readSha256(one['sha256']) },
});

const readReader = (one: Fields): ApiDraft['reader'] => ({
  ...{ name: text(one['name']), hasSigned: flag(one['hasSigned']) },
  keys: list(one['keys'], (entry) => {
    const key = fieldsOf(entry);
    return { fingerprint: readFingerprint(key['fingerprint']), signing: readFingerprint(key['signing']) };
  }),
});

/** `POST drafts/ID/signatures`. */
export const readTaken = (url: string, fields: Fields): Taken =>
  reading(url, () => ({
    ...{ counts: flag(fields['counts']), standing: text(fields['standing']) },
    outcomes: list(fields['outcomes'], (one) => {
      const outcome = fieldsOf(one);
      return { result: text(outcome['result']), says: text(outcome['says']) };
    }),
  }));

/** `GET token`. */
export const readTokenFacts = (url: string, fields: Fields): TokenFacts =>
  reading(url, () => ({
    ...{ person: text(fields['person']), name: text(fields['name']), scopes: list(fields['scopes'], text) },
    project: fields['project'] === null ? null : text(fields['project']),
  }));

export type KnownUpload = { id: string; name: string; sha256: string };

/** `GET projects/NAME/uploads`. */
export const readUploads = (url: string, fields: Fields): KnownUpload[] =>
  reading(url, () =>
    list(fields['uploads'], (one) => {
      const { id, name, sha256 } = fieldsOf(one);
      return { id: uploadId(id), name: text(name), sha256: text(sha256) };
    }),
  );

const uploadId = (value: unknown): string => {
  if (typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value)) return value;
  throw wrong();
};

/** Where a begun upload is, from its `Location`: its id alone, so that no server sends the token elsewhere. */
export const readUploadPlace = (url: string, location: string | null): string =>
  reading(url, () => uploadId(location?.split('/').at(-1)));
