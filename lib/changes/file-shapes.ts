// Which file of the release before stands beside which file now. The same kind of file for the same tags, if there is one; else a wheel beside the
// wheel that is nearest to it; never a wheel beside an sdist.
import { isRefusal } from '#lib/core/errors.ts';
import { readDistributionName } from '#lib/python/file-name.ts';

/** `a wheel for py3-none-any`, `an sdist`: what a file is, whatever its version. */
export const shapeOf = (fileName: string): string =>
  fileName.endsWith('.whl') ? `a wheel for ${tagsOf(fileName)}` : 'an sdist';

// NAME-VERSION(-BUILD)?-PYTHON-ABI-PLATFORM.whl, and none of the parts has a hyphen.
const tagsOf = (wheel: string): string => wheel.slice(0, -'.whl'.length).split('-').slice(-3).join('-');

/** For each name now the name before that it is compared with; null: there was nothing like it. */
export function pairFiles(before: readonly string[], after: readonly string[]): Map<string, string | null> {
  return new Map(after.map((name) => [name, counterpartOf(name, before)]));
}

function counterpartOf(name: string, before: readonly string[]): string | null {
  const shape = shapeOf(name);
  const same = before.find((candidate) => shapeOf(candidate) === shape);
  if (same !== undefined) return same;
  if (!name.endsWith('.whl')) return null;
  const wheels = before.filter((candidate) => candidate.endsWith('.whl')).sort();
  const [nearest] = wheels.toSorted((one, other) => nearness(other, name) - nearness(one, name));
  return nearest ?? null;
}

/** Of the parts python, ABI and platform: how many start alike, character by character. */
function nearness(one: string, other: string): number {
  const [these, those] = [tagParts(one), tagParts(other)];
  return these.reduce((sum, part, at) => sum + commonStart(part, those[at] ?? ''), 0);
}

function tagParts(name: string): string[] {
  try {
    readDistributionName(name);
  } catch (fault) {
    if (isRefusal(fault)) return [];
    throw fault;
  }
  return tagsOf(name).split('-');
}

function commonStart(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}
