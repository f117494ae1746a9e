-- CreateTable
CREATE TABLE "AddressChange" (
    "tokenHash" TEXT NOT NULL,
    "personName" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "confirmedAt" TIMESTAMP(3),
    "droppedAt" TIMESTAMP(3),
    "openSlot" TEXT,

    CONSTRAINT "AddressChange_pkey" PRIMARY KEY ("tokenHash")
);

-- CreateIndex
CREATE UNIQUE INDEX "AddressChange_openSlot_key" ON "AddressChange"("openSlot");

-- CreateIndex
CREATE INDEX "AddressChange_personName_idx" ON "AddressChange"("personName");

-- AddForeignKey
ALTER TABLE "AddressChange" ADD CONSTRAINT "AddressChange_personName_fkey" FOREIGN KEY ("personName") REFERENCES "Person"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma has no word for: only a hash is kept, one plain mailbox, every link ends, and an end has one kind.
ALTER TABLE "AddressChange"
  ADD CONSTRAINT "AddressChange_hash_form" CHECK ("tokenHash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "AddressChange_form" CHECK ("address" ~ '^[!-?A-~]+@[!-?A-~]+$' AND "address" = lower("address")),
  ADD CONSTRAINT "AddressChange_ends" CHECK ("expiresAt" > "createdAt"),
  ADD CONSTRAINT "AddressChange_one_end" CHECK ("confirmedAt" IS NULL OR "droppedAt" IS NULL),
  ADD CONSTRAINT "AddressChange_open_slot" CHECK ("openSlot" IS NULL OR ("openSlot" = "personName" AND "confirmedAt" IS NULL AND "droppedAt" IS NULL));
