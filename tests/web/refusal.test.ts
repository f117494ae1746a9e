// From a fault to an HTTP answer: what people and programs are told, and what they are not.

import { afterEach, expect, it, vi } from 'vitest';
import { httpStatus, refuse } from '#lib/core/errors.ts';
import { answerRefusal, asRefusal } from '#lib/server/http/refusal.ts';

afterEach(() => void vi.restoreAllMocks());

it('a refusal keeps its code, its sentence and its status, and is not logged', () => {
  const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const refusal = refuse('input.missing', { field: 'name' });
  expect(asRefusal(refusal)).toBe(refusal);
  expect(answerRefusal(refusal)).toMatchObject({
    status: httpStatus.invalid,
    headers: { 'Content-Type': 'application/problem+json' },
    body: {
      type: '/docs/problems/input#input.missing',
      code: 'input.missing',
      detail: 'Please fill in: name.',
      details: { field: 'name' },
    },
  });
  expect(log).not.toHaveBeenCalled();
});

it('a mistake of ours is logged once with a reference, and only the reference is told', () => {
  const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const answer = answerRefusal(asRefusal(new Error('password is hunter2')));
  expect(answer.status).toBe(500);
  expect(JSON.stringify(answer)).not.toContain('hunter2');
  expect(log).toHaveBeenCalledTimes(1);
  const line = JSON.parse(String(log.mock.calls[0]?.[0]));
  expect(line.message).toBe('password is hunter2');
  expect(answer.body.details).toEqual({ reference: line.reference });
});

it('a refusal from another copy of the register is recognised by its brand', () => {
  const foreign = Object.assign(new Error('said'), {
    [Symbol.for('countersign.refusal')]: true,
    code: 'input.missing',
  });
  expect(asRefusal(foreign)).toBe(foreign);
});
