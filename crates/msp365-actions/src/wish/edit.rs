//! Changing a profile.

use msp365_core::Change;
use msp365_graph::users::UserEdit;
use serde_json::{Map, Value};

use crate::{
    Facts, Plan, Protection, Refused,
    plan::{Action, IfChanged, StepKind, Whom},
    protection::Harm,
    refused::Reason,
};

/// What is set here even where the rest is mastered on-premises.
const OURS: &str = "usageLocation";
/// Fields that hold lists, which are cleared by an empty one.
const LISTS: [&str; 2] = ["businessPhones", "otherMails"];
/// Fields that cannot be cleared once they are set.
const KEPT: [&str; 6] = [
    "accountEnabled",
    "displayName",
    "userPrincipalName",
    "mailNickname",
    "usageLocation",
    "userType",
];

/// Changes to the profile of a user: each field is left, cleared or set. The tenant cannot be changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Edit {
    /// The fields.
    pub fields: UserEdit,
    /// The manager, by object id.
    pub manager: Change<String>,
    /// What happens where somebody else has changed one of the fields since the facts were read.
    pub if_changed: IfChanged,
}

impl Edit {
    /// These fields.
    pub fn new(fields: UserEdit) -> Self {
        Self {
            fields,
            manager: Change::Keep,
            if_changed: IfChanged::default(),
        }
    }

    /// Writes nothing where somebody else has changed one of the fields since the facts were read; without this the last
    /// writer wins. Fields that are not set are never written either way.
    #[must_use]
    pub const fn unless_changed(mut self) -> Self {
        self.if_changed = IfChanged::Refuse;
        self
    }

    /// Makes this user the manager.
    #[must_use]
    pub fn manager(mut self, id: impl Into<String>) -> Self {
        self.manager = Change::Set(id.into());
        self
    }

    /// Takes the manager away.
    #[must_use]
    pub fn no_manager(mut self) -> Self {
        self.manager = Change::Clear;
        self
    }

    /// The plan for one user: only what differs from how it is.
    ///
    /// # Errors
    /// `Invalid` where nothing differs, where the directory would not take a value, or for a user mastered
    /// on-premises; `Denied` for an account that is to be left alone.
    pub fn plan(&self, facts: &Facts, protection: &Protection) -> Result<Plan, Refused> {
        let person = facts.present()?;
        let (edit, was) = differing(
            &self.fields,
            &serde_json::to_value(&person.user).unwrap_or_default(),
        )?;
        let names = members(&edit);
        let harm = if edit.account_enabled == Some(false) {
            Harm::SignIn
        } else {
            Harm::Other
        };
        if edit.account_enabled == Some(false) || edit.user_principal_name.is_some() {
            protection.check(facts, person, harm)?;
        }
        if names.keys().any(|name| name != OURS) || !self.manager.is_keep() {
            person.check_cloud("change the profile")?;
        }
        if let Some(name) = &edit.user_principal_name {
            check_domain(facts, name)?;
        }
        let mut plan = Plan::new(facts.tenant, Action::Edit, person.subject());
        if !names.is_empty() {
            let kind = StepKind::UpdateUser {
                user: person.whom(),
                edit: edit.into(),
                was: was.into(),
                if_changed: self.if_changed,
            };
            sendable(&kind)?;
            plan.push(kind);
        }
        match (&self.manager, &person.manager) {
            (Change::Set(wanted), was) if Some(wanted) != was.as_ref() => {
                if *wanted == person.user.id {
                    return Err(Reason::Malformed.with("nobody is their own manager", "choose somebody else"));
                }
                facts.check_other(wanted)?;
                plan.push(StepKind::SetManager {
                    user: person.whom(),
                    manager: Whom::Id(wanted.clone()),
                    was: was.clone(),
                });
            }
            (Change::Clear, Some(was)) => {
                plan.push(StepKind::RemoveManager {
                    user: person.whom(),
                    was: Some(was.clone()),
                });
            }
            _ => {}
        }
        plan.not_empty()
    }
}

/// The part of an edit that differs from how it is, and the edit that goes back.
fn differing(wanted: &UserEdit, own: &Value) -> Result<(UserEdit, UserEdit), Refused> {
    let (mut edit, mut was) = (Map::new(), Map::new());
    for (name, value) in members(wanted) {
        let is_list = LISTS.contains(&name.as_str());
        let nothing = if is_list {
            Value::Array(Vec::new())
        } else {
            Value::Null
        };
        let now = own.get(&name).cloned().unwrap_or(nothing);
        if now == value || is_same_time(&now, &value) {
            continue;
        }
        if !(now.is_null() && KEPT.contains(&name.as_str())) {
            was.insert(name.clone(), now);
        }
        edit.insert(name, value);
    }
    Ok((read(edit)?, read(was)?))
}

fn is_same_time(one: &Value, other: &Value) -> bool {
    let time = |value: &Value| value.as_str()?.parse::<jiff::Timestamp>().ok();
    time(one).is_some() && time(one) == time(other)
}

fn members(edit: &UserEdit) -> Map<String, Value> {
    match serde_json::to_value(edit) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

fn read(members: Map<String, Value>) -> Result<UserEdit, Refused> {
    serde_json::from_value(Value::Object(members))
        .map_err(|error| Reason::Malformed.with(error.to_string(), "give a value of the field's own kind"))
}

/// Refuses a name outside the verified domains of the tenant.
pub(super) fn check_domain(facts: &Facts, name: &str) -> Result<(), Refused> {
    let domain = name.rsplit('@').next().unwrap_or_default();
    let Some(domains) = &facts.domains else {
        return Ok(());
    };
    if domains.iter().any(|own| own.name.eq_ignore_ascii_case(domain)) {
        return Ok(());
    }
    let known: Vec<&str> = domains.iter().map(|own| own.name.as_str()).collect();
    Err(Reason::UnknownDomain.with(
        format!("`{domain}` is no verified domain of the tenant"),
        format!("use one of {}", known.join(", ")),
    ))
}

/// Refuses a step that the directory would not take.
pub(super) fn sendable(kind: &StepKind) -> Result<(), Refused> {
    kind.check()
        .map_err(|error| Reason::Malformed.with(error.to_string(), "correct the value"))
}
