-- AlterTable
ALTER TABLE "Invitation" ADD COLUMN     "confirmedAt" TIMESTAMP(3),
ADD COLUMN     "confirmedBy" TEXT;

-- CreateTable
CREATE TABLE "ReleaseFate" (
    "policyId" TEXT NOT NULL,
    "draftId" TEXT NOT NULL,
    "fate" TEXT NOT NULL,

    CONSTRAINT "ReleaseFate_pkey" PRIMARY KEY ("policyId","draftId")
);

-- CreateIndex
CREATE INDEX "ReleaseFate_draftId_idx" ON "ReleaseFate"("draftId");

-- AddForeignKey
ALTER TABLE "ReleaseFate" ADD CONSTRAINT "ReleaseFate_policyId_fkey" FOREIGN KEY ("policyId") REFERENCES "Policy"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ReleaseFate" ADD CONSTRAINT "ReleaseFate_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "Draft"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What carries security and has no word in Prisma: only somebody else confirms a person, and only the key with which they accepted.
ALTER TABLE "Invitation" ADD CONSTRAINT "Invitation_confirmed_whole" CHECK (
  ("confirmedAt" IS NULL) = ("confirmedBy" IS NULL)
  AND ("confirmedAt" IS NULL OR ("acceptedAt" IS NOT NULL AND "key" IS NOT NULL AND "confirmedBy" <> "acceptedBy")));
ALTER TABLE "ReleaseFate" ADD CONSTRAINT "ReleaseFate_fate" CHECK ("fate" IN ('quarantine', 'ask'));
