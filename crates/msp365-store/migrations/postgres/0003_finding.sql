-- What is read of matches for one user's cards.
CREATE INDEX matches_of_ours ON matches (kind, tenant_id, ours);
CREATE INDEX matches_of_theirs ON matches (kind, theirs);
-- What lists of users are filtered and sorted by beside the columns of their rows: products by name (part of the row),
-- the roles as of the last finished pass, the latest sign-in, and the latest
-- that succeeded. Indexes for lists are made when they are first needed.

-- A text without letter case; the two small sigmas are one.
CREATE FUNCTION folded(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT translate(lower(coalesce($1, '') COLLATE "und-x-icu"), 'ς', 'σ') COLLATE "C" $$;
-- As much of it as an index can hold.
CREATE FUNCTION sort_key(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT left(translate(lower(coalesce($1, '') COLLATE "und-x-icu"), 'ς', 'σ') COLLATE "C", 500) $$;
-- The texts of a JSON array as one text, with U+001F between them. Without a backslash nothing in it is escaped. The
-- character NUL is written as other texts write it. Neither calls another of these functions: where indexes are made, the
-- search path is not that of the session.
CREATE FUNCTION listed(text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF $1 IS NULL OR length($1) < 4 THEN
    RETURN '';
  END IF;
  IF strpos($1, '\') = 0 THEN
    RETURN replace(substr($1, 3, length($1) - 4), '","', E'\x1f');
  END IF;
  RETURN (SELECT string_agg(part, E'\x1f' ORDER BY place) FROM json_array_elements_text(
    regexp_replace($1, '(?<!\\)((?:\\\\)*)\\u0000', E'\\1\U0010FFFF0', 'g')::json) WITH ORDINALITY AS x (part, place));
END $$;
-- The same without what says of what kind an address is: `SMTP:`, `smtp:`, `x500:`.
CREATE FUNCTION bare(text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  joined text;
  short text;
BEGIN
  IF $1 IS NULL OR length($1) < 4 THEN
    RETURN '';
  END IF;
  IF strpos($1, '\') = 0 THEN
    joined := replace(substr($1, 3, length($1) - 4), '","', E'\x1f');
  ELSE
    joined := (SELECT string_agg(part, E'\x1f' ORDER BY place) FROM json_array_elements_text(
      regexp_replace($1, '(?<!\\)((?:\\\\)*)\\u0000', E'\\1\U0010FFFF0', 'g')::json) WITH ORDINALITY AS x (part, place));
  END IF;
  -- As a rule there are addresses of mail alone.
  short := replace(lower((E'\x1f' || joined) COLLATE "C"), E'\x1fsmtp:', E'\x1f');
  IF strpos(short, ':') = 0 THEN
    RETURN substr(short, 2);
  END IF;
  RETURN regexp_replace(joined, E'(^|\x1f)[A-Za-z0-9]+:', '\1', 'g');
END $$;

ALTER TABLE users ADD COLUMN products TEXT COLLATE "C";
ALTER TABLE users ADD COLUMN roles TEXT COLLATE "C";
ALTER TABLE users ADD COLUMN last_sign_in_at BIGINT;
ALTER TABLE users ADD COLUMN last_successful_sign_in_at BIGINT;
UPDATE users u SET last_sign_in_at = greatest(s.last_sign_in_at, s.last_non_interactive_at, s.last_successful_at),
    last_successful_sign_in_at = s.last_successful_at
  FROM sign_ins s WHERE s.tenant = u.tenant AND s.key = u.key;
UPDATE users u SET roles = h.roles FROM (
  SELECT tenant, id, string_agg(name, '; ' ORDER BY name COLLATE "C") AS roles FROM (
    SELECT a.tenant, a.principal_id AS id, replace(coalesce(a.role_name, a.role_definition_id), ';', ',')
      || CASE coalesce(a.directory_scope_id, '/') WHEN '/' THEN '' ELSE ' (scoped)' END AS name
      FROM role_assignments a
    UNION
    SELECT a.tenant, m.member_id, replace(coalesce(a.role_name, a.role_definition_id), ';', ',')
      || CASE coalesce(a.directory_scope_id, '/') WHEN '/' THEN '' ELSE ' (scoped)' END
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
