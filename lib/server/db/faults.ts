// What the database says, in our words. Prisma's codes and driver faults are recognised here and do not leave this
// folder: a conflict is tried again by change(), a taken unique name becomes the refusal that the caller gives.
import type { Refusal } from '#lib/core/errors.ts';

type DriverCause = { kind?: string; code?: string; originalCode?: string; constraint?: { fields?: string[]; index?: string } };
type PrismaFault = { name?: string; code?: string; meta?: { driverAdapterError?: { cause?: DriverCause }; target?: unknown }; cause?: DriverCause };

function asFault(fault: unknown): PrismaFault {
  return typeof fault === 'object' && fault !== null ? (fault as PrismaFault) : {};
}

const driverCause = (fault: PrismaFault): DriverCause => fault.meta?.driverAdapterError?.cause ?? fault.cause ?? {};

/** serialization_failure and deadlock_detected of PostgreSQL, in each form in which Prisma hands them on. */
export function isConflict(thrown: unknown): boolean {
  const fault = asFault(thrown);
  const cause = driverCause(fault);
  return (
    fault.code === 'P2034' ||
    cause.kind === 'TransactionWriteConflict' ||
    [cause.originalCode, cause.code].some((code) => code === '40001' || code === '40P01')
  );
}

function takenFields(thrown: unknown): string[] | null {
  const fault = asFault(thrown);
  const cause = driverCause(fault);
  if (fault.code !== 'P2002' && cause.originalCode !== '23505') return null;
  const fields = cause.constraint?.fields ?? (cause.constraint?.index ? [cause.constraint.index] : []);
  return fields.map((field) => field.replaceAll('"', ''));
}

/**
 * Awaits a write that may meet a unique constraint; a violation becomes the caller's refusal (the constraint decides, no
 * question asked before can). The callback gets the columns, for rows with more than one constraint.
 */
export async function orTaken<T>(write: PromiseLike<T>, refusal: (fields: string[]) => Refusal): Promise<T> {
  try {
    return await write;
  } catch (fault) {
    const fields = takenFields(fault);
    if (fields === null) throw fault;
    const taken = refusal(fields);
    taken.cause = fault;
    throw taken;
  }
}
