// How much an archive may become when unpacked (threats.md, row 81). A declared size is only a claim, so tar streams pay
// as bytes arrive; zip pays the declared sum at once, and the zip reader holds each member to what it declared.
import { refuse } from '#lib/core/errors.ts';
import { renderBytes, type InspectionLimits } from './limits.ts';

/** Returns `spend(bytes)`, which refuses a total above the limit, or above the ratio once that is looked at. */
export function startBudget(packedBytes: number, limits: InspectionLimits): (bytes: number) => void {
  let spent = 0;
  return (bytes) => {
    spent += bytes;
    if (spent > limits.ratioFromBytes && spent > limits.ratioMax * packedBytes) {
      throw refuse('distribution.bomb', { times: limits.ratioMax });
    }
    if (spent > limits.unpackedBytesMax) {
      throw refuse('distribution.too-large', { what: 'unpacked content', most: renderBytes(limits.unpackedBytesMax) });
    }
  };
}
