// Where a release stands, as one sentence. Says what the verdict says.
import { anyOf } from './signature-lines.tsx';

type Standing = {
  signed: number;
  required: number;
  couldStillSign: readonly string[];
  /** `withdrawn` and `expired` drafts wait for nobody any more. */
  state: string;
};

/** True for a draft that ended without a release. */
export const hasEnded = (state: string): boolean => state === 'withdrawn' || state === 'expired';

/** "1 of 2 signed; bo or chi can complete it." */
export function sayProgress({ signed, required, couldStillSign: possible, state }: Standing): string {
  if (hasEnded(state)) return `It ended with ${signed} of ${required} signatures.`;
  const couldStillSign = [...possible];
  const count = `${signed} of ${required} signed`;
  const missing = required - signed;
  if (missing <= 0) return `${count}.`;
  if (couldStillSign.length < missing) return `${count}; ${tooFew(couldStillSign, missing)}`;
  if (missing === 1) return `${count}; ${anyOf(couldStillSign)} can complete it.`;
  return `${count}; ${missing} more are needed, of ${anyOf(couldStillSign)}.`;
}

function tooFew(couldStillSign: string[], missing: number): string {
  if (couldStillSign.length === 0) return 'nobody else has a key that can sign now, so it cannot be completed yet.';
  return `${missing} more are needed and only ${anyOf(couldStillSign)} can sign now, so it cannot be completed yet.`;
}
