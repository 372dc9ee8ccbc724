//! Who is Global Administrator of a tenant, directly and through groups, and who of them may sign in.

use futures_util::TryStreamExt;
use msp365_client::{Error, TenantClient};
use msp365_core::{Batch, Page, Request};
use msp365_graph::{
    groups,
    role_assignments::{self, RoleAssignment},
    users::{self, User},
};

use super::{Facts, gather::may_be_absent, slots::existing};
use crate::plan::StepKind;

/// The role whose last holder is kept.
pub(crate) const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";
/// Most holders of the role that are looked at; Microsoft advises fewer than five.
const HOLDERS: usize = 100;

/// Who is Global Administrator of a tenant.
#[derive(Debug, Default)]
pub(crate) struct Administrators {
    /// Users who may sign in.
    able: Vec<String>,
    /// Users to whom the role is given, whether they may sign in or not.
    direct: Vec<String>,
    /// Groups that the role is given to, with the users in them.
    groups: Vec<(String, Vec<String>)>,
}

/// Whom the role is given to: users, groups, and applications.
pub(super) fn request() -> Request<Page<RoleAssignment>> {
    role_assignments::list().filter(RoleAssignment::ROLE_DEFINITION_ID.eq(GLOBAL_ADMINISTRATOR))
}

/// Who holds a role over the whole tenant, those of the provider's own tenant left out.
pub(super) fn holders(rows: &[RoleAssignment], tenant: &TenantClient) -> Vec<String> {
    let home = tenant.id().to_string();
    let at_home = |row: &&RoleAssignment| {
        row.principal_organization_id
            .as_ref()
            .is_none_or(|own| own.eq_ignore_ascii_case(&home))
    };
    let rows = rows.iter().filter(at_home).filter(|row| row.is_tenant_wide());
    rows.filter_map(|row| row.principal_id.clone()).collect()
}

/// Looks into who the holders are, where the user that the facts are about is one of them.
pub(super) async fn complete(tenant: &TenantClient, facts: &mut Facts) -> Result<(), Error> {
    let (Some(person), Some(holders)) = (&facts.person, &facts.global_administrators) else {
        return Ok(());
    };
    let holds = |id: &str| is_among(holders, id);
    if !holds(&person.user.id) && !person.groups.iter().any(|group| holds(&group.id)) {
        return Ok(());
    }
    match Administrators::of(tenant, holders).await {
        Ok(found) => {
            facts.administrator_groups = found.groups.into_iter().map(|(id, _)| id).collect();
            facts.global_administrators = Some(found.able);
        }
        Err(error) if may_be_absent(error.kind()) => {
            facts.administrator_groups.clone_from(holders);
            facts.global_administrators = None;
            facts
                .unread
                .push(format!("who the Global Administrators are: {}", error.words()));
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

impl Administrators {
    /// Reads them now.
    pub(crate) async fn read(tenant: &TenantClient) -> Result<Self, Error> {
        let rows: Vec<_> = tenant.stream(request()).try_collect().await?;
        Self::of(tenant, &holders(&rows, tenant)).await
    }

    /// What is behind these holders: a user is read as one, the members of a group with it; an application is no person.
    async fn of(tenant: &TenantClient, holders: &[String]) -> Result<Self, Error> {
        let mut found = Self::default();
        if holders.is_empty() {
            return Ok(found);
        }
        let mut batch = Batch::new();
        let properties = [User::ID, User::ACCOUNT_ENABLED];
        let slots: Vec<_> = holders
            .iter()
            .take(HOLDERS)
            .map(|id| {
                let user = batch.add(users::get(id).select(properties));
                (id, user, batch.add(groups::user_members(id)))
            })
            .collect();
        let mut answers = tenant.batch(batch).await?;
        for (id, user, members) in slots {
            let members = existing(answers.take(members))?;
            if let Some(user) = existing(answers.take(user))? {
                found.note(&user);
                found.direct.push(user.id);
            } else if let Some(first) = members {
                let mut all = first.items;
                if let Some(next) = first.next {
                    let further = tenant.stream(groups::user_members(id).resume(next));
                    all.extend(further.try_collect::<Vec<_>>().await?);
                }
                for user in &all {
                    found.note(user);
                }
                let ids = all.into_iter().map(|user| user.id).collect();
                found.groups.push((id.clone(), ids));
            }
        }
        Ok(found)
    }

    fn note(&mut self, user: &User) {
        if user.account_enabled == Some(true) && !is_among(&self.able, &user.id) {
            self.able.push(user.id.clone());
        }
    }

    /// Whether a step takes the role, or its use, from a user who has it.
    pub(crate) fn is_taken_by(&self, kind: &StepKind, user: &str) -> bool {
        let is_direct = is_among(&self.direct, user);
        match kind {
            StepKind::RemoveRole { .. } => is_direct,
            StepKind::RemoveMember { group, .. } => self
                .groups
                .iter()
                .any(|(id, members)| id.eq_ignore_ascii_case(group) && is_among(members, user)),
            _ => is_direct || self.groups.iter().any(|(_, members)| is_among(members, user)),
        }
    }

    /// Whether somebody else may sign in and administer.
    pub(crate) fn has_other_than(&self, user: &str) -> bool {
        self.able.iter().any(|id| !id.eq_ignore_ascii_case(user))
    }
}

fn is_among(ids: &[String], id: &str) -> bool {
    ids.iter().any(|one| one.eq_ignore_ascii_case(id))
}
