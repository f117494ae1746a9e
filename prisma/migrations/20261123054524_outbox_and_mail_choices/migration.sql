-- AlterTable
ALTER TABLE "Mail" ADD COLUMN     "failedAt" TIMESTAMP(3),
ADD COLUMN     "failure" TEXT,
ADD COLUMN     "projectName" TEXT,
ADD COLUMN     "prunedAt" TIMESTAMP(3),
ADD COLUMN     "uselessAt" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "MailHours" (
    "personName" TEXT NOT NULL,
    "timeZone" TEXT NOT NULL,
    "quietFrom" INTEGER,
    "quietTo" INTEGER,
    "digestHour" INTEGER NOT NULL,

    CONSTRAINT "MailHours_pkey" PRIMARY KEY ("personName")
);

-- CreateTable
CREATE TABLE "MailChoice" (
    "personName" TEXT NOT NULL,
    "projectName" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "delivery" TEXT NOT NULL,

    CONSTRAINT "MailChoice_pkey" PRIMARY KEY ("personName","projectName","topic")
);

-- CreateTable
CREATE TABLE "DigestItem" (
    "id" TEXT NOT NULL,
    "personName" TEXT NOT NULL,
    "projectName" TEXT,
    "draftId" TEXT,
    "event" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "link" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "DigestItem_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "DigestItem_personName_createdAt_idx" ON "DigestItem"("personName", "createdAt");

-- CreateIndex
CREATE INDEX "Mail_projectName_failedAt_idx" ON "Mail"("projectName", "failedAt");

-- AddForeignKey
ALTER TABLE "MailHours" ADD CONSTRAINT "MailHours_personName_fkey" FOREIGN KEY ("personName") REFERENCES "Person"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MailChoice" ADD CONSTRAINT "MailChoice_personName_fkey" FOREIGN KEY ("personName") REFERENCES "Person"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DigestItem" ADD CONSTRAINT "DigestItem_personName_fkey" FOREIGN KEY ("personName") REFERENCES "Person"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What was given up under the older rule (a number of attempts) stays given up.
UPDATE "Mail" SET "failedAt" = "nextAt", "failure" = 'too-old' WHERE "sentAt" IS NULL AND "attempts" >= 12;

-- What Prisma has no word for.
ALTER TABLE "Mail"
  ADD CONSTRAINT "Mail_sent_or_failed" CHECK ("sentAt" IS NULL OR "failedAt" IS NULL),
  ADD CONSTRAINT "Mail_failure" CHECK (("failedAt" IS NULL) = ("failure" IS NULL) AND "failure" IN ('refused', 'too-old')),
  ADD CONSTRAINT "Mail_pruned_is_over" CHECK ("prunedAt" IS NULL OR (coalesce("sentAt", "failedAt") IS NOT NULL AND "text" = '' AND "html" = ''));

ALTER TABLE "MailHours"
  ADD CONSTRAINT "MailHours_quiet" CHECK (("quietFrom" IS NULL) = ("quietTo" IS NULL) AND "quietFrom" BETWEEN 0 AND 23 AND "quietTo" BETWEEN 0 AND 23 AND "quietFrom" <> "quietTo"),
  ADD CONSTRAINT "MailHours_digest" CHECK ("digestHour" BETWEEN 0 AND 23);

ALTER TABLE "MailChoice" ADD CONSTRAINT "MailChoice_delivery" CHECK ("delivery" IN ('at-once', 'daily', 'off'));
