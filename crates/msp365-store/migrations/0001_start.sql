-- Tenants, streams and rows. `entries` names the rows by tenant, resource and key, and tells by a digest whether one
-- changed, so that an unchanged row is not written again. The newest rows of a table, those after `settled`, are not in
-- it yet: they are entered many at a time, in the order of their keys. `seen` holds for each page of a pass which rows it
-- brought, as ranges; its page 0 says that a sweep left only what the generation has seen.

CREATE TABLE tenants (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  default_domain TEXT,
  initial_domain TEXT,
  kind TEXT NOT NULL,
  in_partner_center INTEGER NOT NULL,
  in_gdap INTEGER NOT NULL,
  selected INTEGER NOT NULL,
  status TEXT NOT NULL,
  reason TEXT,
  remedy TEXT,
  findings TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  listed_at INTEGER,
  synced_at INTEGER
);

CREATE TABLE streams (
  tenant INTEGER NOT NULL REFERENCES tenants (row),
  resource INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  phase TEXT NOT NULL,
  cursor TEXT,
  fingerprint TEXT,
  begun_at INTEGER,
  fresh_as_of INTEGER,
  stale_because TEXT,
  PRIMARY KEY (tenant, resource)
);

CREATE TABLE entries (
  tenant INTEGER NOT NULL,
  resource INTEGER NOT NULL,
  key TEXT NOT NULL,
  row INTEGER NOT NULL,
  digest INTEGER NOT NULL,
  PRIMARY KEY (tenant, resource, key)
) WITHOUT ROWID;

CREATE TABLE settled (
  resource INTEGER PRIMARY KEY,
  row INTEGER NOT NULL
);

CREATE TABLE seen (
  tenant INTEGER NOT NULL,
  resource INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  page INTEGER NOT NULL,
  rows BLOB,
  PRIMARY KEY (tenant, resource, generation, page)
) WITHOUT ROWID;

CREATE TABLE odd_rows (
  row INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  stream INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  resource INTEGER NOT NULL,
  id TEXT,
  raw TEXT NOT NULL,
  problem TEXT NOT NULL
);
CREATE INDEX odd_rows_of_tenant ON odd_rows (tenant);

CREATE TABLE users (
  row INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  user_principal_name TEXT NOT NULL,
  display_name TEXT,
  given_name TEXT,
  surname TEXT,
  mail TEXT,
  mail_nickname TEXT,
  user_type TEXT,
  account_enabled INTEGER,
  job_title TEXT,
  department TEXT,
  company_name TEXT,
  office_location TEXT,
  city TEXT,
  country TEXT,
  usage_location TEXT,
  mobile_phone TEXT,
  business_phones TEXT,
  proxy_addresses TEXT,
  employee_id TEXT,
  on_premises_sync_enabled INTEGER,
  created_at INTEGER,
  last_password_change_at INTEGER,
  licenses TEXT
);

CREATE TABLE groups (
  row INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  display_name TEXT,
  description TEXT,
  mail TEXT,
  kind TEXT NOT NULL,
  security_enabled INTEGER,
  mail_enabled INTEGER,
  is_assignable_to_role INTEGER,
  on_premises_sync_enabled INTEGER,
  is_dynamic INTEGER NOT NULL
);

CREATE TABLE memberships (
  row INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  group_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  member_type TEXT NOT NULL
);
CREATE INDEX memberships_by_member ON memberships (tenant, member_id);

CREATE TABLE role_assignments (
  row INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  principal_id TEXT NOT NULL,
  role_definition_id TEXT NOT NULL,
  role_name TEXT,
  directory_scope_id TEXT
);
CREATE INDEX role_assignments_by_principal ON role_assignments (tenant, principal_id);

CREATE TABLE licenses (
  row INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  sku_id TEXT NOT NULL,
  sku_part_number TEXT,
  applies_to TEXT,
  capability_status TEXT,
  consumed INTEGER NOT NULL,
  enabled INTEGER NOT NULL,
  warning INTEGER NOT NULL,
  suspended INTEGER NOT NULL,
  locked_out INTEGER NOT NULL
);

CREATE TABLE devices (
  row INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  device_id TEXT,
  display_name TEXT,
  operating_system TEXT,
  operating_system_version TEXT,
  trust_type TEXT,
  is_compliant INTEGER,
  is_managed INTEGER,
  account_enabled INTEGER,
  manufacturer TEXT,
  model TEXT,
  last_sign_in_at INTEGER,
  registered_at INTEGER
);

CREATE TABLE managed_devices (
  row INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  azure_ad_device_id TEXT,
  device_name TEXT,
  serial_number TEXT,
  operating_system TEXT,
  os_version TEXT,
  compliance_state TEXT,
  user_principal_name TEXT,
  user_id TEXT,
  manufacturer TEXT,
  model TEXT,
  last_sync_at INTEGER,
  enrolled_at INTEGER
);

CREATE TABLE sign_ins (
  row INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  last_sign_in_at INTEGER,
  last_non_interactive_at INTEGER,
  last_successful_at INTEGER
);
CREATE UNIQUE INDEX sign_ins_by_user ON sign_ins (tenant, user_id);

CREATE TABLE mailboxes (
  row INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  user_principal_name TEXT NOT NULL,
  display_name TEXT,
  last_activity_on TEXT,
  item_count INTEGER,
  storage_used_bytes INTEGER,
  is_deleted INTEGER,
  report_refreshed_on TEXT
);

CREATE TABLE matches (
  row INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  tenant_id TEXT,
  ours TEXT NOT NULL,
  theirs TEXT,
  verdict TEXT NOT NULL,
  score REAL NOT NULL,
  evidence TEXT NOT NULL
);
CREATE INDEX matches_of_kind ON matches (kind);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  report TEXT
);

CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- A removed record has no bytes; its version goes on with the next record of the name.
CREATE TABLE sealed (
  name TEXT PRIMARY KEY,
  key_id TEXT NOT NULL,
  bytes BLOB,
  version INTEGER NOT NULL
) WITHOUT ROWID;
