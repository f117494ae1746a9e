-- CreateIndex
CREATE INDEX "HistoryEntry_actor_id_idx" ON "HistoryEntry"("actor", "id");
