-- AlterTable
ALTER TABLE "ProjectToken" ADD COLUMN     "lastUsedAt" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "PersonToken" (
    "id" TEXT NOT NULL,
    "personName" TEXT NOT NULL,
    "projectName" TEXT,
    "name" TEXT NOT NULL,
    "scopes" JSONB NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "lastUsedAt" TIMESTAMP(3),
    "revokedAt" TIMESTAMP(3),

    CONSTRAINT "PersonToken_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "PersonToken_tokenHash_key" ON "PersonToken"("tokenHash");

-- CreateIndex
CREATE INDEX "PersonToken_personName_idx" ON "PersonToken"("personName");

-- AddForeignKey
ALTER TABLE "PersonToken" ADD CONSTRAINT "PersonToken_personName_fkey" FOREIGN KEY ("personName") REFERENCES "Person"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PersonToken" ADD CONSTRAINT "PersonToken_projectName_fkey" FOREIGN KEY ("projectName") REFERENCES "Project"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "ProjectToken"
  DROP CONSTRAINT "ProjectToken_kind",
  ADD CONSTRAINT "ProjectToken_kind" CHECK ("kind" IN ('status', 'upload'));

ALTER TABLE "PersonToken"
  ADD CONSTRAINT "PersonToken_name_form" CHECK (length("name") BETWEEN 1 AND 60),
  ADD CONSTRAINT "PersonToken_scopes" CHECK (CASE WHEN jsonb_typeof("scopes") = 'array' THEN jsonb_array_length("scopes") > 0 AND "scopes" <@ '["queue", "sign", "upload"]' ELSE false END),
  ADD CONSTRAINT "PersonToken_hash_form" CHECK ("tokenHash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "PersonToken_ends" CHECK ("expiresAt" > "createdAt");
