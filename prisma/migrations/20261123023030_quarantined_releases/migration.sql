-- AlterTable
ALTER TABLE "Draft" ADD COLUMN     "quarantineReason" TEXT,
ADD COLUMN     "quarantinedAt" TIMESTAMP(3),
ADD COLUMN     "recordPolicy" INTEGER,
ADD COLUMN     "recordSerial" INTEGER;

-- AlterTable
ALTER TABLE "Project" ADD COLUMN     "keysChangedAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "Signature" ADD COLUMN     "recordSerial" INTEGER;

-- What was published before has its first record, under the policy that was in force then.
UPDATE "Draft" SET "recordSerial" = 1, "recordPolicy" = COALESCE((
  SELECT max("version") FROM "Policy"
  WHERE "Policy"."projectName" = "Draft"."projectName" AND "effectiveAt" <= "publishedAt"), 1)
WHERE "state" = 'published';
UPDATE "Signature" SET "recordSerial" = 1
WHERE "takenBackAt" IS NULL AND "draftId" IN (SELECT "id" FROM "Draft" WHERE "state" = 'published');

-- What Prisma has no word for: what belongs together.
ALTER TABLE "Draft"
  ADD CONSTRAINT "Draft_record_whole" CHECK (num_nonnulls("recordSerial", "recordPolicy") IN (0, 2) AND "recordSerial" >= 1 AND "recordPolicy" >= 1),
  ADD CONSTRAINT "Draft_record_is_published" CHECK ("recordSerial" IS NULL OR "publishedAt" IS NOT NULL),
  ADD CONSTRAINT "Draft_quarantine_whole" CHECK (("state" = 'quarantined') = ("quarantinedAt" IS NOT NULL) AND num_nonnulls("quarantinedAt", "quarantineReason") IN (0, 2));

ALTER TABLE "Signature"
  ADD CONSTRAINT "Signature_record_serial" CHECK ("recordSerial" >= 1);
