//! Whether who is in a group, or who has a role, can be changed.

use msp365_graph::{
    groups::{FixedMembership, Group},
    role_assignments::TENANT,
};

use super::{
    Action, LinkId, Mender,
    access::name,
    chain::{Case, Chain, direct_groups},
};

/// Whether the membership or the assignment can be changed.
pub(super) fn check(case: &Case<'_>, chain: &mut Chain) {
    match case.action {
        Action::JoinGroup(id)
        | Action::LeaveGroup(id)
        | Action::OwnGroup(id)
        | Action::HandGroupTo { group: id, .. } => one(case, id, chain),
        Action::LeaveAllGroups => all(case, chain),
        Action::AddRole(role) => add_role(case, role, chain),
        Action::RemoveRole(role) => remove_role(case, (role, TENANT), chain),
        Action::RemoveRoleIn { role, scope } => remove_role(case, (role, scope), chain),
        Action::RemoveAllRoles => match case.target.roles.known() {
            Err(why) => chain.unknown(LinkId::Membership, "which roles the user holds", why),
            Ok(roles) => {
                chain.holds(
                    LinkId::Membership,
                    format!("the user holds {} roles itself", roles.len()),
                );
                if roles.is_empty() {
                    chain.already();
                }
            }
        },
        _ => {}
    }
}

fn one(case: &Case<'_>, id: &str, chain: &mut Chain) {
    let group = match case.target.group(id) {
        Err(why) => return chain.unknown(LinkId::Membership, "what kind of group it is", why),
        Ok(None) => {
            return chain.broken(
                (LinkId::Membership, Mender::Caller),
                format!("the tenant has no group '{id}'"),
                "check the object id of the group",
            );
        }
        Ok(Some(group)) => group,
    };
    let owns = matches!(case.action, Action::OwnGroup(_) | Action::HandGroupTo { .. });
    // A rule decides who is a member, not who is an owner.
    let by_rule = group.fixed_membership() == Some(FixedMembership::Rule);
    let is_free = owns && by_rule && group.is_management_restricted != Some(true);
    let may = is_free || changeable(group, chain);
    if !may {
        return;
    }
    match case.action {
        Action::OwnGroup(_) => return owner(case, id, chain),
        Action::HandGroupTo { .. } => {
            let kept = format!("who owns '{}' is decided in the cloud", label(group));
            return chain.holds(LinkId::Membership, kept);
        }
        _ => {}
    }
    let joins = matches!(case.action, Action::JoinGroup(_));
    match case.target.direct_groups.known() {
        Err(why) => chain.unknown(LinkId::Membership, "whether the user is in the group", why),
        Ok(groups) => {
            let is_in = groups.contains(&group.id);
            let word = if is_in { "is" } else { "is not" };
            chain.holds(
                LinkId::Membership,
                format!("the user {word} in '{}'", label(group)),
            );
            if is_in == joins {
                chain.already();
            }
        }
    }
    let gives = !group.assigned_licenses.is_empty();
    if gives && joins {
        chain.caution(
            "the group gives licences: they need a usage location and free units, or end in an error",
        );
    } else if gives {
        chain.caution("the group gives licences, which the user loses with it");
    }
}

fn owner(case: &Case<'_>, group: &str, chain: &mut Chain) {
    match case.target.owned_groups.known() {
        Err(why) => chain.unknown(LinkId::Membership, "whether the user owns the group", why),
        Ok(groups) => {
            let owns = groups.iter().any(|own| own.eq_ignore_ascii_case(group));
            let word = if owns { "owns" } else { "does not own" };
            chain.holds(LinkId::Membership, format!("the user {word} the group"));
            if owns {
                chain.already();
            }
        }
    }
}

fn all(case: &Case<'_>, chain: &mut Chain) {
    let unread = [
        case.target.groups.known().err(),
        case.target.direct_groups.known().err(),
    ];
    if let Some(why) = unread.into_iter().flatten().next() {
        return chain.unknown(LinkId::Membership, "which groups the user is in", why);
    }
    let groups: Vec<_> = direct_groups(case.target).collect();
    for group in &groups {
        changeable(group, chain);
    }
    chain.holds(
        LinkId::Membership,
        format!("the user is in {} groups itself", groups.len()),
    );
    if groups.is_empty() {
        chain.already();
    }
}

/// Whether Graph changes who is in this group; says why not.
fn changeable(group: &Group, chain: &mut Chain) -> bool {
    let (why, mender, remedy) = match group.fixed_membership() {
        Some(FixedMembership::OnPremises) => (
            "is mastered on-premises",
            Mender::CustomerAdministrator,
            "change who is in it in the directory on-premises",
        ),
        Some(FixedMembership::Rule) => (
            "is dynamic: its rule decides who is in it",
            Mender::CustomerAdministrator,
            "change what the rule looks at, or the rule itself",
        ),
        // Exchange, and whatever else there may come to be.
        Some(_) => (
            "is mail-enabled, and kept by Exchange",
            Mender::CustomerAdministrator,
            "change who is in it in the Exchange admin center, or in Exchange PowerShell",
        ),
        None if group.is_management_restricted == Some(true) => (
            "is in a restricted administrative unit, which roles of the whole tenant do not reach",
            Mender::CustomerAdministrator,
            "have it done by an administrator of that unit",
        ),
        None => return true,
    };
    chain.broken(
        (LinkId::Membership, mender),
        format!("the group '{}' {why}", label(group)),
        remedy,
    );
    false
}

fn label(group: &Group) -> &str {
    group.display_name.as_deref().unwrap_or(&group.id)
}

fn add_role(case: &Case<'_>, role: &str, chain: &mut Chain) {
    match case.target.has_role(role) {
        Err(why) => return chain.unknown(LinkId::Membership, "whether the tenant has the role", why),
        Ok(false) => {
            return chain.broken(
                (LinkId::Membership, Mender::Caller),
                format!("the tenant has no role '{role}'"),
                "check the template id of the role",
            );
        }
        Ok(true) => {}
    }
    match held(case, (role, TENANT)) {
        Err(why) => chain.unknown(LinkId::Membership, "which roles the user holds", why),
        Ok(true) => {
            chain.holds(LinkId::Membership, format!("the user is {} already", name(role)));
            chain.already();
        }
        Ok(false) => chain.holds(LinkId::Membership, format!("the user is not {} yet", name(role))),
    }
}

fn remove_role(case: &Case<'_>, (role, scope): (&str, &str), chain: &mut Chain) {
    match held(case, (role, scope)) {
        Err(why) => chain.unknown(LinkId::Membership, "which roles the user holds", why),
        Ok(true) => chain.holds(LinkId::Membership, format!("the user is {} itself", name(role))),
        Ok(false) => {
            chain.holds(
                LinkId::Membership,
                format!("the user is not {} itself", name(role)),
            );
            chain.caution("a role that comes through a group goes when the user leaves that group");
            chain.already();
        }
    }
}

/// Whether the user holds a role itself, in this part of the tenant.
fn held<'a>(case: &Case<'a>, (role, scope): (&str, &str)) -> Result<bool, &'a str> {
    let roles = case.target.roles.known()?;
    let is_it = |own: &msp365_graph::role_assignments::RoleAssignment| {
        own.role_definition_id
            .as_deref()
            .is_some_and(|id| id.eq_ignore_ascii_case(role))
            && own
                .directory_scope_id
                .as_deref()
                .is_some_and(|own| own.eq_ignore_ascii_case(scope))
    };
    Ok(roles.iter().any(is_it))
}
