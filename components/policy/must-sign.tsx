// Who would have to sign a change of the rules that nobody has proposed yet, each count in words, and what makes it a weakening.

import { Notice } from '#components/ui/notice.tsx';

type MustSignProps = {
  counts: string;
  needs: readonly { why: string; says: string; people: readonly string[] }[];
  weakenings: readonly string[];
};

export function MustSign({ counts, needs, weakenings }: MustSignProps) {
  return (
    <>
      <p>{counts}</p>
      <ul className="ruled" aria-label="Signatures that it would need">
        {needs.map((need) => (
          <li key={need.why}>
            {need.says}: {need.people.join(', ')}.
          </li>
        ))}
      </ul>
      {weakenings.length === 0 ? null : (
        <Notice tone="warning" title="It weakens the rules, so people must sign it as they would sign a release.">
          <ul>
            {weakenings.map((weakening) => (
              <li key={weakening}>{weakening}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}
