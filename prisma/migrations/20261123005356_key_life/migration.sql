-- AlterTable
ALTER TABLE "Draft" ADD COLUMN     "belowSince" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "Key" ADD COLUMN     "lostAt" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "KeyNotice" (
    "keyFingerprint" TEXT NOT NULL,
    "horizonDays" INTEGER NOT NULL,
    "endsAt" TIMESTAMP(3) NOT NULL,
    "toldAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "KeyNotice_pkey" PRIMARY KEY ("keyFingerprint","horizonDays","endsAt")
);

-- AddForeignKey
ALTER TABLE "KeyNotice" ADD CONSTRAINT "KeyNotice_keyFingerprint_fkey" FOREIGN KEY ("keyFingerprint") REFERENCES "Key"("fingerprint") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What carries security and has no word in Prisma: a lost key knows since when, no other one does; two horizons are told.
ALTER TABLE "Key" ADD CONSTRAINT "Key_lost_since" CHECK (("state" = 'lost') = ("lostAt" IS NOT NULL));
ALTER TABLE "KeyNotice" ADD CONSTRAINT "KeyNotice_horizon" CHECK ("horizonDays" IN (7, 30));
ALTER TABLE "Draft" ADD CONSTRAINT "Draft_below_is_published" CHECK ("belowSince" IS NULL OR "publishedAt" IS NOT NULL);
