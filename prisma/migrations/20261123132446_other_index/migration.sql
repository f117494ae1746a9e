-- CreateTable
CREATE TABLE "OtherIndex" (
    "projectName" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "simple" TEXT,
    "username" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "setBy" TEXT NOT NULL,
    "setAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "OtherIndex_pkey" PRIMARY KEY ("projectName")
);

-- CreateTable
CREATE TABLE "OtherUpload" (
    "id" TEXT NOT NULL,
    "projectName" TEXT NOT NULL,
    "draftId" TEXT NOT NULL,
    "fileName" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "nextAt" TIMESTAMP(3) NOT NULL,
    "claimedAt" TIMESTAMP(3),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "endedAt" TIMESTAMP(3),
    "says" TEXT,

    CONSTRAINT "OtherUpload_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "OtherUpload_state_nextAt_idx" ON "OtherUpload"("state", "nextAt");

-- CreateIndex
CREATE INDEX "OtherUpload_projectName_createdAt_idx" ON "OtherUpload"("projectName", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "OtherUpload_draftId_fileName_key" ON "OtherUpload"("draftId", "fileName");

-- AddForeignKey
ALTER TABLE "OtherIndex" ADD CONSTRAINT "OtherIndex_projectName_fkey" FOREIGN KEY ("projectName") REFERENCES "Project"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "OtherUpload" ADD CONSTRAINT "OtherUpload_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "Draft"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma has no word for.
ALTER TABLE "OtherIndex"
  ADD CONSTRAINT "OtherIndex_address" CHECK ("url" ~ '^https?://' AND length("url") <= 2000 AND ("simple" IS NULL OR ("simple" ~ '^https?://' AND length("simple") <= 2000))),
  ADD CONSTRAINT "OtherIndex_sealed" CHECK (length("sealed") BETWEEN 29 AND 4096);

ALTER TABLE "OtherUpload"
  ADD CONSTRAINT "OtherUpload_state" CHECK ("state" IN ('waiting', 'done', 'failed', 'stopped')),
  ADD CONSTRAINT "OtherUpload_ended" CHECK (("state" = 'waiting') = ("endedAt" IS NULL) AND ("state" = 'waiting' OR "claimedAt" IS NULL)),
  ADD CONSTRAINT "OtherUpload_tries" CHECK ("tries" >= 0),
  ADD CONSTRAINT "OtherUpload_says" CHECK ("says" IS NULL OR length("says") <= 1000);
