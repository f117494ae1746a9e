// The type of an open transaction, so that other rooms' files name it without naming Prisma.
import type { Prisma } from './generated/client.ts';

export type Transaction = Prisma.TransactionClient;
/** What may stand in `HistoryEntry.details` and `Mail.headers`. */
export type JsonObject = Prisma.InputJsonObject;
