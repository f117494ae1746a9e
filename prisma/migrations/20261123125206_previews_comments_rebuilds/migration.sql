-- CreateTable
CREATE TABLE "Preview" (
    "id" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "draftId" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "madeBy" TEXT NOT NULL,
    "madeAt" TIMESTAMP(3) NOT NULL,
    "endedAt" TIMESTAMP(3),
    "endedBy" TEXT,
    "liveSlot" TEXT,

    CONSTRAINT "Preview_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Comment" (
    "id" TEXT NOT NULL,
    "draftId" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "personName" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "writtenAt" TIMESTAMP(3) NOT NULL,
    "takenBackAt" TIMESTAMP(3),

    CONSTRAINT "Comment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Rebuild" (
    "id" TEXT NOT NULL,
    "draftId" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "personName" TEXT NOT NULL,
    "recipe" TEXT NOT NULL,
    "statedAt" TIMESTAMP(3) NOT NULL,
    "endedAt" TIMESTAMP(3),
    "standingSlot" TEXT,

    CONSTRAINT "Rebuild_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RebuiltFile" (
    "rebuildId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "RebuiltFile_pkey" PRIMARY KEY ("rebuildId","name")
);

-- CreateIndex
CREATE UNIQUE INDEX "Preview_tokenHash_key" ON "Preview"("tokenHash");

-- CreateIndex
CREATE UNIQUE INDEX "Preview_liveSlot_key" ON "Preview"("liveSlot");

-- CreateIndex
CREATE INDEX "Preview_draftId_idx" ON "Preview"("draftId");

-- CreateIndex
CREATE INDEX "Comment_draftId_writtenAt_idx" ON "Comment"("draftId", "writtenAt");

-- CreateIndex
CREATE UNIQUE INDEX "Rebuild_standingSlot_key" ON "Rebuild"("standingSlot");

-- CreateIndex
CREATE INDEX "Rebuild_draftId_idx" ON "Rebuild"("draftId");

-- AddForeignKey
ALTER TABLE "Preview" ADD CONSTRAINT "Preview_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "Draft"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Comment" ADD CONSTRAINT "Comment_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "Draft"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Rebuild" ADD CONSTRAINT "Rebuild_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "Draft"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RebuiltFile" ADD CONSTRAINT "RebuiltFile_rebuildId_fkey" FOREIGN KEY ("rebuildId") REFERENCES "Rebuild"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma has no word for: only a hash is kept; one address a draft, while it is not ended.
ALTER TABLE "Preview"
  ADD CONSTRAINT "Preview_hash_form" CHECK ("tokenHash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "Preview_revision" CHECK ("revision" > 0),
  ADD CONSTRAINT "Preview_live_slot" CHECK (("liveSlot" IS NULL) = ("endedAt" IS NOT NULL) AND ("liveSlot" IS NULL OR "liveSlot" = "draftId")),
  ADD CONSTRAINT "Preview_ended_by" CHECK ("endedBy" IS NULL OR "endedAt" IS NOT NULL);

ALTER TABLE "Comment"
  ADD CONSTRAINT "Comment_revision" CHECK ("revision" > 0),
  ADD CONSTRAINT "Comment_text" CHECK (char_length("text") BETWEEN 1 AND 2000);

-- One statement a person, draft and revision stands.
ALTER TABLE "Rebuild"
  ADD CONSTRAINT "Rebuild_revision" CHECK ("revision" > 0),
  ADD CONSTRAINT "Rebuild_recipe" CHECK (char_length("recipe") BETWEEN 1 AND 2000),
  ADD CONSTRAINT "Rebuild_standing_slot" CHECK (("standingSlot" IS NULL) = ("endedAt" IS NOT NULL)
    AND ("standingSlot" IS NULL OR "standingSlot" = "draftId" || ':' || "revision" || ':' || "personName"));

ALTER TABLE "RebuiltFile"
  ADD CONSTRAINT "RebuiltFile_digest_form" CHECK ("sha256" ~ '^[0-9a-f]{64}$');
