// What an owner declared (a yank, a status of the project) and was seen, is taken back or changed by an owner alone: by a later declaration, under the policy
// that was in force when it was last seen or a later one. An index with all its keys can write any record and any list; this it cannot. What no pin
// says was declared can still be withheld (docs/decisions/048).
import { readDeclaration, subjectOf, type Declaration } from '#lib/core/declaration.ts';
import { isRefusal, refuse } from '#lib/core/errors.ts';
import type { Sha256 } from '#lib/core/ids.ts';
import type { ReleaseList } from '#lib/core/release-list.ts';
import { hashing } from '#lib/digest/hashing.ts';
import type { SignedBytes } from '#lib/evidence/bundle.ts';
import { numbered } from '#lib/evidence/collect-release.ts';
import { statusPath, yankPath } from '#lib/evidence/index-tree.ts';
import { ownerOf, type KnownPeople } from './check-declared.ts';
import { requireNobodyCameBack, type SincePin } from './since-pin.ts';
import type { Source } from './source.ts';

type Reads = Pick<Source, 'read'>;

type Came = { list: ReleaseList; since: SincePin };

/** What the people of a project alone could have changed since the pin. Refuses `trust.signed-after-leaving`, `trust.declaration-dropped`. */
export async function requireSameByPeople(source: Reads, came: Came, known: KnownPeople): Promise<void> {
  requireNobodyCameBack(came.since, known.chain);
  for (const subject of subjectsOf(came)) await requireLater(source, subject, known);
}

function subjectsOf({ list, since }: Came): Subject[] {
  const { index, project } = list;
  const about = { index, project, inForce: since.pin.policies.length };
  const yanks = since.changed.map(({ before, now: { version, yanked } }): Subject => {
    const [was, is] = [before.yanked?.sha256 ?? null, yanked?.sha256 ?? null];
    const at = (n: number) => yankPath(project, version, n);
    return { ...about, was, is, what: `the yank of ${project} ${version}`, subject: `yank ${version}`, at };
  });
  const [was, is] = [since.pin.status, list.status?.sha256 ?? null];
  const at = (n: number) => statusPath(project, n);
  return [...yanks, { ...about, was, is, what: `the status of ${project}`, subject: 'status', at }];
}

type Subject = Pick<ReleaseList, 'index' | 'project'> & {
  /** The declaration that was seen, and the one that is stated now; null: none. */
  was: Sha256 | null;
  is: Sha256 | null;
  /** How many policies were known when it was seen. */
  inForce: number;
  what: string;
  subject: string;
  at: (number: number) => string;
};

/** A later declaration of an owner says what is stated now, where that is not what was seen. */
async function requireLater(source: Reads, subject: Subject, known: KnownPeople): Promise<void> {
  const { was, is, what } = subject;
  if (was === null || was === is) return;
  let seen: Declaration | null = null;
  for await (const document of numbered(source.read, subject.at)) {
    const declaration = readDeclaration(document.bytes);
    const sha256 = hashing.sha256(document.bytes);
    if (sha256 === was) seen = declaration;
    // Numbers of documents, not of places: those the index chooses.
    else if (seen && declaration.number > seen.number && isStated(declaration, sha256, is)) {
      if (await isOfOwner({ document, declaration }, subject, known)) return;
    }
  }
  throw refuse('trust.declaration-dropped', { what });
}

/** Whether it says what is stated now: nothing, after an unyank; of a project nothing is stated only before the first declaration. */
const isStated = (declaration: Declaration, sha256: Sha256, is: Sha256 | null): boolean =>
  is === null ? declaration.type === 'countersign/yank' && declaration.action === 'unyank' : sha256 === is;

type Signed = { document: SignedBytes; declaration: Declaration };

async function isOfOwner(
  signed: Signed,
  { subject, inForce, ...expected }: Subject,
  known: KnownPeople,
): Promise<boolean> {
  if (subjectOf(signed.declaration) !== subject || signed.declaration.policy < inForce) return false;
  try {
    await ownerOf({ ...signed, expected }, known);
    return true;
  } catch (fault) {
    if (isRefusal(fault) && fault.code === 'declaration.not-signed') return false;
    throw fault;
  }
}
