-- What Prisma has no word for: the forms of names and digests, the known states, and that history is only appended to.
-- The forms repeat lib/core/ids.ts on purpose: a row that code forgot to check is refused here (tests/server/constraints.test.ts).

ALTER TABLE "Instance"
  ADD CONSTRAINT "Instance_one_row" CHECK ("id" = 1),
  ADD CONSTRAINT "Instance_name_form" CHECK ("indexName" ~ '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?$');

ALTER TABLE "Person" ADD CONSTRAINT "Person_name_form" CHECK ("name" ~ '^[a-z](-?[a-z0-9])+$' AND length("name") <= 39);

ALTER TABLE "Address" ADD CONSTRAINT "Address_form" CHECK ("address" ~ '^[!-?A-~]+@[!-?A-~]+$' AND "address" = lower("address"));

ALTER TABLE "SignInLink"
  ADD CONSTRAINT "SignInLink_hash_form" CHECK ("tokenHash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "SignInLink_same_site" CHECK ("returnTo" ~ '^/([^/\\]|$)'),
  ADD CONSTRAINT "SignInLink_ends" CHECK ("expiresAt" > "createdAt");

ALTER TABLE "Session"
  ADD CONSTRAINT "Session_hash_form" CHECK ("tokenHash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "Session_ends" CHECK ("expiresAt" > "createdAt");

ALTER TABLE "Key"
  ADD CONSTRAINT "Key_fingerprint_form" CHECK ("fingerprint" ~ '^([0-9A-F]{40}|[0-9A-F]{64})$'),
  ADD CONSTRAINT "Key_state" CHECK ("state" IN ('unproven', 'active', 'lost')),
  ADD CONSTRAINT "Key_active_is_proven" CHECK ("state" <> 'active' OR "provenAt" IS NOT NULL);

ALTER TABLE "SigningKey" ADD CONSTRAINT "SigningKey_fingerprint_form" CHECK ("fingerprint" ~ '^([0-9A-F]{40}|[0-9A-F]{64})$');

ALTER TABLE "KeyChallenge" ADD CONSTRAINT "KeyChallenge_ends" CHECK ("expiresAt" > "createdAt");

ALTER TABLE "Project"
  ADD CONSTRAINT "Project_name_form" CHECK ("name" ~ '^[a-z0-9](-?[a-z0-9])*$' AND length("name") <= 100),
  ADD CONSTRAINT "Project_policy_number" CHECK ("policyInForce" >= 1);

ALTER TABLE "Membership" ADD CONSTRAINT "Membership_role" CHECK ("role" IN ('owner', 'maintainer'));

ALTER TABLE "Policy"
  ADD CONSTRAINT "Policy_threshold" CHECK ("threshold" >= 1),
  ADD CONSTRAINT "Policy_version" CHECK ("version" >= 1),
  ADD CONSTRAINT "Policy_digest_form" CHECK ("sha256" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "Policy_state" CHECK ("state" IN ('open', 'in-force', 'superseded', 'withdrawn')),
  ADD CONSTRAINT "Policy_open_slot" CHECK ("openSlot" IS NOT DISTINCT FROM CASE WHEN "state" = 'open' THEN "projectName" END),
  ADD CONSTRAINT "Policy_chain_slot" CHECK ("chainSlot" IS NOT DISTINCT FROM CASE WHEN "state" IN ('in-force', 'superseded') THEN "projectName" || '@' || "version" END);

ALTER TABLE "PolicySignature"
  ADD CONSTRAINT "PolicySignature_digest_form" CHECK ("packetSha256" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "PolicySignature_key_form" CHECK ("key" ~ '^([0-9A-F]{40}|[0-9A-F]{64})$' AND "issuer" ~ '^([0-9A-F]{40}|[0-9A-F]{64})$');

ALTER TABLE "Invitation"
  ADD CONSTRAINT "Invitation_hash_form" CHECK ("tokenHash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "Invitation_role" CHECK ("role" IN ('owner', 'maintainer')),
  ADD CONSTRAINT "Invitation_accepted_whole" CHECK (("acceptedAt" IS NULL) = ("acceptedBy" IS NULL)),
  ADD CONSTRAINT "Invitation_open_slot" CHECK ("openSlot" IS NULL OR ("openSlot" = "projectName" || ':' || "address" AND "acceptedAt" IS NULL AND "revokedAt" IS NULL));

ALTER TABLE "Draft"
  ADD CONSTRAINT "Draft_id_form" CHECK ("id" ~ '^[0-9a-f]{12}$'),
  ADD CONSTRAINT "Draft_revision" CHECK ("revision" >= 1),
  ADD CONSTRAINT "Draft_state" CHECK ("state" IN ('draft', 'approved', 'published', 'withdrawn', 'expired', 'quarantined')),
  ADD CONSTRAINT "Draft_published_whole" CHECK (("state" IN ('published', 'quarantined')) = ("publishedAt" IS NOT NULL)),
  ADD CONSTRAINT "Draft_version_slot" CHECK ("versionSlot" IS NOT DISTINCT FROM CASE WHEN "state" NOT IN ('withdrawn', 'expired') THEN "projectName" || '@' || "versionKey" END);

ALTER TABLE "Revision"
  ADD CONSTRAINT "Revision_number" CHECK ("number" >= 1),
  ADD CONSTRAINT "Revision_digest_form" CHECK ("sha256" ~ '^[0-9a-f]{64}$');

ALTER TABLE "DraftFile"
  ADD CONSTRAINT "DraftFile_name_form" CHECK ("name" ~ '^[A-Za-z0-9_][A-Za-z0-9._+!-]*$' AND length("name") <= 200),
  ADD CONSTRAINT "DraftFile_digest_form" CHECK ("sha256" ~ '^[0-9a-f]{64}$' AND "blake2b256" ~ '^[0-9a-f]{64}$' AND ("metadataSha256" IS NULL OR "metadataSha256" ~ '^[0-9a-f]{64}$')),
  ADD CONSTRAINT "DraftFile_size" CHECK ("size" >= 0),
  ADD CONSTRAINT "DraftFile_kind" CHECK ("kind" IN ('wheel', 'sdist')),
  ADD CONSTRAINT "DraftFile_revisions" CHECK ("since" >= 1 AND ("until" IS NULL OR "until" >= "since")),
  ADD CONSTRAINT "DraftFile_name_slot" CHECK ("nameSlot" IS NULL OR "nameSlot" = "draftId" || ':' || "name"),
  ADD CONSTRAINT "DraftFile_name_slot_current" CHECK (("nameSlot" IS NULL) = ("until" IS NOT NULL));

ALTER TABLE "PublishedFile" ADD CONSTRAINT "PublishedFile_digest_form" CHECK ("sha256" ~ '^[0-9a-f]{64}$');

ALTER TABLE "Signature"
  ADD CONSTRAINT "Signature_revision" CHECK ("revision" >= 1),
  ADD CONSTRAINT "Signature_subject" CHECK (("subject" = 'statement' AND "fileSha256" IS NULL) OR ("subject" = 'file' AND "fileSha256" IS NOT NULL AND "fileSha256" ~ '^[0-9a-f]{64}$')),
  ADD CONSTRAINT "Signature_digest_form" CHECK ("packetSha256" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "Signature_key_form" CHECK ("key" ~ '^([0-9A-F]{40}|[0-9A-F]{64})$' AND "issuer" ~ '^([0-9A-F]{40}|[0-9A-F]{64})$'),
  ADD CONSTRAINT "Signature_counted_slot" CHECK ("countedSlot" IS NULL OR ("takenBackAt" IS NULL AND "countedSlot" = "draftId" || ':' || "subject" || ':' || COALESCE("fileSha256", "revision"::text) || ':' || "personName"));

ALTER TABLE "Mail"
  ADD CONSTRAINT "Mail_one_line" CHECK ("subject" !~ '[\r\n]' AND "toAddress" ~ '^[!-?A-~]+@[!-?A-~]+$'),
  ADD CONSTRAINT "Mail_attempts" CHECK ("attempts" >= 0);

ALTER TABLE "Handback"
  ADD CONSTRAINT "Handback_digest_form" CHECK ("sha256" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "Handback_state" CHECK ("state" IN ('posted', 'placed', 'refused'));

ALTER TABLE "CountersignerContact" ADD CONSTRAINT "CountersignerContact_one_row" CHECK ("id" = 1);

CREATE FUNCTION "refuse_history_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'history is only appended to';
END
$$;

CREATE TRIGGER "HistoryEntry_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "HistoryEntry"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_history_change"();
