// What a program sent, read by the row's own shape: values that do not fit, and unknown fields where the shape is strict, are
// refused, each with its place.
import type { z } from 'zod';
import { refuse } from '#lib/core/errors.ts';

/** The value as the shape makes it. `where`: "the body", "the address". Hostile. Refuses `api.does-not-fit`. */
export function readShape<Shape extends z.ZodType>(shape: Shape, claimed: unknown, where: string): z.output<Shape> {
  const read = shape.safeParse(claimed);
  if (read.success) return read.data;
  const faults = read.error.issues.slice(0, 20).map(({ path, message }) => ({ field: path.join('.'), says: message }));
  throw refuse('api.does-not-fit', { where, faults });
}
