// What the database says, in our words. Prisma's codes and driver faults are recognised here and do not leave this
// folder: a conflict is tried again by change(), a taken unique name becomes the refusal that the caller gives.
import type { Refusal } from '#lib/core/errors.ts';

type DriverCause = { kind?: string; code?: string; originalCode?: string };
type PrismaFault = { code?: string; meta?: { driverAdapterError?: { cause?: DriverCause } }; cause?: DriverCause };

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

/** unique_violation. Which constraint it was, PGlite and PostgreSQL tell differently; so nobody asks. */
function isTaken(thrown: unknown): boolean {
  const fault = asFault(thrown);
  return fault.code === 'P2002' || driverCause(fault).originalCode === '23505';
}

/**
 * Awaits a write that may meet a unique constraint; a violation becomes the caller's refusal. The constraint decides: no
 * question asked before the write can. The transaction is lost then, as after every refusal.
 */
export async function orTaken<T>(write: PromiseLike<T>, refusal: () => Refusal): Promise<T> {
  try {
    return await write;
  } catch (fault) {
    if (!isTaken(fault)) throw fault;
    throw Object.assign(refusal(), { cause: fault });
  }
}
