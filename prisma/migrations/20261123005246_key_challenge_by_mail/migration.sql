-- AlterTable
ALTER TABLE "KeyChallenge" ADD COLUMN     "mailedAt" TIMESTAMP(3),
ADD COLUMN     "sealed" TEXT,
ADD COLUMN     "tokenHash" TEXT;

-- AlterTable
ALTER TABLE "Mail" ADD COLUMN     "attachments" JSONB NOT NULL DEFAULT '[]';

-- CreateIndex
CREATE UNIQUE INDEX "KeyChallenge_tokenHash_key" ON "KeyChallenge"("tokenHash");

-- What carries security and has no word in Prisma: a token is stored hashed, and never without the message that holds it.
ALTER TABLE "KeyChallenge"
  ADD CONSTRAINT "KeyChallenge_hash_form" CHECK ("tokenHash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "KeyChallenge_mailed_whole" CHECK (num_nulls("tokenHash", "sealed", "mailedAt") IN (0, 3));
ALTER TABLE "Mail" ADD CONSTRAINT "Mail_attachments_form" CHECK (jsonb_typeof("attachments") = 'array');
