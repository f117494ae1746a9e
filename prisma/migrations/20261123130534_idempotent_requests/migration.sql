-- CreateTable
CREATE TABLE "IdempotentRequest" (
    "keyHash" TEXT NOT NULL,
    "requestSha256" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "claim" TEXT NOT NULL,
    "claimedAt" TIMESTAMP(3) NOT NULL,
    "status" INTEGER,
    "answer" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "IdempotentRequest_pkey" PRIMARY KEY ("keyHash")
);

-- CreateIndex
CREATE INDEX "IdempotentRequest_createdAt_idx" ON "IdempotentRequest"("createdAt");

ALTER TABLE "IdempotentRequest" ADD CONSTRAINT "IdempotentRequest_hash_form"
  CHECK ("keyHash" ~ '^[0-9a-f]{64}$' AND "requestSha256" ~ '^[0-9a-f]{64}$');
ALTER TABLE "IdempotentRequest" ADD CONSTRAINT "IdempotentRequest_state" CHECK ("state" IN ('running', 'changed', 'answered'));
ALTER TABLE "IdempotentRequest" ADD CONSTRAINT "IdempotentRequest_answer_whole"
  CHECK (("state" = 'answered') = ("status" IS NOT NULL) AND ("status" IS NULL) = ("answer" IS NULL));
