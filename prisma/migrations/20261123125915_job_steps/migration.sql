-- CreateTable
CREATE TABLE "JobStep" (
    "name" TEXT NOT NULL,
    "ranAt" TIMESTAMP(3),
    "ms" INTEGER NOT NULL DEFAULT 0,
    "failedAt" TIMESTAMP(3),
    "fault" TEXT,

    CONSTRAINT "JobStep_pkey" PRIMARY KEY ("name")
);

ALTER TABLE "JobStep" ADD CONSTRAINT "JobStep_failure_whole" CHECK (("failedAt" IS NULL) = ("fault" IS NULL));
