// A stand-in for Vitest inside a page, so that the tests of the pure rooms run in a browser from the same files: `describe`, `it`, their
// `.each`, and Vitest's own `expect`. Collects while a file loads; `runAll` runs and answers what failed.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';
import * as chai from 'chai';

type Work = (...values: never[]) => unknown;
type Test = { title: string; work: () => unknown };

const tests: Test[] = [];
const path: string[] = [];

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

export const expect = ((value: unknown, message?: string) =>
  chai.expect(value, message)) as unknown as typeof chai.expect;
Object.assign(expect, chai.expect, (globalThis as Record<symbol, unknown>)[ASYMMETRIC_MATCHERS_OBJECT]);
setState({ assertionCalls: 0 } as never, expect as never);

const rowsOf = (table: readonly unknown[]): unknown[][] => table.map((row) => (Array.isArray(row) ? row : [row]));

export function describe(title: string, work: () => void): void {
  path.push(title);
  work();
  path.pop();
}
describe.each = (table: readonly unknown[]) => (title: string, work: Work) =>
  rowsOf(table).forEach((row) => describe(`${title} ${String(row[0])}`, () => void work(...(row as never[]))));

export function it(title: string, work: () => unknown): void {
  tests.push({ title: [...path, title].join(' › '), work });
}
it.each = (table: readonly unknown[]) => (title: string, work: Work) =>
  rowsOf(table).forEach((row) => it(`${title} ${String(row[0])}`, () => work(...(row as never[]))));

/** Runs what was collected, one after the other. */
export async function runAll(): Promise<{ passed: number; failed: string[] }> {
  const failed: string[] = [];
  for (const { title, work } of tests) {
    try {
      await work();
    } catch (fault) {
      failed.push(`${title}: ${fault instanceof Error ? fault.message : String(fault)}`);
    }
  }
  return { passed: tests.length - failed.length, failed };
}
