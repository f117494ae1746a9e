-- AlterTable
ALTER TABLE "Draft" ADD COLUMN     "metAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "Policy" ADD COLUMN     "deadline" TIMESTAMP(3);

-- What was open before there was a deadline gets one; the first policy of a project has none, since nothing goes on without it.
UPDATE "Policy" SET "deadline" = "proposedAt" + INTERVAL '30 days' WHERE "state" = 'open' AND "version" > 1;
UPDATE "Draft" SET "metAt" = "approvedAt" WHERE "state" = 'approved';

ALTER TABLE "Policy"
  DROP CONSTRAINT "Policy_state",
  ADD CONSTRAINT "Policy_state" CHECK ("state" IN ('open', 'in-force', 'superseded', 'withdrawn', 'expired')),
  ADD CONSTRAINT "Policy_expired_has_deadline" CHECK ("state" <> 'expired' OR "deadline" IS NOT NULL);
