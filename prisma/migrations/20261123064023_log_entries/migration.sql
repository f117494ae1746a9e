-- CreateTable
CREATE TABLE "LogEntry" (
    "index" INTEGER NOT NULL,
    "path" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "LogEntry_pkey" PRIMARY KEY ("index")
);

-- CreateIndex
CREATE INDEX "LogEntry_path_idx" ON "LogEntry"("path");
