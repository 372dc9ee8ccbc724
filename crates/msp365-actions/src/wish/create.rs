//! Making users: one, from a template, or many from a file.

use std::collections::{BTreeMap, BTreeSet};

use msp365_graph::{role_assignments::TENANT, users::UserEdit};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    edit::{check_domain, sendable},
    groups::{ForRoles, Groups},
    licences::check_pool,
};
use crate::{
    Facts, Plan, Refused,
    plan::{Action, Grant, Stage, StepKind, Subject, Whom},
    refused::Reason,
};

/// A user to be made: details first, then roles and licences, then groups. A person may stop between these stages,
/// and what was done stays.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Create {
    /// The name shown.
    pub display_name: String,
    /// The name for signing in, in a verified domain of the tenant.
    pub user_principal_name: String,
    /// The alias of the mailbox.
    pub mail_nickname: String,
    /// Whether signing in is allowed from the beginning.
    pub account_enabled: bool,
    /// Further details.
    pub profile: UserEdit,
    /// The manager, by object id.
    pub manager: Option<String>,
    /// Roles, licences and groups.
    pub template: Template,
}

/// What several new users have in common.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Template {
    /// Details; what is set for a user itself goes before.
    pub profile: UserEdit,
    /// Directory roles in the whole tenant, by the ids of their definitions.
    pub roles: Vec<String>,
    /// Products.
    pub licences: Vec<Grant>,
    /// Groups, by their ids.
    pub groups: Vec<String>,
}

impl Create {
    /// A user with these names; the alias is the name before the `@`.
    pub fn new(display_name: impl Into<String>, user_principal_name: impl Into<String>) -> Self {
        let user_principal_name = user_principal_name.into();
        let alias = user_principal_name
            .split('@')
            .next()
            .unwrap_or_default()
            .to_owned();
        Self {
            display_name: display_name.into(),
            user_principal_name,
            mail_nickname: alias,
            account_enabled: true,
            profile: UserEdit::default(),
            manager: None,
            template: Template::default(),
        }
    }

    /// With what a template says.
    #[must_use]
    pub fn like(mut self, template: &Template) -> Self {
        self.template = template.clone();
        self
    }

    /// With further details.
    #[must_use]
    pub fn profile(mut self, profile: UserEdit) -> Self {
        self.profile = profile;
        self
    }

    /// With a directory role.
    #[must_use]
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.template.roles.push(role.into());
        self
    }

    /// With a licence.
    #[must_use]
    pub fn licence(mut self, grant: Grant) -> Self {
        self.template.licences.push(grant);
        self
    }

    /// In a group.
    #[must_use]
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.template.groups.push(group.into());
        self
    }

    /// Under a manager.
    #[must_use]
    pub fn manager(mut self, id: impl Into<String>) -> Self {
        self.manager = Some(id.into());
        self
    }

    /// The plan.
    ///
    /// # Errors
    /// `Conflict` for a name that is taken, also by a deleted user, and for a product without a free unit; `NotFound`
    /// for an unknown product or group; `Invalid` for a foreign domain, licences without usage location, and what the
    /// directory would not take; `Denied` for a group that roles can be given to.
    pub fn plan(&self, facts: &Facts) -> Result<Plan, Refused> {
        self.check_name(facts)?;
        let mut plan = Plan::new(facts.tenant, Action::Create, self.subject());
        let profile = merged(&self.template.profile, &self.profile)?;
        if !self.template.licences.is_empty() && profile.usage_location.is_none() {
            return Err(Reason::NoUsageLocation.with(
                "licences need a usage location",
                "give the two-letter country where the services are used",
            ));
        }
        let kind = StepKind::CreateUser {
            display_name: self.display_name.clone(),
            user_principal_name: self.user_principal_name.clone(),
            mail_nickname: self.mail_nickname.clone(),
            account_enabled: self.account_enabled,
            profile: profile.into(),
        };
        sendable(&kind)?;
        let first = plan.push(kind);
        if let Some(manager) = &self.manager {
            facts.check_other(manager)?;
            let kind = StepKind::SetManager {
                user: Whom::Made,
                manager: Whom::Id(manager.clone()),
                was: None,
            };
            plan.push_after(kind, Stage::Details.number(), vec![first]);
        }
        self.rights(facts, &mut plan)?;
        for group in &self.template.groups {
            Groups {
                for_roles: ForRoles::Refused,
                ..Groups::default()
            }
            .check(facts, group)?;
            let kind = StepKind::AddMember {
                user: Whom::Made,
                group: group.clone(),
            };
            plan.push_after(kind, Stage::Groups.number(), vec![first]);
        }
        Ok(plan.naming(&facts.group_names()))
    }

    fn subject(&self) -> Subject {
        Subject {
            id: None,
            name: self.user_principal_name.clone(),
            is_guarded: false,
        }
    }

    fn rights(&self, facts: &Facts, plan: &mut Plan) -> Result<(), Refused> {
        for role in &self.template.roles {
            let kind = StepKind::AssignRole {
                user: Whom::Made,
                role: role.clone(),
                scope: TENANT.to_owned(),
            };
            plan.push_after(kind, Stage::Licences.number(), vec![0]);
        }
        for grant in &self.template.licences {
            check_pool(facts, grant, false)?;
        }
        if !self.template.licences.is_empty() {
            let kind = StepKind::AssignLicenses {
                user: Whom::Made,
                add: self.template.licences.clone(),
                remove: Vec::new(),
                was: Vec::new(),
            };
            sendable(&kind)?;
            plan.push_after(kind, Stage::Licences.number(), vec![0]);
        }
        Ok(())
    }

    fn check_name(&self, facts: &Facts) -> Result<(), Refused> {
        let name = &self.user_principal_name;
        check_domain(facts, name)?;
        if facts.is_name_taken == Some(true) {
            return Err(Reason::NameTaken.with(format!("`{name}` is taken"), "choose another name"));
        }
        let holds = |name: &str| {
            let mut deleted = facts.deleted.iter().flatten();
            deleted.any(|user| {
                user.user_principal_name
                    .as_deref()
                    .is_some_and(|own| own.eq_ignore_ascii_case(name))
            })
        };
        if holds(name) {
            return Err(Reason::NameHeldByDeleted.with(
                format!("a deleted user holds `{name}`"),
                "restore that user, delete it for good, or choose another name",
            ));
        }
        Ok(())
    }
}

fn merged(template: &UserEdit, own: &UserEdit) -> Result<UserEdit, Refused> {
    let members = |edit: &UserEdit| serde_json::to_value(edit).unwrap_or_default();
    let mut all = members(template);
    if let (Value::Object(all), Value::Object(own)) = (&mut all, members(own)) {
        all.extend(own);
    }
    serde_json::from_value(all)
        .map_err(|error| Reason::Malformed.with(error.to_string(), "correct the template"))
}

/// Users to be made, from a CSV file with a line of headers: `displayName` and `userPrincipalName`, and any field of a
/// profile by its name in Graph. Each line takes the template.
///
/// # Errors
/// `Invalid` for a file that cannot be read, a missing or unknown column, and a value that does not fit; the line is
/// named.
pub fn from_csv(text: &str, template: &Template) -> Result<Vec<Create>, Refused> {
    let odd = |line: usize, words: String| {
        Reason::Malformed.with(format!("line {line} of the file: {words}"), "correct the file")
    };
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut found = Vec::new();
    for (line, row) in (2..).zip(reader.deserialize::<BTreeMap<String, String>>()) {
        let mut row = row.map_err(|error| odd(line, error.to_string()))?;
        row.retain(|_, value| !value.is_empty());
        let mut need = |name: &str| {
            row.remove(name)
                .ok_or_else(|| odd(line, format!("`{name}` is missing")))
        };
        let mut user = Create::new(need("displayName")?, need("userPrincipalName")?).like(template);
        if let Some(alias) = row.remove("mailNickname") {
            user.mail_nickname = alias;
        }
        let fields: BTreeMap<String, Value> = row.into_iter().map(|(name, text)| field(name, text)).collect();
        let fields = serde_json::to_value(fields).unwrap_or_default();
        user.profile = serde_json::from_value(fields).map_err(|error| odd(line, error.to_string()))?;
        found.push(user);
    }
    Ok(found)
}

/// A cell as a field of a profile takes it: lists are divided by semicolons.
fn field(name: String, text: String) -> (String, Value) {
    let value = if matches!(name.as_str(), "businessPhones" | "otherMails") {
        text.split(';').map(|part| Value::from(part.trim())).collect()
    } else {
        text.into()
    };
    (name, value)
}

/// Refuses two users of one name, and more licences than units are free, over all that are to be made.
///
/// # Errors
/// `Conflict` in either case.
pub fn check_together(users: &[Create], facts: &Facts) -> Result<(), Refused> {
    let mut names = BTreeSet::new();
    let mut wanted: BTreeMap<&str, i64> = BTreeMap::new();
    for user in users {
        if !names.insert(user.user_principal_name.to_lowercase()) {
            return Err(Reason::NameTaken.with(
                format!(
                    "`{}` stands twice among the users to be made",
                    user.user_principal_name
                ),
                "give each a name of its own",
            ));
        }
        for grant in &user.template.licences {
            *wanted.entry(&grant.sku_id).or_default() += 1;
        }
    }
    for (sku, count) in wanted {
        let product = facts.product(sku)?;
        if product.available_units() < count {
            return Err(Reason::PoolEmpty.with(
                format!(
                    "{count} units of `{}` are wanted and {} are free",
                    product.label(),
                    product.available_units().max(0)
                ),
                "buy more units, or make fewer users",
            ));
        }
    }
    Ok(())
}
