// Who must sign a policy: one count after the other, each with its lines. The counts come from core's evaluatePolicy.
import { Progress } from '#components/draft/progress.tsx';
import { SignatureLines, type SignatureLine } from '#components/draft/signature-lines.tsx';

export type PolicyNeed = {
  why: string;
  says: string;
  required: number;
  counted: string[];
  missing: number;
  lines: SignatureLine[];
};

export function PolicyNeeds({ needs }: { needs: PolicyNeed[] }) {
  return (
    <ul className="entries" aria-label="Signatures that this policy needs">
      {needs.map((need) => (
        <li key={need.why}>
          <p>{need.says}</p>
          <p>
            <Progress signed={need.counted.length} required={need.required} />
          </p>
          <SignatureLines
            lines={need.lines}
            label={`Signatures, ${need.counted.length} of ${need.required}: ${need.says}`}
          />
        </li>
      ))}
    </ul>
  );
}
