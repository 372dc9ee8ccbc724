//! Temporary access passes, and the policy on them.

use std::ops::RangeInclusive;

use jiff::Timestamp;
use msp365_core::{Operation, Page, Path, Request, model::Secret, open_enum, operation::Verb};
use serde::Serialize;

use super::{place, policy};

pub(super) static OPERATIONS: &[&Operation] = &[&LIST, &CREATE, &DELETE, &POLICY, &SET_POLICY];

/// How many minutes a policy can allow a pass to last.
const LIFETIME: RangeInclusive<i64> = 10..=43_200;
/// How many characters a pass can have.
const LENGTH: RangeInclusive<i64> = 8..=48;
/// The type by which a change names the policy.
const POLICY_TYPE: &str = "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration";

static LIST: Operation = Operation::whole(
    "authentication_methods.passes",
    "users/{user}/authentication/temporaryAccessPassMethods",
)
.permission(&["UserAuthenticationMethod.Read.All"]);
static CREATE: Operation = Operation::new(
    Verb::Post,
    "authentication_methods.create_pass",
    "users/{user}/authentication/temporaryAccessPassMethods",
)
.permission(&["UserAuthenticationMethod.ReadWrite.All"])
.note("one usable pass for a user; 10 to 43,200 minutes within the policy");
static DELETE: Operation = Operation::new(
    Verb::Delete,
    "authentication_methods.delete_pass",
    "users/{user}/authentication/temporaryAccessPassMethods/{pass}",
)
.permission(&["UserAuthenticationMethod.ReadWrite.All"]);
static POLICY: Operation = Operation::read("authentication_methods.pass_policy", POLICY_PATH)
    .permission(&["Policy.Read.AuthenticationMethod"])
    .options(&[]);
static SET_POLICY: Operation =
    Operation::new(Verb::Patch, "authentication_methods.set_pass_policy", POLICY_PATH)
        .permission(&["Policy.ReadWrite.AuthenticationMethod"]);
const POLICY_PATH: &str =
    "policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass";

/// The passes of a user, without their codes.
///
/// Permission: `UserAuthenticationMethod.Read.All`. Comes in one page.
pub fn passes(user: impl AsRef<str>) -> Request<Page<TemporaryAccessPass>> {
    LIST.list(passes_of(user.as_ref()))
}

/// Creates a pass. Only this reply contains its code. Check whether it is usable: the user may be outside the policy.
///
/// It is sent once: if the reply is lost, so is the code; delete the pass and create another.
///
/// Permission: `UserAuthenticationMethod.ReadWrite.All`. Under GDAP the role Authentication Administrator; for
/// administrators Privileged Authentication Administrator.
pub fn create_pass(user: impl AsRef<str>, pass: &NewPass) -> Request<TemporaryAccessPass> {
    let request = CREATE.one(passes_of(user.as_ref())).json_of(pass);
    if pass
        .lifetime_in_minutes
        .is_some_and(|minutes| !LIFETIME.contains(&minutes))
    {
        request.refuse("a pass lasts 10 to 43,200 minutes")
    } else {
        request
    }
}

/// Removes a pass.
///
/// Permission: `UserAuthenticationMethod.ReadWrite.All`.
pub fn delete_pass(user: impl AsRef<str>, pass: impl AsRef<str>) -> Request<()> {
    DELETE.command(passes_of(user.as_ref()).segment(pass))
}

/// The tenant's policy on passes.
///
/// Permission: `Policy.Read.AuthenticationMethod`.
pub fn pass_policy() -> Request<PassPolicy> {
    POLICY.one(policy())
}

/// Changes the tenant's policy on passes.
///
/// Permission: `Policy.ReadWrite.AuthenticationMethod`. Under GDAP the role Authentication Policy Administrator.
pub fn set_pass_policy(edit: &PassPolicyEdit) -> Request<()> {
    let request = SET_POLICY.command(policy()).json_of(&Typed {
        object_type: POLICY_TYPE,
        edit,
    });
    let outside =
        |value: Option<i64>, range: RangeInclusive<i64>| value.is_some_and(|value| !range.contains(&value));
    let lifetimes = [
        edit.default_lifetime_in_minutes,
        edit.minimum_lifetime_in_minutes,
        edit.maximum_lifetime_in_minutes,
    ];
    if *edit == PassPolicyEdit::default() {
        request.refuse("nothing is changed")
    } else if outside(edit.default_length, LENGTH) {
        request.refuse("a pass has 8 to 48 characters")
    } else if lifetimes.into_iter().any(|minutes| outside(minutes, LIFETIME)) {
        request.refuse("a pass lasts 10 to 43,200 minutes")
    } else {
        request
    }
}

fn passes_of(user: &str) -> Path {
    place(user).segment("temporaryAccessPassMethods")
}

#[derive(Serialize)]
struct Typed<'a> {
    #[serde(rename = "@odata.type")]
    object_type: &'static str,
    #[serde(flatten)]
    edit: &'a PassPolicyEdit,
}

/// A pass to be created; `None` follows the policy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewPass {
    /// How many minutes it lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifetime_in_minutes: Option<i64>,
    /// Whether it can be used for only one sign-in; a policy may require that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_usable_once: Option<bool>,
    /// When it starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date_time: Option<Timestamp>,
}

/// Changes to a tenant's policy on passes; `None` leaves a field as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PassPolicyEdit {
    /// Whether passes are allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<PolicyState>,
    /// How many characters a pass has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_length: Option<i64>,
    /// How many minutes a pass lasts by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_lifetime_in_minutes: Option<i64>,
    /// The fewest minutes a pass may last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_lifetime_in_minutes: Option<i64>,
    /// The most minutes a pass may last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_lifetime_in_minutes: Option<i64>,
    /// Whether all passes can be used for only one sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_usable_once: Option<bool>,
}

msp365_core::model! {
    /// A pass with which a user can sign in for a limited time.
    pub struct TemporaryAccessPass {
        /// The id.
        id, ID = "id": String,
        /// The code; only in the reply to [`create_pass`].
        temporary_access_pass, TEMPORARY_ACCESS_PASS = "temporaryAccessPass": Option<Secret>,
        /// When it was created.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp>,
        /// When it starts.
        start_date_time, START_DATE_TIME = "startDateTime": Option<Timestamp>,
        /// How many minutes it lasts.
        lifetime_in_minutes, LIFETIME_IN_MINUTES = "lifetimeInMinutes": Option<i64>,
        /// Whether it can be used for only one sign-in.
        is_usable_once, IS_USABLE_ONCE = "isUsableOnce": Option<bool>,
        /// Whether it can be used now.
        is_usable, IS_USABLE = "isUsable": Option<bool>,
        /// Why, or why not.
        method_usability_reason, METHOD_USABILITY_REASON = "methodUsabilityReason": Option<Usability>,
    }
}

open_enum! {
    /// Why a pass can be used, or why not.
    pub enum Usability {
        Enabled = "EnabledByPolicy",
        Disabled = "DisabledByPolicy",
        Expired = "Expired",
        NotYetValid = "NotYetValid",
        Used = "OneTimeUsed",
    }
}

msp365_core::model! {
    /// A tenant's policy on passes.
    pub struct PassPolicy {
        /// `TemporaryAccessPass`.
        id, ID = "id": String,
        /// Whether passes are allowed.
        state, STATE = "state": Option<PolicyState>,
        /// How many characters a pass has.
        default_length, DEFAULT_LENGTH = "defaultLength": Option<i64>,
        /// How many minutes a pass lasts by default.
        default_lifetime_in_minutes, DEFAULT_LIFETIME_IN_MINUTES = "defaultLifetimeInMinutes": Option<i64>,
        /// The fewest minutes a pass may last.
        minimum_lifetime_in_minutes, MINIMUM_LIFETIME_IN_MINUTES = "minimumLifetimeInMinutes": Option<i64>,
        /// The most minutes a pass may last.
        maximum_lifetime_in_minutes, MAXIMUM_LIFETIME_IN_MINUTES = "maximumLifetimeInMinutes": Option<i64>,
        /// Whether all passes can be used for only one sign-in.
        is_usable_once, IS_USABLE_ONCE = "isUsableOnce": Option<bool>,
        /// Who may have one.
        include_targets, INCLUDE_TARGETS = "includeTargets": Vec<PassTarget>,
        /// Who may not.
        exclude_targets, EXCLUDE_TARGETS = "excludeTargets": Vec<PassTarget>,
    }
}

msp365_core::model! {
    /// The target of a policy.
    pub struct PassTarget {
        /// `all_users`, or the object id of a group.
        id, ID = "id": String,
        /// `group` or `user`.
        target_type, TARGET_TYPE = "targetType": Option<String>,
        /// Whether they have to register.
        is_registration_required, IS_REGISTRATION_REQUIRED = "isRegistrationRequired": Option<bool>,
    }
}

open_enum! {
    /// Whether a policy is on.
    pub enum PolicyState { Enabled = "enabled", Disabled = "disabled" }
}
