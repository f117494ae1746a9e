// What an entry can be checked by: the statement, the policy document, the record, the signature packet. Addresses of this instance, for
// readers who may open them; nothing is linked that is not there. Evidence proves the entry, the entry proves nothing.
import { readSha256, type DraftId, type ProjectName, type Version } from '#lib/core/ids.ts';
import { isRefusal } from '#lib/core/errors.ts';
import { policyPath, statementPath, statusPath, yankPath } from '#lib/evidence/index-tree.ts';
import { recordPath } from '#lib/simple/page.ts';
import { numberIn, textIn, type Details } from './details.ts';
import type { HistoryKind } from './kinds.ts';

/** `document`: its path in the index tree, where the log tells it; `logIndex`: which entry of the log that is, once the countersigner has written it. */
export type Evidence = { what: string; href: string; document?: string; logIndex?: number };

/** What is known of the things that an entry names, looked up in rows for a whole page of entries. */
export type EvidenceFacts = {
  kind: string;
  details: Details;
  project: ProjectName | null;
  draft: DraftId | null;
  version: Version | null;
  /** The digest of the policy document of this number that may be opened; null: there is none. */
  policySha256: string | null;
  /** The reader sees drafts and proposals of the project. */
  inside: boolean;
};

const nothing: Evidence[] = [];

/** A document as the index serves it. */
const served = (what: string, path: string): Evidence => ({ what, href: `/${path}`, document: path });

/** The digest of a signature packet in the details, where there is one. */
function packetIn(details: Details): string | null {
  const claimed = textIn(details, 'packet');
  try {
    return claimed === null ? null : readSha256(claimed);
  } catch (fault) {
    if (isRefusal(fault)) return null;
    throw fault;
  }
}

function ofPolicy({ details, project, policySha256 }: EvidenceFacts): Evidence[] {
  const version = numberIn(details, 'version');
  const said = textIn(details, 'sha256');
  if (project === null || version === null || policySha256 === null) return nothing;
  if (said !== null && said !== policySha256) return nothing; // a proposal that was withdrawn; the number was given again
  const href = `/projects/${project}/policy/${version}/${version}.json`;
  return [{ what: `Policy ${version}`, href, document: policyPath(project, version) }];
}

function ofPolicySignature(facts: EvidenceFacts): Evidence[] {
  const packet = packetIn(facts.details);
  const document = ofPolicy(facts);
  if (packet === null || document.length === 0) return document;
  const href = `/projects/${facts.project}/policy/${numberIn(facts.details, 'version')}/signatures/${packet}.asc`;
  return [...document, { what: 'Signature', href }];
}

function ofStatement({ details, draft, inside }: EvidenceFacts): Evidence[] {
  const revision = numberIn(details, 'revision');
  if (draft === null || !inside || revision === null) return nothing;
  return [{ what: `Statement of revision ${revision}`, href: `/drafts/${draft}/SHA256SUMS?revision=${revision}` }];
}

function ofSignature(facts: EvidenceFacts): Evidence[] {
  const packet = packetIn(facts.details);
  const isOverFile = (textIn(facts.details, 'over') ?? 'statement') !== 'statement';
  const statement = isOverFile ? nothing : ofStatement(facts);
  if (packet === null || facts.draft === null || !facts.inside) return statement;
  return [...statement, { what: 'Signature', href: `/drafts/${facts.draft}/signatures/${packet}.asc` }];
}

function ofRelease({ details, project, version }: EvidenceFacts): Evidence[] {
  const serial = numberIn(details, 'record') ?? numberIn(details, 'serial');
  if (project === null || version === null) return nothing;
  const record = serial === null ? nothing : [served(`Record ${serial}`, recordPath(project, version, serial))];
  return [...record, { what: 'Statement', href: `/${statementPath(project, version)}` }];
}

/** The declaration that an owner signed, as the index serves it. */
function ofDeclaration({ details, project, version, kind }: EvidenceFacts): Evidence[] {
  const number = numberIn(details, 'number');
  if (project === null || number === null) return nothing;
  if (kind === 'project.status-changed') return [served('Declaration', statusPath(project, number))];
  return version === null ? nothing : [served('Declaration', yankPath(project, version, number))];
}

const overPolicies: Partial<Record<HistoryKind, (facts: EvidenceFacts) => Evidence[]>> = {
  'policy.proposed': ofPolicy,
  'policy.in-force': ofPolicy,
  'policy.signed': ofPolicySignature,
  'person.removal-proposed': ofPolicy,
  'chain.begun': ofPolicy,
};

const sources: Partial<Record<HistoryKind, (facts: EvidenceFacts) => Evidence[]>> = {
  ...overPolicies,
  'draft.opened': (facts) => ofStatement({ ...facts, details: { revision: 1 } }),
  'draft.approved': ofStatement,
  'file.added': ofStatement,
  'file.replaced': ofStatement,
  'file.removed': ofStatement,
  'comment.written': ofStatement,
  'rebuild.stated': ofStatement,
  'signature.added': ofSignature,
  'signature.taken-back': ofSignature,
  'signature.refused': ofStatement,
  'release.published': ofRelease,
  'release.published-again': ofRelease,
  'release.quarantined': ofRelease,
  'release.yanked': ofDeclaration,
  'release.unyanked': ofDeclaration,
  'project.status-changed': ofDeclaration,
};

/** Whether the entry names a policy document by its version. */
export const namesPolicy = (kind: string): boolean => Object.hasOwn(overPolicies, kind);

/** What proves an entry, for this reader; nothing where there is nothing to open. */
export function evidenceOf(facts: EvidenceFacts): Evidence[] {
  return sources[facts.kind as HistoryKind]?.(facts) ?? nothing;
}
