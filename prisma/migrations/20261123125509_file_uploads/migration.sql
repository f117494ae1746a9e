-- CreateTable
CREATE TABLE "FileUpload" (
    "id" TEXT NOT NULL,
    "personName" TEXT NOT NULL,
    "projectName" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "size" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "storedAt" TIMESTAMP(3),
    "writer" TEXT,

    CONSTRAINT "FileUpload_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "FileUpload_personName_idx" ON "FileUpload"("personName");

-- CreateIndex
CREATE INDEX "FileUpload_sha256_idx" ON "FileUpload"("sha256");

-- CreateIndex
CREATE INDEX "FileUpload_expiresAt_idx" ON "FileUpload"("expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "FileUpload_projectName_personName_name_sha256_key" ON "FileUpload"("projectName", "personName", "name", "sha256");

-- AddForeignKey
ALTER TABLE "FileUpload" ADD CONSTRAINT "FileUpload_personName_fkey" FOREIGN KEY ("personName") REFERENCES "Person"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "FileUpload" ADD CONSTRAINT "FileUpload_projectName_fkey" FOREIGN KEY ("projectName") REFERENCES "Project"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "FileUpload"
  ADD CONSTRAINT "FileUpload_id_form" CHECK ("id" ~ '^[A-Za-z0-9_-]{43}$'),
  ADD CONSTRAINT "FileUpload_name_form" CHECK ("name" ~ '^[A-Za-z0-9_][A-Za-z0-9._+!-]{0,199}$'),
  ADD CONSTRAINT "FileUpload_size" CHECK ("size" > 0),
  ADD CONSTRAINT "FileUpload_digest_form" CHECK ("sha256" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "FileUpload_ends" CHECK ("expiresAt" > "createdAt");
