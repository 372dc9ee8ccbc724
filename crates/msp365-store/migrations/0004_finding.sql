-- What is read of matches for one user's cards.
CREATE INDEX matches_of_ours ON matches (kind, tenant_id, ours);
CREATE INDEX matches_of_theirs ON matches (kind, theirs);
-- What lists of users are filtered and sorted by beside the columns of their rows: products by name (part of the row),
-- the roles as of the last finished pass, the latest sign-in, and the latest
-- that succeeded. Indexes for lists are made when they are first needed.
ALTER TABLE users ADD COLUMN products TEXT;
ALTER TABLE users ADD COLUMN roles TEXT;
ALTER TABLE users ADD COLUMN last_sign_in_at INTEGER;
ALTER TABLE users ADD COLUMN last_successful_sign_in_at INTEGER;
UPDATE users SET last_sign_in_at = (
  SELECT nullif(max(coalesce(s.last_sign_in_at, -1000000000000000000),
    coalesce(s.last_non_interactive_at, -1000000000000000000),
    coalesce(s.last_successful_at, -1000000000000000000)), -1000000000000000000)
  FROM sign_ins s WHERE s.tenant = users.tenant AND s.user_id = users.id),
  last_successful_sign_in_at = (
  SELECT s.last_successful_at FROM sign_ins s WHERE s.tenant = users.tenant AND s.user_id = users.id);
UPDATE users SET roles = (
  SELECT group_concat(name, '; ') FROM (
    SELECT DISTINCT replace(coalesce(a.role_name, a.role_definition_id), ';', ',')
      || CASE coalesce(a.directory_scope_id, '/') WHEN '/' THEN '' ELSE ' (scoped)' END AS name FROM role_assignments a
    WHERE a.tenant = users.tenant AND (a.principal_id = users.id
      OR a.principal_id IN (SELECT group_id FROM memberships m WHERE m.tenant = users.tenant AND m.member_id = users.id))
    ORDER BY 1));
CREATE INDEX users_with_roles ON users (tenant, id) WHERE roles IS NOT NULL;
CREATE TABLE viewed_users (
  technician TEXT NOT NULL,
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (technician, tenant, id)
) WITHOUT ROWID;
