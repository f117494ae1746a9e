// Drafts in a list: project and version, where it stands in a sentence, the small signature lines, and the one thing to do.
import { ButtonLink } from '#components/ui/button.tsx';
import { Choice } from '#components/ui/field.tsx';
import { Moment } from '#components/ui/moment.tsx';
import { sizeText } from '#lib/core/size.ts';
import { StateChip, type StateName } from '#components/ui/state-chip.tsx';
import { allOf } from './file-entries.tsx';
import { hasEnded, sayProgress } from './say-progress.ts';
import { SignatureLines, type SignatureLine } from './signature-lines.tsx';

export type DraftEntry = {
  id: string;
  project: string;
  version: string;
  revision: number;
  state: StateName;
  openedBy: string;
  openedAt: Date;
  deadline: Date;
  files: number;
  bytes: number;
  signed: number;
  required: number;
  counted: string[];
  couldStillSign: string[];
  declinedBy: string[];
  /** When somebody was last reminded of it; null: nobody was; absent: this list does not tell. */
  lastRemindedAt?: Date | null;
  needsMe: boolean;
};

type DraftEntriesProps = {
  drafts: DraftEntry[];
  label: string;
  /** The first one that waits for the reader carries the primary action of the page. */
  hasPrimary?: boolean;
  /** Within a project its name need not stand at every entry. */
  nameProject?: boolean;
  /** In a form: each can be chosen, under this name. */
  choose?: string;
};

export function DraftEntries({ drafts, label, hasPrimary = false, nameProject = true, choose }: DraftEntriesProps) {
  return (
    <ul className="entries" aria-label={label}>
      {drafts.map((draft, at) => (
        <li key={draft.id}>
          <div className="entry-head">
            <h3>
              <a href={`/drafts/${draft.id}`}>{nameProject ? `${draft.project} ${draft.version}` : draft.version}</a>
            </h3>
            <StateChip state={isDeclined(draft) ? 'declined' : draft.state} />
          </div>
          <SignatureLines
            size="small"
            lines={linesOf(draft)}
            label={`Signatures, ${draft.signed} of ${draft.required}`}
          />
          <p>{sayProgress(draft)}</p>
          {isDeclined(draft) ? (
            <p>Declined by {allOf(draft.declinedBy)}; nothing is published while that stands.</p>
          ) : null}
          <p className="entry-facts">
            Revision {draft.revision}, {draft.files === 1 ? '1 file' : `${draft.files} files`}, {sizeText(draft.bytes)},
            opened by {draft.openedBy} on <Moment at={draft.openedAt} />
            {draft.state === 'draft' ? (
              <>
                , open until <Moment at={draft.deadline} />
              </>
            ) : null}
          </p>
          <Reminded draft={draft} />
          {draft.needsMe ? (
            <ButtonLink href={`/drafts/${draft.id}`} look={hasPrimary && at === 0 ? 'primary' : 'plain'}>
              Review and sign
              <span className="sr-only">
                {' '}
                {draft.project} {draft.version}
              </span>
            </ButtonLink>
          ) : null}
          {choose === undefined ? null : (
            <Choice kind="checkbox" name={choose} value={draft.id} label={`Choose ${draft.project} ${draft.version}`} />
          )}
        </li>
      ))}
    </ul>
  );
}

/** For whoever can only wait: when the others were last reminded, and where it is done. */
function Reminded({ draft }: { draft: DraftEntry }) {
  const { id, project, version, lastRemindedAt } = draft;
  if (lastRemindedAt === undefined || !waitsForOthers(draft)) return null;
  return (
    <p className="entry-facts">
      {lastRemindedAt === null ? (
        'Nobody was reminded so far. '
      ) : (
        <>
          Last reminder on <Moment at={lastRemindedAt} />.{' '}
        </>
      )}
      <a href={`/drafts/${id}#reminders`}>
        Remind
        <span className="sr-only">
          {' '}
          of {project} {version}
        </span>
      </a>
    </p>
  );
}

const waitsForOthers = ({ state, needsMe, declinedBy, signed, required, couldStillSign }: DraftEntry): boolean =>
  state === 'draft' && !needsMe && declinedBy.length === 0 && signed < required && couldStillSign.length > 0;

const isDeclined = ({ state, declinedBy }: DraftEntry): boolean => state === 'draft' && declinedBy.length > 0;

function linesOf(draft: DraftEntry): SignatureLine[] {
  const signed = draft.counted.map((name): SignatureLine => ({
    ...{ state: 'signed', name, fingerprint: '', at: draft.openedAt, way: '' },
  }));
  const places = hasEnded(draft.state) ? 0 : Math.max(0, draft.required - signed.length);
  const open = Array.from({ length: places }, (): SignatureLine => ({
    state: 'open',
    couldSign: draft.couldStillSign,
  }));
  return [...signed, ...open];
}
