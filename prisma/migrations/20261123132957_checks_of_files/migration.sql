-- AlterTable
ALTER TABLE "DraftFile" ADD COLUMN     "checks" TEXT;

-- CreateTable
CREATE TABLE "IgnoredFinding" (
    "id" TEXT NOT NULL,
    "draftId" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "ignoredBy" TEXT NOT NULL,
    "ignoredAt" TIMESTAMP(3) NOT NULL,
    "takenBackBy" TEXT,
    "takenBackAt" TIMESTAMP(3),
    "standingSlot" TEXT,

    CONSTRAINT "IgnoredFinding_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "IgnoredFinding_standingSlot_key" ON "IgnoredFinding"("standingSlot");

-- CreateIndex
CREATE INDEX "IgnoredFinding_draftId_idx" ON "IgnoredFinding"("draftId");

-- AddForeignKey
ALTER TABLE "IgnoredFinding" ADD CONSTRAINT "IgnoredFinding_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "Draft"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma has no word for
ALTER TABLE "IgnoredFinding"
  ADD CONSTRAINT "IgnoredFinding_code_form" CHECK ("code" ~ '^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$'),
  ADD CONSTRAINT "IgnoredFinding_reason_form" CHECK (length("reason") BETWEEN 1 AND 500),
  ADD CONSTRAINT "IgnoredFinding_revision" CHECK ("revision" >= 1),
  ADD CONSTRAINT "IgnoredFinding_taken_back_whole" CHECK (("takenBackAt" IS NULL) = ("takenBackBy" IS NULL)),
  ADD CONSTRAINT "IgnoredFinding_standing_slot" CHECK ("standingSlot" IS NOT DISTINCT FROM CASE WHEN "takenBackAt" IS NULL THEN "draftId" || ':' || "code" || ':' || "place" END);
