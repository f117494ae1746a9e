-- CreateTable
CREATE UNLOGGED TABLE "RateLimit" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "expire" BIGINT,

    CONSTRAINT "RateLimit_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "RateLimit_expire_idx" ON "RateLimit"("expire");

ALTER TABLE "RateLimit" ADD CONSTRAINT "RateLimit_key_form" CHECK ("key" ~ '^[a-z-]+:[0-9a-f]{64}$');
ALTER TABLE "RateLimit" ADD CONSTRAINT "RateLimit_points" CHECK ("points" > 0);
