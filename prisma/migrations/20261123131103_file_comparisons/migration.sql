-- CreateTable
CREATE TABLE "FileComparison" (
    "beforeSha256" TEXT NOT NULL,
    "afterSha256" TEXT NOT NULL,
    "format" INTEGER NOT NULL,
    "madeAt" TIMESTAMP(3) NOT NULL,
    "summary" JSONB,
    "details" BYTEA,
    "failure" TEXT,

    CONSTRAINT "FileComparison_pkey" PRIMARY KEY ("beforeSha256","afterSha256")
);

-- CreateTable
CREATE TABLE "FileDescription" (
    "sha256" TEXT NOT NULL,
    "contentType" TEXT,
    "text" TEXT NOT NULL,
    "left" INTEGER NOT NULL,
    "madeAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "FileDescription_pkey" PRIMARY KEY ("sha256")
);

-- CreateIndex
CREATE INDEX "FileComparison_afterSha256_idx" ON "FileComparison"("afterSha256");

-- What Prisma has no word for: either what changed, or why it is not known; digests are digests.
ALTER TABLE "FileComparison"
  ADD CONSTRAINT "FileComparison_outcome" CHECK (("failure" IS NULL) = ("summary" IS NOT NULL) AND ("summary" IS NULL) = ("details" IS NULL)),
  ADD CONSTRAINT "FileComparison_digest_form" CHECK ("beforeSha256" ~ '^([0-9a-f]{64}|nothing)$' AND "afterSha256" ~ '^[0-9a-f]{64}$');

ALTER TABLE "FileDescription"
  ADD CONSTRAINT "FileDescription_digest_form" CHECK ("sha256" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "FileDescription_left" CHECK ("left" >= 0);
