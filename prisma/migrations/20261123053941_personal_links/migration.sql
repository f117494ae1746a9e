-- CreateTable
CREATE TABLE "PersonalLink" (
    "id" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "draftId" TEXT NOT NULL,
    "personName" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "revokedAt" TIMESTAMP(3),
    "unverified" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "PersonalLink_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "PersonalLink_tokenHash_key" ON "PersonalLink"("tokenHash");

-- CreateIndex
CREATE INDEX "PersonalLink_draftId_personName_idx" ON "PersonalLink"("draftId", "personName");

-- CreateIndex
CREATE INDEX "PersonalLink_personName_idx" ON "PersonalLink"("personName");

-- AddForeignKey
ALTER TABLE "PersonalLink" ADD CONSTRAINT "PersonalLink_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "Draft"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PersonalLink" ADD CONSTRAINT "PersonalLink_personName_fkey" FOREIGN KEY ("personName") REFERENCES "Person"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma has no word for: only a hash is kept, and every link ends.
ALTER TABLE "PersonalLink"
  ADD CONSTRAINT "PersonalLink_hash_form" CHECK ("tokenHash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "PersonalLink_expires" CHECK ("expiresAt" > "createdAt"),
  ADD CONSTRAINT "PersonalLink_counts" CHECK ("unverified" >= 0 AND "revision" > 0);
