-- CreateTable
CREATE TABLE "Webhook" (
    "id" TEXT NOT NULL,
    "projectName" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "events" JSONB NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "stoppedAt" TIMESTAMP(3),
    "stoppedWhy" TEXT,

    CONSTRAINT "Webhook_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WebhookSecret" (
    "id" TEXT NOT NULL,
    "webhookId" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "endsAt" TIMESTAMP(3),
    "currentSlot" TEXT,

    CONSTRAINT "WebhookSecret_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WebhookMessage" (
    "id" TEXT NOT NULL,
    "webhookId" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "startedAt" TIMESTAMP(3) NOT NULL,
    "nextAt" TIMESTAMP(3) NOT NULL,
    "claimedAt" TIMESTAMP(3),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "deliveredAt" TIMESTAMP(3),
    "givenUpAt" TIMESTAMP(3),

    CONSTRAINT "WebhookMessage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WebhookAttempt" (
    "id" TEXT NOT NULL,
    "messageId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "ms" INTEGER NOT NULL,
    "headers" JSONB NOT NULL,
    "status" INTEGER,
    "response" TEXT,
    "fault" TEXT,

    CONSTRAINT "WebhookAttempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PersonFeed" (
    "personName" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "PersonFeed_pkey" PRIMARY KEY ("personName")
);

-- CreateTable
CREATE TABLE "ProjectToken" (
    "id" TEXT NOT NULL,
    "projectName" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "madeBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "revokedAt" TIMESTAMP(3),
    "revokedBy" TEXT,

    CONSTRAINT "ProjectToken_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Webhook_projectName_idx" ON "Webhook"("projectName");

-- CreateIndex
CREATE UNIQUE INDEX "WebhookSecret_currentSlot_key" ON "WebhookSecret"("currentSlot");

-- CreateIndex
CREATE INDEX "WebhookSecret_webhookId_idx" ON "WebhookSecret"("webhookId");

-- CreateIndex
CREATE INDEX "WebhookMessage_deliveredAt_givenUpAt_nextAt_idx" ON "WebhookMessage"("deliveredAt", "givenUpAt", "nextAt");

-- CreateIndex
CREATE INDEX "WebhookMessage_webhookId_createdAt_idx" ON "WebhookMessage"("webhookId", "createdAt");

-- CreateIndex
CREATE INDEX "WebhookMessage_createdAt_idx" ON "WebhookMessage"("createdAt");

-- CreateIndex
CREATE INDEX "WebhookAttempt_messageId_at_idx" ON "WebhookAttempt"("messageId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "PersonFeed_tokenHash_key" ON "PersonFeed"("tokenHash");

-- CreateIndex
CREATE UNIQUE INDEX "ProjectToken_tokenHash_key" ON "ProjectToken"("tokenHash");

-- CreateIndex
CREATE INDEX "ProjectToken_projectName_idx" ON "ProjectToken"("projectName");

-- AddForeignKey
ALTER TABLE "Webhook" ADD CONSTRAINT "Webhook_projectName_fkey" FOREIGN KEY ("projectName") REFERENCES "Project"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "WebhookSecret" ADD CONSTRAINT "WebhookSecret_webhookId_fkey" FOREIGN KEY ("webhookId") REFERENCES "Webhook"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "WebhookMessage" ADD CONSTRAINT "WebhookMessage_webhookId_fkey" FOREIGN KEY ("webhookId") REFERENCES "Webhook"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "WebhookAttempt" ADD CONSTRAINT "WebhookAttempt_messageId_fkey" FOREIGN KEY ("messageId") REFERENCES "WebhookMessage"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PersonFeed" ADD CONSTRAINT "PersonFeed_personName_fkey" FOREIGN KEY ("personName") REFERENCES "Person"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ProjectToken" ADD CONSTRAINT "ProjectToken_projectName_fkey" FOREIGN KEY ("projectName") REFERENCES "Project"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- CHECKs: Prisma has no word for them.
ALTER TABLE "Webhook"
  ADD CONSTRAINT "Webhook_id_form" CHECK ("id" ~ '^[0-9a-f]{12}$'),
  ADD CONSTRAINT "Webhook_address" CHECK ("url" ~ '^https?://[!-~]+$' AND length("url") <= 2000),
  ADD CONSTRAINT "Webhook_events" CHECK (CASE WHEN jsonb_typeof("events") = 'array' THEN jsonb_array_length("events") > 0 ELSE false END),
  ADD CONSTRAINT "Webhook_stopped_whole" CHECK (("stoppedAt" IS NULL) = ("stoppedWhy" IS NULL));

ALTER TABLE "WebhookSecret"
  ADD CONSTRAINT "WebhookSecret_digest_form" CHECK ("sha256" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "WebhookSecret_current_slot" CHECK (("endsAt" IS NULL) = ("currentSlot" IS NOT NULL) AND ("currentSlot" IS NULL OR "currentSlot" = "webhookId"));

ALTER TABLE "WebhookMessage"
  ADD CONSTRAINT "WebhookMessage_id_form" CHECK ("id" ~ '^msg_[0-9a-f]{32}$'),
  ADD CONSTRAINT "WebhookMessage_tries" CHECK ("tries" >= 0),
  ADD CONSTRAINT "WebhookMessage_started" CHECK ("startedAt" >= "createdAt"),
  ADD CONSTRAINT "WebhookMessage_one_end" CHECK ("deliveredAt" IS NULL OR "givenUpAt" IS NULL);

ALTER TABLE "WebhookAttempt"
  ADD CONSTRAINT "WebhookAttempt_ms" CHECK ("ms" >= 0),
  ADD CONSTRAINT "WebhookAttempt_answer" CHECK (("status" IS NULL) = ("fault" IS NOT NULL) AND ("status" IS NULL) = ("response" IS NULL)),
  ADD CONSTRAINT "WebhookAttempt_short" CHECK (octet_length("response") <= 6144);

ALTER TABLE "PersonFeed" ADD CONSTRAINT "PersonFeed_hash_form" CHECK ("tokenHash" ~ '^[0-9a-f]{64}$');

ALTER TABLE "ProjectToken"
  ADD CONSTRAINT "ProjectToken_kind" CHECK ("kind" IN ('status')),
  ADD CONSTRAINT "ProjectToken_name_form" CHECK (length("name") BETWEEN 1 AND 60),
  ADD CONSTRAINT "ProjectToken_hash_form" CHECK ("tokenHash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "ProjectToken_ends" CHECK ("expiresAt" > "createdAt"),
  ADD CONSTRAINT "ProjectToken_revoked_whole" CHECK (("revokedAt" IS NULL) = ("revokedBy" IS NULL));
