-- What a token of a person can be made for: reading projects, looking after drafts, one's own account.
ALTER TABLE "PersonToken" DROP CONSTRAINT "PersonToken_scopes";
ALTER TABLE "PersonToken"
  ADD CONSTRAINT "PersonToken_scopes" CHECK (CASE WHEN jsonb_typeof("scopes") = 'array' THEN jsonb_array_length("scopes") > 0 AND "scopes" <@ '["queue", "read", "sign", "upload", "manage", "account"]' ELSE false END);
