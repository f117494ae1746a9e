-- AlterTable
ALTER TABLE "Draft" ADD COLUMN     "remindAt" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "ReminderRules" (
    "projectName" TEXT NOT NULL,
    "firstAfterDays" INTEGER NOT NULL,
    "thenEveryDays" INTEGER NOT NULL,
    "atMost" INTEGER NOT NULL,
    "deadlineDays" INTEGER NOT NULL,
    "warnDaysBefore" INTEGER NOT NULL,
    "changedBy" TEXT NOT NULL,
    "changedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "ReminderRules_pkey" PRIMARY KEY ("projectName")
);

-- CreateTable
CREATE TABLE "Reminder" (
    "draftId" TEXT NOT NULL,
    "personName" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "askedBy" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "sentAt" TIMESTAMP(3),

    CONSTRAINT "Reminder_pkey" PRIMARY KEY ("draftId","personName","kind","number")
);

-- CreateTable
CREATE TABLE "DraftSilence" (
    "draftId" TEXT NOT NULL,
    "personName" TEXT NOT NULL,
    "until" TIMESTAMP(3),
    "setAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "DraftSilence_pkey" PRIMARY KEY ("draftId","personName")
);

-- CreateIndex
CREATE INDEX "Draft_state_remindAt_idx" ON "Draft"("state", "remindAt");

-- AddForeignKey
ALTER TABLE "ReminderRules" ADD CONSTRAINT "ReminderRules_projectName_fkey" FOREIGN KEY ("projectName") REFERENCES "Project"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Reminder" ADD CONSTRAINT "Reminder_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "Draft"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DraftSilence" ADD CONSTRAINT "DraftSilence_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "Draft"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma has no word for: the bounds of the rules, what belongs together; and two more horizons for keys that end.
ALTER TABLE "ReminderRules"
  ADD CONSTRAINT "ReminderRules_days" CHECK ("firstAfterDays" BETWEEN 1 AND 60 AND "thenEveryDays" BETWEEN 1 AND 60),
  ADD CONSTRAINT "ReminderRules_at_most" CHECK ("atMost" BETWEEN 0 AND 20),
  ADD CONSTRAINT "ReminderRules_deadline" CHECK ("deadlineDays" BETWEEN 1 AND 180),
  ADD CONSTRAINT "ReminderRules_warning" CHECK ("warnDaysBefore" >= 0 AND "warnDaysBefore" < "deadlineDays");

ALTER TABLE "Reminder"
  ADD CONSTRAINT "Reminder_kind" CHECK ("kind" IN ('due', 'deadline', 'asked')),
  ADD CONSTRAINT "Reminder_number" CHECK ("number" BETWEEN 1 AND 1000 AND ("kind" <> 'deadline' OR "number" = 1)),
  ADD CONSTRAINT "Reminder_asked_by" CHECK (("kind" = 'asked') = ("askedBy" IS NOT NULL)),
  ADD CONSTRAINT "Reminder_waits_asked" CHECK ("sentAt" IS NOT NULL OR "kind" = 'asked');

ALTER TABLE "DraftSilence" ADD CONSTRAINT "DraftSilence_until" CHECK ("until" > "setAt");

ALTER TABLE "KeyNotice"
  DROP CONSTRAINT "KeyNotice_horizon",
  ADD CONSTRAINT "KeyNotice_horizon" CHECK ("horizonDays" IN (3, 7, 14, 30));
