-- AlterTable
ALTER TABLE "Policy" ADD COLUMN     "waitsSince" TIMESTAMP(3);

-- Version 1 has nothing to wait for: a new chain comes after something.
ALTER TABLE "Policy" ADD CONSTRAINT "Policy_waits_after_first" CHECK ("waitsSince" IS NULL OR "version" > 1);
