// "Paste the fingerprint you were given": the server compares and marks the groups that differ, because eyes are bad at it. An ordinary GET
// form, so that it works without script; nothing in it is secret. What is pasted is hostile text: hex in any spelling, or the words.

import type { ComparedGroup, Comparison } from '#lib/core/fingerprint.ts';
import { isRefusal } from '#lib/core/errors.ts';
import type { Fingerprint } from '#lib/core/ids.ts';
import { comparePasted } from '#lib/words/compare-pasted.ts';
import { Actions, Button } from '#components/ui/button.tsx';
import { Notice } from '#components/ui/notice.tsx';

type CompareProps = {
  expected: Fingerprint;
  /** Whose key it is said to be: "bo", "your key". */
  whose: string;
  /** The page that shows this form again, without a query. */
  path: string;
  /** What was pasted, where this is the answer. */
  pasted: string | undefined;
};

/** The id of the form of one key: where the answer stands. */
export const compareId = (fingerprint: string): string => `compare-${fingerprint}`;

export function CompareFingerprint({ expected, whose, path, pasted }: CompareProps) {
  const field = `pasted-${expected}`;
  return (
    <form
      method="get"
      action={`${path}#${compareId(expected)}`}
      id={compareId(expected)}
      className="form"
      aria-label={`Compare the fingerprint of ${whose}`}
    >
      {pasted === undefined ? null : <Answer expected={expected} whose={whose} pasted={pasted} />}
      <input type="hidden" name="compare" value={expected} />
      <div className="field">
        <label htmlFor={field}>The fingerprint of {whose}, as you got it elsewhere</label>
        <p className="field-hint" id={`${field}-hint`}>
          Paste the digits, or the words that were read to you. Spaces and colons do no harm; a shortened one is not
          compared.
        </p>
        <input
          id={field}
          name="pasted"
          defaultValue={pasted}
          aria-describedby={`${field}-hint`}
          autoComplete="off"
          spellCheck={false}
          maxLength={500}
          required
          className="font-mono"
        />
      </div>
      <Actions>
        <Button type="submit">Compare</Button>
      </Actions>
    </form>
  );
}

type Answered = Comparison | { kind: 'refused'; says: string };

function answerTo(expected: Fingerprint, pasted: string): Answered {
  try {
    return comparePasted(expected, pasted);
  } catch (fault) {
    if (isRefusal(fault)) return { kind: 'refused', says: fault.message };
    throw fault;
  }
}

function Answer({ expected, whose, pasted }: { expected: Fingerprint; whose: string; pasted: string }) {
  const answer = answerTo(expected, pasted);
  switch (answer.kind) {
    case 'match':
      return (
        <Notice tone="good" title="Match: every group is the same.">
          <p>What you pasted is, digit by digit, the full fingerprint that this page shows for {whose}.</p>
        </Notice>
      );
    case 'differs':
      return (
        <Notice tone="danger" title={`No match: ${countOf(answer.groups)} different.`}>
          <p>Either you pasted that of another key, or this page shows a wrong one. Find out which before you go on.</p>
          <Differences groups={answer.groups} />
        </Notice>
      );
    case 'other-length':
      return (
        <Notice tone="danger" title="No match: it is a fingerprint of another kind of key.">
          <p>
            You pasted {answer.pasted} digits; this key has {expected.length}. Find out which one is meant.
          </p>
        </Notice>
      );
    case 'refused':
      return (
        <Notice tone="warning" title="Nothing was compared.">
          <p>{answer.says}</p>
        </Notice>
      );
  }
}

function countOf(groups: ComparedGroup[]): string {
  const different = groups.filter((group) => !group.same).length;
  return different === 1 ? `1 of ${groups.length} groups is` : `${different} of ${groups.length} groups are`;
}

/** Both rows, group under group; what differs is marked by more than colour and said in words. */
function Differences({ groups }: { groups: ComparedGroup[] }) {
  return (
    <ol className="compared" aria-label="Group by group">
      {groups.map((group, at) => (
        <li key={at} data-same={group.same}>
          <span className="sr-only">{group.same ? 'same: ' : 'different: here '}</span>
          <code>{group.expected}</code>
          {group.same ? null : (
            <>
              <span className="sr-only">, pasted </span>
              <code>
                <mark>{group.pasted}</mark>
              </code>
            </>
          )}
        </li>
      ))}
    </ol>
  );
}
