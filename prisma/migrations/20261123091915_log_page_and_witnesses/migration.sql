-- AlterTable
ALTER TABLE "LogEntry" ADD COLUMN     "knownAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "projectName" TEXT,
ADD COLUMN     "state" TEXT;

-- CreateTable
CREATE TABLE "Cosignature" (
    "witness" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "line" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Cosignature_pkey" PRIMARY KEY ("witness")
);

-- CreateIndex
CREATE INDEX "LogEntry_projectName_index_idx" ON "LogEntry"("projectName", "index");

-- The log is only appended to, in these rows as in its tiles.
CREATE FUNCTION "refuse_log_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the log is only appended to';
END
$$;

CREATE TRIGGER "LogEntry_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "LogEntry"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_log_change"();

ALTER TABLE "LogEntry"
  ADD CONSTRAINT "LogEntry_index_from_zero" CHECK ("index" >= 0),
  ADD CONSTRAINT "LogEntry_digest_form" CHECK ("sha256" ~ '^[0-9a-f]{64}$');

ALTER TABLE "Cosignature"
  ADD CONSTRAINT "Cosignature_size" CHECK ("size" >= 1),
  ADD CONSTRAINT "Cosignature_one_line" CHECK ("line" ~ '^— [^\s+]+ [A-Za-z0-9+/=]+$');
