//! What a scenario file may hold.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::Deserialize;
use toml::{Spanned, Value, value::Datetime};

use crate::world::{Trouble, machines::Platform, plan::WorldPlan};

/// A text that knows where it stands, so that what is wrong with it can be told with its line.
pub(super) type Word = Spanned<String>;

/// A whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) seed: Option<u64>,
    pub(super) start: Option<Spanned<Datetime>>,
    pub(super) latency_ms: Option<u64>,
    pub(super) throttle: Option<Throttling>,
    #[serde(default)]
    pub(super) faults: Vec<Word>,
    pub(super) consent_takes: Option<Word>,
    pub(super) replication_takes: Option<Word>,
    pub(super) world: Option<Spanned<WorldPlan>>,
    #[serde(default)]
    pub(super) apps: Apps,
    #[serde(default)]
    pub(super) customers: Vec<Customer>,
    #[serde(default)]
    pub(super) changes: Vec<Change>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Throttling {
    Documented,
    Off,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Apps {
    pub(super) delegated: App,
    pub(super) app_only: App,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct App {
    pub(super) client_id: Option<Word>,
    pub(super) secret: Option<SecretString>,
    /// When the secret ends.
    pub(super) secret_ends: Option<Word>,
    pub(super) name: Option<String>,
    pub(super) redirect_uris: Vec<Word>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Customer {
    pub(super) name: Word,
    pub(super) domain: Word,
    pub(super) id: Option<Word>,
    /// A country that the generator knows, as its two letters.
    pub(super) country: Option<Word>,
    /// Users that are made beside those named here, with all that belongs to them.
    #[serde(default)]
    pub(super) people: u32,
    pub(super) trouble: Option<Trouble>,
    pub(super) p1: Option<bool>,
    pub(super) intune: Option<bool>,
    pub(super) consent: Option<Consent>,
    pub(super) scopes: Option<Vec<Word>>,
    pub(super) app_roles: Option<Vec<Word>>,
    #[serde(default)]
    pub(super) subscriptions: Vec<Subscription>,
    #[serde(default)]
    pub(super) users: Vec<User>,
    #[serde(default)]
    pub(super) groups: Vec<Group>,
    #[serde(default)]
    pub(super) devices: Vec<Device>,
    pub(super) relationships: Option<Vec<Relationship>>,
}

/// Whether the delegated app was consented before the story begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Consent {
    Granted,
    None,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Subscription {
    pub(super) product: Word,
    pub(super) units: u64,
}

/// Properties by their names in Graph.
pub(super) type Properties = BTreeMap<Word, Value>;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    /// What stands before the `@` of the user principal name, and what the file calls the user.
    #[serde(rename = "user")]
    pub(super) called: Word,
    pub(super) name: String,
    pub(super) id: Option<Word>,
    #[serde(default)]
    pub(super) guest: bool,
    pub(super) enabled: Option<bool>,
    #[serde(default)]
    pub(super) on_premises: bool,
    pub(super) last_sign_in: Option<Spanned<Datetime>>,
    pub(super) manager: Option<Word>,
    #[serde(default)]
    pub(super) licences: Vec<Word>,
    #[serde(default)]
    pub(super) roles: Vec<Word>,
    #[serde(default)]
    pub(super) properties: Properties,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    #[serde(rename = "group")]
    pub(super) called: Word,
    pub(super) id: Option<Word>,
    #[serde(default)]
    pub(super) kind: GroupKind,
    #[serde(default)]
    pub(super) members: Vec<Word>,
    #[serde(default)]
    pub(super) owners: Vec<Word>,
    #[serde(default)]
    pub(super) roles: Vec<Word>,
    #[serde(default)]
    pub(super) properties: Properties,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum GroupKind {
    #[serde(rename = "microsoft_365")]
    Microsoft365,
    Team,
    #[default]
    Security,
    Dynamic,
    MailEnabledSecurity,
    Distribution,
    RoleAssignable,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Device {
    #[serde(rename = "device")]
    pub(super) called: Word,
    pub(super) owner: Word,
    pub(super) id: Option<Word>,
    #[serde(default = "windows")]
    pub(super) platform: Platform,
    #[serde(default)]
    pub(super) trust: Trust,
    pub(super) enrolled: Option<bool>,
    pub(super) compliant: Option<bool>,
    pub(super) serial: Option<String>,
    #[serde(default)]
    pub(super) properties: Properties,
}

const fn windows() -> Platform {
    Platform::Windows
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Trust {
    #[default]
    Joined,
    Hybrid,
    Registered,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Relationship {
    pub(super) name: Word,
    pub(super) id: Option<Word>,
    #[serde(default)]
    pub(super) status: Status,
    /// Days before the world's present.
    #[serde(default = "half_a_year")]
    pub(super) created_days_ago: u32,
    #[serde(default = "two_years")]
    pub(super) days: u32,
    #[serde(default)]
    pub(super) auto_extends: bool,
    pub(super) roles: Option<Vec<Word>>,
    #[serde(default)]
    pub(super) group: PartnerGroup,
}

const fn half_a_year() -> u32 {
    180
}

const fn two_years() -> u32 {
    730
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    #[default]
    Active,
    ApprovalPending,
    Expired,
    Terminated,
}

/// Which group of the partner tenant a relationship is assigned to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PartnerGroup {
    #[default]
    FirstLine,
    SecondLine,
    Former,
    None,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    pub(super) at: Word,
    pub(super) tenant: Option<Word>,
    #[serde(rename = "do")]
    pub(super) action: Spanned<Action>,
}

/// What happens. What concerns a user, group or device calls it as the file does.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Action {
    UserJoins(Joining),
    UserLeaves(Word),
    RenameUser(RenamedUser),
    BlockUser(Word),
    UnblockUser(Word),
    SetUser(Setting),
    SignIn(Word),
    RevokeSessions(Word),
    GiveLicence(Giving),
    TakeLicence(Giving),
    GiveRole(RoleOf),
    TakeRole(RoleOf),
    RenameGroup(RenamedGroup),
    DeleteGroup(Word),
    AddMember(Membership),
    RemoveMember(Membership),
    AddDevice(Device),
    ReplaceDevice(Replacing),
    RemoveDevice(Word),
    Buy(Subscription),
    GiveBack(Subscription),
    Consent,
    RevokeConsent,
    ExpireRelationships,
    BlockByPolicy,
    LiftPolicy,
    /// Of the partner tenant, so it names no tenant.
    EndSecrets(AppKind),
    DisableServiceAccount,
    RevokeServiceSessions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AppKind {
    Delegated,
    AppOnly,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Joining {
    pub(super) user: Word,
    pub(super) name: String,
    #[serde(default)]
    pub(super) licences: Vec<Word>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RenamedUser {
    pub(super) user: Word,
    pub(super) name: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RenamedGroup {
    pub(super) group: Word,
    pub(super) name: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Setting {
    pub(super) user: Word,
    pub(super) properties: Properties,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Giving {
    pub(super) user: Word,
    pub(super) product: Word,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleOf {
    pub(super) user: Word,
    pub(super) role: Word,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Membership {
    pub(super) group: Word,
    pub(super) user: Word,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Replacing {
    pub(super) device: Word,
    pub(super) name: String,
    pub(super) serial: Option<String>,
}
