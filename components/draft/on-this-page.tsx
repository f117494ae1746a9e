// A long page in one line: what there is to look at before signing, each with its count, and the way there. Only what is there is named.

import { sayCounts, type FindingsProps } from './findings.tsx';

type OnThisPageProps = {
  draft: {
    revision: number;
    isOpen: boolean;
    sinceRelease: { version: string } | null;
    findings: FindingsProps['findings'];
    talk: { rebuilds: unknown[]; comments: unknown[] };
  };
};

export function OnThisPage({ draft }: OnThisPageProps) {
  return (
    <nav aria-label="On this page">
      <ul className="on-this-page">
        {placesOf(draft).map(([href, label]) => (
          <li key={href}>
            <a href={href}>{label}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function placesOf({ revision, isOpen, sinceRelease, findings, talk }: OnThisPageProps['draft']): [string, string][] {
  const { rebuilds, comments } = talk;
  return [
    ...(sinceRelease === null
      ? []
      : [['#changed', `Changes since ${sinceRelease.version}`] satisfies [string, string]]),
    ['#checks', `Checks: ${sayCounts(findings)}`],
    ...(rebuilds.length === 0 ? [] : [['#rebuilds', `Rebuilt: ${rebuilds.length}`] satisfies [string, string]]),
    ...(isOpen ? [['#sign', `Sign revision ${revision}`] satisfies [string, string]] : []),
    ...(comments.length === 0 ? [] : [['#comments', `Comments: ${comments.length}`] satisfies [string, string]]),
  ];
}
