// Small documents that one owner signs about what is published (docs/formats/declarations.md): a yank or unyank of a release, and the status
// of a project. One shape, one reader. Each names its index, its subject, the policy under which its signer is an owner, and a number that
// only goes up: an older one never comes back. Reading accepts one spelling only.
import { readDocument, readExactly, readOne, readReason, readWhole, renderDocument, type Fields } from './document.ts';
import { refuse } from './errors.ts';
import {
  readIndexName,
  readInstant,
  readProjectName,
  readVersion,
  type IndexName,
  type Instant,
  type ProjectName,
  type Version,
} from './ids.ts';
import { readProjectStatus, type ProjectStatus } from './release.ts';

type Common = {
  format: 1;
  index: IndexName;
  project: ProjectName;
  /** 1, 2, 3 … for its subject. */
  number: number;
  /** Version of the policy in force whose owner signs it. */
  policy: number;
  /** Hostile text, shown to everybody. */
  reason: string;
  date: Instant;
};

export type Yank = Common & { type: 'countersign/yank'; version: Version; action: 'yank' | 'unyank' };
export type StatusDeclaration = Common & { type: 'countersign/status'; status: ProjectStatus };
export type Declaration = Yank | StatusDeclaration;

/** The document's one spelling. */
export const renderDeclaration = (declaration: Declaration): string => renderDocument(inOrder(declaration));

/** Reads a declaration from hostile bytes; refuses every second spelling, an unknown kind and an empty reason. */
export const readDeclaration = (foreignBytes: Uint8Array): Declaration =>
  readDocument(foreignBytes, 'a declaration of an owner', (f) => inOrder(readKind(f)));

// Keys in the order of the format document.
function inOrder(d: Declaration): Declaration {
  const rest = { number: d.number, policy: d.policy, reason: d.reason, date: d.date };
  const head = { format: d.format, index: d.index, project: d.project };
  return d.type === 'countersign/yank'
    ? { type: d.type, ...head, version: d.version, action: d.action, ...rest }
    : { type: d.type, ...head, status: d.status, ...rest };
}

function readKind(f: Fields): Declaration {
  const common = readCommon(f);
  if (f['type'] === 'countersign/yank')
    return {
      ...common,
      type: 'countersign/yank',
      version: readVersion(f['version']),
      action: readOne(f['action'], ['yank', 'unyank'], 'the action'),
    };
  return {
    ...common,
    type: readExactly(f['type'], 'countersign/status', 'the type'),
    status: readProjectStatus(f['status']),
  };
}

const readCommon = (f: Fields): Common => ({
  format: readExactly(f['format'], 1, 'the format'),
  index: readIndexName(f['index']),
  project: readProjectName(f['project']),
  number: readWhole(f['number'], 'the number', 1, 1_000_000),
  policy: readWhole(f['policy'], 'the policy', 1, 1_000_000),
  reason: readReason(f['reason']),
  date: readInstant(f['date']),
});

/** What a declaration is about, within its project: numbers run for each of these by themselves. */
export const subjectOf = (d: Pick<Yank, 'type' | 'version'> | Pick<StatusDeclaration, 'type'>): string =>
  d.type === 'countersign/yank' ? `yank ${d.version}` : 'status';

/** Refuses (`declaration.out-of-order`) one that does not carry the number after `last` (0: there was none). */
export function requireNext(last: number, { number }: Pick<Declaration, 'number'>): void {
  if (number !== last + 1) throw refuse('declaration.out-of-order', { expected: last + 1, given: number });
}

/** What it does, behind "the": "yank of 9.1.0", "unyank of 9.1.0", "status “archived”". */
export const nameDeclaration = (d: Declaration): string =>
  d.type === 'countersign/yank' ? `${d.action} of ${d.version}` : `status “${d.status}”`;
