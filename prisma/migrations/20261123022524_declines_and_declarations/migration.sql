-- AlterTable
ALTER TABLE "Draft" ADD COLUMN     "withdrawReason" TEXT,
ADD COLUMN     "withdrawnBy" TEXT,
ADD COLUMN     "yankedReason" TEXT;

-- AlterTable
ALTER TABLE "Project" ADD COLUMN     "status" TEXT NOT NULL DEFAULT 'active',
ADD COLUMN     "statusReason" TEXT;

-- CreateTable
CREATE TABLE "Decline" (
    "id" TEXT NOT NULL,
    "draftId" TEXT NOT NULL,
    "personName" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "declinedAt" TIMESTAMP(3) NOT NULL,
    "liftedAt" TIMESTAMP(3),
    "liftedBy" TEXT,
    "standingSlot" TEXT,

    CONSTRAINT "Decline_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Declaration" (
    "id" TEXT NOT NULL,
    "projectName" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "draftId" TEXT,
    "number" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "sha256" TEXT NOT NULL,
    "proposedBy" TEXT NOT NULL,
    "proposedAt" TIMESTAMP(3) NOT NULL,
    "packet" BYTEA,
    "key" TEXT,
    "signedBy" TEXT,
    "signedAt" TIMESTAMP(3),
    "inForceAt" TIMESTAMP(3),
    "countersignerCode" TEXT,
    "countersignerSays" TEXT,
    "countersignerAt" TIMESTAMP(3),
    "openSlot" TEXT,
    "chainSlot" TEXT,

    CONSTRAINT "Declaration_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Decline_standingSlot_key" ON "Decline"("standingSlot");

-- CreateIndex
CREATE INDEX "Decline_draftId_idx" ON "Decline"("draftId");

-- CreateIndex
CREATE UNIQUE INDEX "Declaration_sha256_key" ON "Declaration"("sha256");

-- CreateIndex
CREATE UNIQUE INDEX "Declaration_openSlot_key" ON "Declaration"("openSlot");

-- CreateIndex
CREATE UNIQUE INDEX "Declaration_chainSlot_key" ON "Declaration"("chainSlot");

-- CreateIndex
CREATE INDEX "Declaration_projectName_kind_state_idx" ON "Declaration"("projectName", "kind", "state");

-- AddForeignKey
ALTER TABLE "Decline" ADD CONSTRAINT "Decline_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "Draft"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Declaration" ADD CONSTRAINT "Declaration_projectName_fkey" FOREIGN KEY ("projectName") REFERENCES "Project"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Declaration" ADD CONSTRAINT "Declaration_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "Draft"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma has no word for: the known states, what belongs together, and the slots that hold one open document each.
ALTER TABLE "Project"
  ADD CONSTRAINT "Project_status" CHECK ("status" IN ('active', 'archived', 'quarantined')),
  ADD CONSTRAINT "Project_status_has_reason" CHECK ("status" = 'active' OR "statusReason" IS NOT NULL);

ALTER TABLE "Draft"
  ADD CONSTRAINT "Draft_withdrawn_whole" CHECK (("withdrawnBy" IS NULL) = ("withdrawReason" IS NULL)),
  ADD CONSTRAINT "Draft_withdraw_reason_is_withdrawn" CHECK ("withdrawReason" IS NULL OR "state" = 'withdrawn'),
  ADD CONSTRAINT "Draft_yanked_is_published" CHECK ("yankedReason" IS NULL OR "publishedAt" IS NOT NULL);

ALTER TABLE "Decline"
  ADD CONSTRAINT "Decline_reason_form" CHECK (length("reason") BETWEEN 1 AND 500),
  ADD CONSTRAINT "Decline_revision" CHECK ("revision" >= 1),
  ADD CONSTRAINT "Decline_lifted_whole" CHECK (("liftedAt" IS NULL) = ("liftedBy" IS NULL)),
  ADD CONSTRAINT "Decline_standing_slot" CHECK ("standingSlot" IS NOT DISTINCT FROM CASE WHEN "liftedAt" IS NULL THEN "draftId" || ':' || "personName" END);

ALTER TABLE "Declaration"
  ADD CONSTRAINT "Declaration_kind" CHECK ("kind" IN ('yank', 'status') AND ("kind" = 'yank') = ("draftId" IS NOT NULL)),
  ADD CONSTRAINT "Declaration_state" CHECK ("state" IN ('open', 'signed', 'in-force', 'withdrawn')),
  ADD CONSTRAINT "Declaration_number" CHECK ("number" >= 1),
  ADD CONSTRAINT "Declaration_digest_form" CHECK ("sha256" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "Declaration_key_form" CHECK ("key" ~ '^([0-9A-F]{40}|[0-9A-F]{64})$'),
  ADD CONSTRAINT "Declaration_signed_whole" CHECK (num_nonnulls("packet", "key", "signedBy", "signedAt") IN (0, 4)),
  ADD CONSTRAINT "Declaration_state_signed" CHECK ("state" = 'withdrawn' OR ("state" = 'open') = ("packet" IS NULL)),
  ADD CONSTRAINT "Declaration_in_force_since" CHECK (("state" = 'in-force') = ("inForceAt" IS NOT NULL)),
  ADD CONSTRAINT "Declaration_open_slot" CHECK ("openSlot" IS NOT DISTINCT FROM CASE WHEN "state" IN ('open', 'signed') THEN "kind" || ':' || COALESCE("draftId", "projectName") END),
  ADD CONSTRAINT "Declaration_chain_slot" CHECK ("chainSlot" IS NOT DISTINCT FROM CASE WHEN "state" = 'in-force' THEN "kind" || ':' || COALESCE("draftId", "projectName") || '#' || "number" END);
