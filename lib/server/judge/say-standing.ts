// Where a draft stands after a signature came, in a few words for one line of text: "2 of 2, publishing". By the verdict and nothing else.
import { renderInstant } from '#lib/core/ids.ts';
import type { LoadedCase } from './load-case.ts';
import { waitsUntil } from './waiting.ts';

/** The count of the release, and what comes next. */
export function sayStanding(loaded: LoadedCase): string {
  const { required, missing } = loaded.verdict;
  return `${required - missing} of ${required}, ${sayNext(loaded)}`;
}

function sayNext(loaded: LoadedCase): string {
  const { draft, verdict, hindrance, judged } = loaded;
  if (draft.state === 'approved') return 'publishing';
  if (draft.state === 'published') return 'published';
  if (verdict.missing > 0) return sayMissing(loaded);
  if (hindrance) return `held back: ${hindrance.message}`;
  const until = waitsUntil(loaded, new Date(judged.now));
  if (until !== null) return `published no earlier than ${renderInstant(until.getTime())}`;
  return draft.state === 'quarantined' ? 'publishing again' : 'nothing more to sign';
}

function sayMissing({ verdict: { missing, couldStillSign } }: LoadedCase): string {
  const who = couldStillSign.join(', ').replace(/, (?=[^,]*$)/, ' or ');
  if (couldStillSign.length < missing) return `${missing} more needed, and too few keys can sign now`;
  return missing === 1 ? `${who} can complete it` : `${missing} more needed, of ${who}`;
}
