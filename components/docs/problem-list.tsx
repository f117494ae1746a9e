// Refusals, each at the place that its code names (`#draft.moved-on`).

type Problem = { code: string; kind: string; status: number; exit: number; sentence: string };

export function ProblemList({ problems }: { problems: readonly Problem[] }) {
  return (
    <dl className="problems">
      {problems.map(({ code, kind, status, exit, sentence }) => (
        <div key={code} id={code}>
          <dt>
            <a href={`#${code}`}>
              <code>{code}</code>
            </a>
          </dt>
          <dd>{sentence}</dd>
          <dd>
            {status}, {kind}; exit code {exit}
          </dd>
        </div>
      ))}
    </dl>
  );
}
