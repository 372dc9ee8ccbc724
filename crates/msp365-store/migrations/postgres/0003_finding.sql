-- What lists of users are filtered and sorted by beside the columns of their rows: products by name (part of the row),
-- the roles as of the last finished pass, the latest sign-in. Indexes for lists are made when they are first needed.

-- A text without letter case; the two small sigmas are one.
CREATE FUNCTION folded(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT translate(lower(coalesce($1, '') COLLATE "und-x-icu"), 'ς', 'σ') COLLATE "C" $$;
-- As much of it as an index can hold.
CREATE FUNCTION sort_key(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT left(translate(lower(coalesce($1, '') COLLATE "und-x-icu"), 'ς', 'σ') COLLATE "C", 500) $$;

ALTER TABLE users ADD COLUMN products TEXT COLLATE "C";
ALTER TABLE users ADD COLUMN roles TEXT COLLATE "C";
ALTER TABLE users ADD COLUMN last_sign_in_at BIGINT;
UPDATE users u SET last_sign_in_at = greatest(s.last_sign_in_at, s.last_non_interactive_at, s.last_successful_at)
  FROM sign_ins s WHERE s.tenant = u.tenant AND s.key = u.key;
UPDATE users u SET roles = h.roles FROM (
  SELECT tenant, id, string_agg(name, '; ' ORDER BY name COLLATE "C") AS roles FROM (
    SELECT a.tenant, a.principal_id AS id, replace(coalesce(a.role_name, a.role_definition_id), ';', ',') AS name
      FROM role_assignments a
    UNION
    SELECT a.tenant, m.member_id, replace(coalesce(a.role_name, a.role_definition_id), ';', ',')
      FROM role_assignments a JOIN memberships m ON m.tenant = a.tenant AND m.group_id = a.principal_id) held
  GROUP BY tenant, id) h
  WHERE h.tenant = u.tenant AND h.id = u.key;
CREATE INDEX users_with_roles ON users (tenant, key) WHERE roles IS NOT NULL;
CREATE TABLE viewed_users (
  technician TEXT COLLATE "C" NOT NULL,
  tenant TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (technician, tenant, id)
);
