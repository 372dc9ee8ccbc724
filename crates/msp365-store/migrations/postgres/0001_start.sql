-- Tenants, streams and rows. A row is named by its tenant and key; its digest tells whether it changed, so that an
-- unchanged row is not written again. `seen` holds for each page of a pass which rows it brought, as ranges; its page 0
-- says that a sweep left only what the generation has seen. Text is ordered by its bytes, as everywhere else.

CREATE TABLE tenants (
  row BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id TEXT COLLATE "C" NOT NULL UNIQUE,
  name TEXT COLLATE "C" NOT NULL,
  default_domain TEXT COLLATE "C",
  initial_domain TEXT COLLATE "C",
  kind TEXT COLLATE "C" NOT NULL,
  in_partner_center BOOLEAN NOT NULL,
  in_gdap BOOLEAN NOT NULL,
  selected BOOLEAN NOT NULL,
  status TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C",
  remedy TEXT COLLATE "C",
  findings TEXT COLLATE "C" NOT NULL,
  epoch BIGINT NOT NULL,
  listed_at BIGINT,
  synced_at BIGINT
);

CREATE TABLE streams (
  tenant BIGINT NOT NULL REFERENCES tenants (row),
  resource BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  phase TEXT COLLATE "C" NOT NULL,
  cursor TEXT COLLATE "C",
  fingerprint TEXT COLLATE "C",
  begun_at BIGINT,
  fresh_as_of BIGINT,
  stale_because TEXT COLLATE "C",
  PRIMARY KEY (tenant, resource)
);

CREATE TABLE seen (
  tenant BIGINT NOT NULL,
  resource BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  page BIGINT NOT NULL,
  rows BYTEA,
  PRIMARY KEY (tenant, resource, generation, page)
);

CREATE TABLE odd_rows (
  row BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant BIGINT NOT NULL,
  stream BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  resource BIGINT NOT NULL,
  id TEXT COLLATE "C",
  raw TEXT COLLATE "C" NOT NULL,
  problem TEXT COLLATE "C" NOT NULL
);
CREATE INDEX odd_rows_of_tenant ON odd_rows (tenant);

CREATE TABLE users (
  row BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
  tenant BIGINT NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  digest BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  user_principal_name TEXT COLLATE "C" NOT NULL,
  display_name TEXT COLLATE "C",
  given_name TEXT COLLATE "C",
  surname TEXT COLLATE "C",
  mail TEXT COLLATE "C",
  mail_nickname TEXT COLLATE "C",
  user_type TEXT COLLATE "C",
  account_enabled BIGINT,
  job_title TEXT COLLATE "C",
  department TEXT COLLATE "C",
  company_name TEXT COLLATE "C",
  office_location TEXT COLLATE "C",
  city TEXT COLLATE "C",
  country TEXT COLLATE "C",
  usage_location TEXT COLLATE "C",
  mobile_phone TEXT COLLATE "C",
  business_phones TEXT COLLATE "C",
  proxy_addresses TEXT COLLATE "C",
  employee_id TEXT COLLATE "C",
  on_premises_sync_enabled BIGINT,
  created_at BIGINT,
  last_password_change_at BIGINT,
  licenses TEXT COLLATE "C",
  PRIMARY KEY (tenant, key)
);

CREATE TABLE groups (
  row BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
  tenant BIGINT NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  digest BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  display_name TEXT COLLATE "C",
  description TEXT COLLATE "C",
  mail TEXT COLLATE "C",
  kind TEXT COLLATE "C" NOT NULL,
  security_enabled BIGINT,
  mail_enabled BIGINT,
  is_assignable_to_role BIGINT,
  on_premises_sync_enabled BIGINT,
  is_dynamic BIGINT NOT NULL,
  PRIMARY KEY (tenant, key)
);

CREATE TABLE memberships (
  row BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
  tenant BIGINT NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  digest BIGINT NOT NULL,
  group_id TEXT COLLATE "C" NOT NULL,
  member_id TEXT COLLATE "C" NOT NULL,
  member_type TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, key)
);
CREATE INDEX memberships_by_member ON memberships (tenant, member_id);

CREATE TABLE role_assignments (
  row BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
  tenant BIGINT NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  digest BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  principal_id TEXT COLLATE "C" NOT NULL,
  role_definition_id TEXT COLLATE "C" NOT NULL,
  role_name TEXT COLLATE "C",
  directory_scope_id TEXT COLLATE "C",
  PRIMARY KEY (tenant, key)
);
CREATE INDEX role_assignments_by_principal ON role_assignments (tenant, principal_id);

CREATE TABLE licenses (
  row BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
  tenant BIGINT NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  digest BIGINT NOT NULL,
  sku_id TEXT COLLATE "C" NOT NULL,
  sku_part_number TEXT COLLATE "C",
  applies_to TEXT COLLATE "C",
  capability_status TEXT COLLATE "C",
  consumed BIGINT NOT NULL,
  enabled BIGINT NOT NULL,
  warning BIGINT NOT NULL,
  suspended BIGINT NOT NULL,
  locked_out BIGINT NOT NULL,
  PRIMARY KEY (tenant, key)
);

CREATE TABLE devices (
  row BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
  tenant BIGINT NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  digest BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  device_id TEXT COLLATE "C",
  display_name TEXT COLLATE "C",
  operating_system TEXT COLLATE "C",
  operating_system_version TEXT COLLATE "C",
  trust_type TEXT COLLATE "C",
  is_compliant BIGINT,
  is_managed BIGINT,
  account_enabled BIGINT,
  manufacturer TEXT COLLATE "C",
  model TEXT COLLATE "C",
  last_sign_in_at BIGINT,
  registered_at BIGINT,
  PRIMARY KEY (tenant, key)
);

CREATE TABLE managed_devices (
  row BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
  tenant BIGINT NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  digest BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  azure_ad_device_id TEXT COLLATE "C",
  device_name TEXT COLLATE "C",
  serial_number TEXT COLLATE "C",
  operating_system TEXT COLLATE "C",
  os_version TEXT COLLATE "C",
  compliance_state TEXT COLLATE "C",
  user_principal_name TEXT COLLATE "C",
  user_id TEXT COLLATE "C",
  manufacturer TEXT COLLATE "C",
  model TEXT COLLATE "C",
  last_sync_at BIGINT,
  enrolled_at BIGINT,
  PRIMARY KEY (tenant, key)
);

CREATE TABLE sign_ins (
  row BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
  tenant BIGINT NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  digest BIGINT NOT NULL,
  user_id TEXT COLLATE "C" NOT NULL,
  last_sign_in_at BIGINT,
  last_non_interactive_at BIGINT,
  last_successful_at BIGINT,
  PRIMARY KEY (tenant, key)
);

CREATE TABLE mailboxes (
  row BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
  tenant BIGINT NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  digest BIGINT NOT NULL,
  user_principal_name TEXT COLLATE "C" NOT NULL,
  display_name TEXT COLLATE "C",
  last_activity_on TEXT COLLATE "C",
  item_count BIGINT,
  storage_used_bytes BIGINT,
  is_deleted BIGINT,
  report_refreshed_on TEXT COLLATE "C",
  PRIMARY KEY (tenant, key)
);

CREATE TABLE matches (
  row BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL,
  tenant_id TEXT COLLATE "C",
  ours TEXT COLLATE "C" NOT NULL,
  theirs TEXT COLLATE "C",
  verdict TEXT COLLATE "C" NOT NULL,
  score DOUBLE PRECISION NOT NULL,
  evidence TEXT COLLATE "C" NOT NULL,
  standing TEXT COLLATE "C" NOT NULL
);
CREATE INDEX matches_of_kind ON matches (kind);

-- What people said of pairs. An absent id of theirs is stored as empty text, so that it can be part of the key.
CREATE TABLE decisions (
  kind TEXT COLLATE "C" NOT NULL,
  ours TEXT COLLATE "C" NOT NULL,
  theirs TEXT COLLATE "C" NOT NULL,
  said TEXT COLLATE "C" NOT NULL,
  said_by TEXT COLLATE "C" NOT NULL,
  said_at TEXT COLLATE "C" NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (kind, ours, theirs)
);

CREATE TABLE runs (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT,
  report TEXT COLLATE "C"
);

CREATE TABLE meta (
  name TEXT COLLATE "C" PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);

-- A removed record has no bytes; its version goes on with the next record of the name.
CREATE TABLE sealed (
  name TEXT COLLATE "C" PRIMARY KEY,
  key_id TEXT COLLATE "C" NOT NULL,
  bytes BYTEA,
  version BIGINT NOT NULL
);
