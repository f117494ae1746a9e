// "1 of 2 signed": the count in words first, with as many short lines beside it.

type ProgressProps = { signed: number; required: number; verb?: string };

export function Progress({ signed, required, verb = 'signed' }: ProgressProps) {
  return (
    <span className="progress">
      <span>
        <strong>
          {signed} of {required}
        </strong>{' '}
        {verb}
      </span>
      {required > 12 ? null : (
        <span className="progress-lines" aria-hidden="true">
          {Array.from({ length: required }, (_, at) => (
            <i key={at} data-done={at < signed ? '' : undefined} />
          ))}
        </span>
      )}
    </span>
  );
}
