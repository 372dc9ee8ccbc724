//! Plans as people read them.

use std::fmt;

use msp365_core::{Body, Endpoints};
use serde_json::Value;

use super::{Action, Grant, PasswordRoute, Place, Plan, Risk, StepKind, Whom};
use crate::names::{product, role};

/// What stands in place of a secret that does not exist yet.
const SECRET: &str = "(made while it runs)";

/// What one step would send, without any secret.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Preview {
    /// The HTTP method.
    pub method: String,
    /// The path with its query, below the version of the service.
    pub path: String,
    /// What is carried.
    pub body: Option<Value>,
}

impl StepKind {
    /// What it would send.
    pub fn preview(&self) -> Preview {
        let cloud = Endpoints::public();
        let place = Place {
            endpoints: &cloud,
            made: None,
            secret: None,
        };
        let request = self.request(&place);
        let call = request.call();
        let body = match call.body() {
            Body::Json(body) => Some(without_secrets(body.clone())),
            Body::Empty => None,
        };
        Preview {
            method: call.method().to_string(),
            path: call.relative_url().unwrap_or_else(|_| call.path().to_owned()),
            body,
        }
    }

    /// What it does, in words; groups go by their ids. [`Plan::words`] knows their names.
    pub fn words(&self) -> String {
        self.said(str::to_owned)
    }

    pub(super) fn said(&self, group_name: impl Fn(&str) -> String) -> String {
        match self {
            Self::CreateUser {
                user_principal_name, ..
            } => format!("create {user_principal_name}"),
            Self::UpdateUser { edit, .. } => match edit.account_enabled {
                Some(false) if fields(edit) == 1 => "block sign-in".to_owned(),
                Some(true) if fields(edit) == 1 => "allow sign-in".to_owned(),
                _ => format!("change {}", named(edit)),
            },
            Self::SetPassword {
                route: PasswordRoute::Profile,
                ..
            } => "set a new password".to_owned(),
            Self::SetPassword { .. } => "set a new password and write it back on-premises".to_owned(),
            Self::CreatePass { .. } => "make a temporary access pass".to_owned(),
            Self::DeletePass { .. } => "remove the temporary access pass".to_owned(),
            Self::DeleteMethod { kind, .. } => format!("remove the sign-in method {}", short(kind.as_str())),
            Self::AssignLicenses { add, remove, .. } => licences(add, remove),
            Self::AddMember { group, .. } => format!("put into group {}", group_name(group)),
            Self::RemoveMember { group, .. } => format!("take out of group {}", group_name(group)),
            Self::AddOwner { group, .. } => format!("make owner of group {}", group_name(group)),
            Self::AssignRole { role: id, scope, .. } => format!("give the role {} in {scope}", role(id)),
            Self::RemoveRole { role: id, scope, .. } => format!("take the role {} in {scope}", role(id)),
            Self::SetManager { user, manager, .. } => {
                format!("make {} the manager of {}", who(manager), who(user))
            }
            Self::RemoveManager { .. } => "remove the manager".to_owned(),
            Self::RevokeSessions { .. } => "end all sessions".to_owned(),
            Self::DeleteUser { .. } => "delete the user".to_owned(),
            Self::RestoreUser { .. } => "bring the deleted user back".to_owned(),
            Self::EnableDevice {
                name,
                is_enabled: true,
                ..
            } => format!("allow the device {name}"),
            Self::EnableDevice { name, .. } => format!("disable the device {name}"),
            Self::DeleteDevice { name, .. } => format!("delete the device {name}"),
        }
    }
}

fn who(whom: &Whom) -> &str {
    match whom {
        Whom::Id(id) => id,
        Whom::Made => "the new user",
    }
}

fn short(odata: &str) -> &str {
    odata
        .rsplit('.')
        .next()
        .unwrap_or(odata)
        .trim_end_matches("AuthenticationMethod")
}

fn licences(add: &[Grant], remove: &[Grant]) -> String {
    let names = |grants: &[Grant]| {
        let names: Vec<String> = grants.iter().map(|grant| product(&grant.sku_id)).collect();
        names.join(", ")
    };
    match (add.is_empty(), remove.is_empty()) {
        (true, _) => format!("remove licences: {}", names(remove)),
        (_, true) => format!("assign licences: {}", names(add)),
        _ => format!("assign licences: {}; remove: {}", names(add), names(remove)),
    }
}

fn members(edit: &impl serde::Serialize) -> Vec<String> {
    match serde_json::to_value(edit) {
        Ok(Value::Object(members)) => members.into_iter().map(|(name, _)| name).collect(),
        _ => Vec::new(),
    }
}

fn fields(edit: &impl serde::Serialize) -> usize {
    members(edit).len()
}

fn named(edit: &impl serde::Serialize) -> String {
    members(edit).join(", ")
}

fn without_secrets(mut body: Value) -> Value {
    let hide = |place: Option<&mut Value>| {
        if let Some(value) = place {
            *value = SECRET.into();
        }
    };
    hide(body.pointer_mut("/passwordProfile/password"));
    hide(body.pointer_mut("/newPassword"));
    body
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        })
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (action, name, count) = (self.action, &self.subject.name, self.steps.len());
        let unit = if count == 1 { "step" } else { "steps" };
        writeln!(
            f,
            "{action} {name} in tenant {}: {count} {unit}, risk {}",
            self.tenant,
            self.risk()
        )?;
        for (number, step) in (1..).zip(&self.steps) {
            let Preview { method, path, body } = step.kind.preview();
            writeln!(f, "{number:>3}. {}", self.words(step))?;
            match body {
                Some(body) => writeln!(f, "     {method} {path} {body}")?,
                None => writeln!(f, "     {method} {path}")?,
            }
            let undone = match step.kind.inverse(&Whom::Made) {
                Ok(_) => "can be undone",
                Err(why) => why,
            };
            let permission = step.kind.permissions().join(" + ");
            let risk = step.kind.risk(&self.subject);
            writeln!(
                f,
                "     role {}; permission {permission}; risk {risk}; {undone}",
                step.kind.role(&self.subject)
            )?;
            for implied in &step.implies {
                writeln!(f, "     implied: {implied}")?;
            }
        }
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        for left in &self.left {
            writeln!(f, "left: {}: {}; {}", left.what, left.why, left.remedy)?;
        }
        Ok(())
    }
}
