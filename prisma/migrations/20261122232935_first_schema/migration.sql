-- CreateTable
CREATE TABLE "Instance" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "indexName" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Instance_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Person" (
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Person_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "Address" (
    "address" TEXT NOT NULL,
    "personName" TEXT NOT NULL,
    "verifiedAt" TIMESTAMP(3) NOT NULL,
    "isPrimary" BOOLEAN NOT NULL,

    CONSTRAINT "Address_pkey" PRIMARY KEY ("address")
);

-- CreateTable
CREATE TABLE "SignInLink" (
    "tokenHash" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "returnTo" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "usedAt" TIMESTAMP(3),

    CONSTRAINT "SignInLink_pkey" PRIMARY KEY ("tokenHash")
);

-- CreateTable
CREATE TABLE "Session" (
    "tokenHash" TEXT NOT NULL,
    "personName" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("tokenHash")
);

-- CreateTable
CREATE TABLE "Key" (
    "fingerprint" TEXT NOT NULL,
    "personName" TEXT NOT NULL,
    "certificate" BYTEA NOT NULL,
    "state" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "provenAt" TIMESTAMP(3),

    CONSTRAINT "Key_pkey" PRIMARY KEY ("fingerprint")
);

-- CreateTable
CREATE TABLE "SigningKey" (
    "fingerprint" TEXT NOT NULL,
    "keyFingerprint" TEXT NOT NULL,

    CONSTRAINT "SigningKey_pkey" PRIMARY KEY ("fingerprint")
);

-- CreateTable
CREATE TABLE "KeyChallenge" (
    "id" TEXT NOT NULL,
    "keyFingerprint" TEXT NOT NULL,
    "personName" TEXT NOT NULL,
    "phrase" BYTEA NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "usedAt" TIMESTAMP(3),

    CONSTRAINT "KeyChallenge_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Project" (
    "name" TEXT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "policyInForce" INTEGER,

    CONSTRAINT "Project_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "Membership" (
    "projectName" TEXT NOT NULL,
    "personName" TEXT NOT NULL,
    "role" TEXT NOT NULL,

    CONSTRAINT "Membership_pkey" PRIMARY KEY ("projectName","personName")
);

-- CreateTable
CREATE TABLE "Policy" (
    "id" TEXT NOT NULL,
    "projectName" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "sha256" TEXT NOT NULL,
    "threshold" INTEGER NOT NULL,
    "proposedBy" TEXT NOT NULL,
    "proposedAt" TIMESTAMP(3) NOT NULL,
    "effectiveAt" TIMESTAMP(3),
    "openSlot" TEXT,
    "chainSlot" TEXT,

    CONSTRAINT "Policy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PolicySignature" (
    "packetSha256" TEXT NOT NULL,
    "policyId" TEXT NOT NULL,
    "packet" BYTEA NOT NULL,
    "personName" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "issuer" TEXT NOT NULL,
    "made" TIMESTAMP(3) NOT NULL,
    "received" TIMESTAMP(3) NOT NULL,
    "via" TEXT NOT NULL,

    CONSTRAINT "PolicySignature_pkey" PRIMARY KEY ("packetSha256")
);

-- CreateTable
CREATE TABLE "Invitation" (
    "id" TEXT NOT NULL,
    "projectName" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "invitedBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "revokedAt" TIMESTAMP(3),
    "acceptedAt" TIMESTAMP(3),
    "acceptedBy" TEXT,
    "key" TEXT,
    "admittedAt" TIMESTAMP(3),
    "openSlot" TEXT,

    CONSTRAINT "Invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Draft" (
    "id" TEXT NOT NULL,
    "projectName" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "versionKey" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "openedBy" TEXT NOT NULL,
    "openedAt" TIMESTAMP(3) NOT NULL,
    "deadline" TIMESTAMP(3) NOT NULL,
    "approvedAt" TIMESTAMP(3),
    "publishedAt" TIMESTAMP(3),
    "versionSlot" TEXT,
    "countersignerCode" TEXT,
    "countersignerSays" TEXT,
    "countersignerAt" TIMESTAMP(3),

    CONSTRAINT "Draft_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Revision" (
    "draftId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "statement" BYTEA NOT NULL,
    "sha256" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "createdBy" TEXT NOT NULL,

    CONSTRAINT "Revision_pkey" PRIMARY KEY ("draftId","number")
);

-- CreateTable
CREATE TABLE "DraftFile" (
    "id" TEXT NOT NULL,
    "draftId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "size" BIGINT NOT NULL,
    "blake2b256" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "metadataSha256" TEXT,
    "requiresPython" TEXT,
    "summary" TEXT,
    "addedBy" TEXT NOT NULL,
    "addedAt" TIMESTAMP(3) NOT NULL,
    "since" INTEGER NOT NULL,
    "until" INTEGER,
    "nameSlot" TEXT,

    CONSTRAINT "DraftFile_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PublishedFile" (
    "name" TEXT NOT NULL,
    "projectName" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "publishedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "PublishedFile_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "Signature" (
    "id" TEXT NOT NULL,
    "draftId" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "subject" TEXT NOT NULL,
    "fileSha256" TEXT,
    "fileName" TEXT,
    "packet" BYTEA NOT NULL,
    "packetSha256" TEXT NOT NULL,
    "personName" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "issuer" TEXT NOT NULL,
    "made" TIMESTAMP(3) NOT NULL,
    "received" TIMESTAMP(3) NOT NULL,
    "via" TEXT NOT NULL,
    "takenBackAt" TIMESTAMP(3),
    "countedSlot" TEXT,

    CONSTRAINT "Signature_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "HistoryEntry" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "projectName" TEXT,
    "draftId" TEXT,
    "personName" TEXT,
    "details" JSONB NOT NULL,

    CONSTRAINT "HistoryEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Mail" (
    "id" TEXT NOT NULL,
    "toAddress" TEXT NOT NULL,
    "toPerson" TEXT,
    "event" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "html" TEXT NOT NULL,
    "headers" JSONB NOT NULL,
    "messageId" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "nextAt" TIMESTAMP(3) NOT NULL,
    "claimedAt" TIMESTAMP(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "sentAt" TIMESTAMP(3),
    "lastError" TEXT,

    CONSTRAINT "Mail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Handback" (
    "id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "state" TEXT NOT NULL,
    "postedAt" TIMESTAMP(3) NOT NULL,
    "placedAt" TIMESTAMP(3),
    "error" TEXT,

    CONSTRAINT "Handback_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CountersignerContact" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "seenAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "CountersignerContact_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Address_personName_idx" ON "Address"("personName");

-- CreateIndex
CREATE INDEX "SignInLink_address_idx" ON "SignInLink"("address");

-- CreateIndex
CREATE INDEX "Session_personName_idx" ON "Session"("personName");

-- CreateIndex
CREATE INDEX "Key_personName_idx" ON "Key"("personName");

-- CreateIndex
CREATE INDEX "KeyChallenge_keyFingerprint_idx" ON "KeyChallenge"("keyFingerprint");

-- CreateIndex
CREATE INDEX "Membership_personName_idx" ON "Membership"("personName");

-- CreateIndex
CREATE UNIQUE INDEX "Policy_openSlot_key" ON "Policy"("openSlot");

-- CreateIndex
CREATE UNIQUE INDEX "Policy_chainSlot_key" ON "Policy"("chainSlot");

-- CreateIndex
CREATE INDEX "Policy_projectName_version_idx" ON "Policy"("projectName", "version");

-- CreateIndex
CREATE UNIQUE INDEX "PolicySignature_policyId_personName_key" ON "PolicySignature"("policyId", "personName");

-- CreateIndex
CREATE UNIQUE INDEX "Invitation_tokenHash_key" ON "Invitation"("tokenHash");

-- CreateIndex
CREATE UNIQUE INDEX "Invitation_openSlot_key" ON "Invitation"("openSlot");

-- CreateIndex
CREATE INDEX "Invitation_projectName_idx" ON "Invitation"("projectName");

-- CreateIndex
CREATE UNIQUE INDEX "Draft_versionSlot_key" ON "Draft"("versionSlot");

-- CreateIndex
CREATE INDEX "Draft_projectName_state_idx" ON "Draft"("projectName", "state");

-- CreateIndex
CREATE INDEX "Draft_state_idx" ON "Draft"("state");

-- CreateIndex
CREATE UNIQUE INDEX "DraftFile_nameSlot_key" ON "DraftFile"("nameSlot");

-- CreateIndex
CREATE INDEX "DraftFile_draftId_idx" ON "DraftFile"("draftId");

-- CreateIndex
CREATE INDEX "DraftFile_sha256_idx" ON "DraftFile"("sha256");

-- CreateIndex
CREATE UNIQUE INDEX "Signature_countedSlot_key" ON "Signature"("countedSlot");

-- CreateIndex
CREATE INDEX "Signature_packetSha256_idx" ON "Signature"("packetSha256");

-- CreateIndex
CREATE UNIQUE INDEX "Signature_draftId_packetSha256_key" ON "Signature"("draftId", "packetSha256");

-- CreateIndex
CREATE INDEX "HistoryEntry_projectName_id_idx" ON "HistoryEntry"("projectName", "id");

-- CreateIndex
CREATE INDEX "HistoryEntry_draftId_id_idx" ON "HistoryEntry"("draftId", "id");

-- CreateIndex
CREATE INDEX "HistoryEntry_personName_id_idx" ON "HistoryEntry"("personName", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Mail_messageId_key" ON "Mail"("messageId");

-- CreateIndex
CREATE INDEX "Mail_sentAt_nextAt_idx" ON "Mail"("sentAt", "nextAt");

-- CreateIndex
CREATE UNIQUE INDEX "Handback_sha256_key" ON "Handback"("sha256");

-- CreateIndex
CREATE INDEX "Handback_state_postedAt_idx" ON "Handback"("state", "postedAt");

-- AddForeignKey
ALTER TABLE "Address" ADD CONSTRAINT "Address_personName_fkey" FOREIGN KEY ("personName") REFERENCES "Person"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_personName_fkey" FOREIGN KEY ("personName") REFERENCES "Person"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Key" ADD CONSTRAINT "Key_personName_fkey" FOREIGN KEY ("personName") REFERENCES "Person"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SigningKey" ADD CONSTRAINT "SigningKey_keyFingerprint_fkey" FOREIGN KEY ("keyFingerprint") REFERENCES "Key"("fingerprint") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "KeyChallenge" ADD CONSTRAINT "KeyChallenge_keyFingerprint_fkey" FOREIGN KEY ("keyFingerprint") REFERENCES "Key"("fingerprint") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Membership" ADD CONSTRAINT "Membership_projectName_fkey" FOREIGN KEY ("projectName") REFERENCES "Project"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Policy" ADD CONSTRAINT "Policy_projectName_fkey" FOREIGN KEY ("projectName") REFERENCES "Project"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PolicySignature" ADD CONSTRAINT "PolicySignature_policyId_fkey" FOREIGN KEY ("policyId") REFERENCES "Policy"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Invitation" ADD CONSTRAINT "Invitation_projectName_fkey" FOREIGN KEY ("projectName") REFERENCES "Project"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Draft" ADD CONSTRAINT "Draft_projectName_fkey" FOREIGN KEY ("projectName") REFERENCES "Project"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Revision" ADD CONSTRAINT "Revision_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "Draft"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DraftFile" ADD CONSTRAINT "DraftFile_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "Draft"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Signature" ADD CONSTRAINT "Signature_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "Draft"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
