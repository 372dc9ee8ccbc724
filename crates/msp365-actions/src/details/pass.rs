//! Whether somebody can be given a temporary access pass, before one is made.

use std::collections::BTreeSet;

use msp365_graph::authentication_methods::{PassPolicy, PassTarget, PolicyState};
use serde::Serialize;

/// What the tenant's policy says of passes for this user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Passes {
    /// Whether one can be made that works.
    pub verdict: PassVerdict,
    /// What stands in the way, and what to do about it.
    pub remedy: Option<&'static str>,
    /// Fewest minutes that a pass may last.
    pub least_minutes: i64,
    /// Most minutes that a pass may last.
    pub most_minutes: i64,
    /// Whether a pass serves for one sign-in alone.
    pub is_once_only: bool,
}

/// Whether somebody can be given a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PassVerdict {
    /// It can be made.
    Allowed,
    /// The policy is off.
    Off,
    /// The policy leaves the user out.
    LeftOut,
    /// The policy names groups, and those of the user could not be read.
    Unknown,
}

/// What a policy means to a user, who is in these groups, directly or through others; `None`: that is not known.
pub fn passes(policy: &PassPolicy, user: &str, groups: Option<&BTreeSet<String>>) -> Passes {
    let (verdict, remedy) = if policy.state == Some(PolicyState::Enabled) {
        included(policy, user, groups)
    } else {
        (
            PassVerdict::Off,
            Some("switch temporary access passes on in the authentication methods policy"),
        )
    };
    Passes {
        verdict,
        remedy,
        least_minutes: policy.minimum_lifetime_in_minutes.unwrap_or(10),
        most_minutes: policy.maximum_lifetime_in_minutes.unwrap_or(43_200),
        is_once_only: policy.is_usable_once == Some(true),
    }
}

fn included(
    policy: &PassPolicy,
    user: &str,
    groups: Option<&BTreeSet<String>>,
) -> (PassVerdict, Option<&'static str>) {
    let put_in = Some("put the user into a group that the policy names");
    let take_out = Some("take the user, or a group the user is in, off the exclusions of the policy");
    let names = |targets: &[PassTarget]| names(targets, user, groups);
    match (names(&policy.include_targets), names(&policy.exclude_targets)) {
        (_, Some(true)) => (PassVerdict::LeftOut, take_out),
        (Some(false), _) => (PassVerdict::LeftOut, put_in),
        (Some(true), Some(false)) => (PassVerdict::Allowed, None),
        _ => (PassVerdict::Unknown, Some("have the user's groups read")),
    }
}

/// Whether targets name the user, or a group the user is in; `None` where that cannot be told.
fn names(targets: &[PassTarget], user: &str, groups: Option<&BTreeSet<String>>) -> Option<bool> {
    let is_named = |target: &PassTarget| target.id == "all_users" || target.id.eq_ignore_ascii_case(user);
    if targets.iter().any(is_named) {
        return Some(true);
    }
    if targets.is_empty() {
        return Some(false);
    }
    let groups = groups?;
    Some(
        targets
            .iter()
            .any(|target| groups.contains(&target.id.to_ascii_lowercase())),
    )
}
