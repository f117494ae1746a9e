-- AlterTable
ALTER TABLE "Session" ADD COLUMN     "freshUntil" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "Passkey" (
    "id" TEXT NOT NULL,
    "personName" TEXT NOT NULL,
    "publicKey" BYTEA NOT NULL,
    "counter" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "lastUsedAt" TIMESTAMP(3),

    CONSTRAINT "Passkey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PasskeyChallenge" (
    "hash" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "personName" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "usedAt" TIMESTAMP(3),

    CONSTRAINT "PasskeyChallenge_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE INDEX "Passkey_personName_idx" ON "Passkey"("personName");

-- CreateIndex
CREATE INDEX "PasskeyChallenge_expiresAt_idx" ON "PasskeyChallenge"("expiresAt");

-- AddForeignKey
ALTER TABLE "Passkey" ADD CONSTRAINT "Passkey_personName_fkey" FOREIGN KEY ("personName") REFERENCES "Person"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma has no word for.
ALTER TABLE "Session" ADD CONSTRAINT "Session_fresh_within" CHECK ("freshUntil" <= "expiresAt");

ALTER TABLE "Passkey"
  ADD CONSTRAINT "Passkey_id_form" CHECK ("id" ~ '^[A-Za-z0-9_-]+$' AND length("id") BETWEEN 16 AND 1366),
  ADD CONSTRAINT "Passkey_counter" CHECK ("counter" >= 0 AND "counter" < 4294967296),
  ADD CONSTRAINT "Passkey_name_form" CHECK (length("name") BETWEEN 1 AND 60);

ALTER TABLE "PasskeyChallenge"
  ADD CONSTRAINT "PasskeyChallenge_hash_form" CHECK ("hash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "PasskeyChallenge_purpose" CHECK ("purpose" IN ('register', 'sign-in')),
  ADD CONSTRAINT "PasskeyChallenge_register_whose" CHECK ("purpose" <> 'register' OR "personName" IS NOT NULL),
  ADD CONSTRAINT "PasskeyChallenge_ends" CHECK ("expiresAt" > "createdAt");
