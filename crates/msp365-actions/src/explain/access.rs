//! From the tenant to the role: whether the service account and the application may do such a thing there at all.

use std::collections::BTreeSet;

use msp365_graph::roles;
use msp365_partner::readiness::{
    self, AdminAgent, ConsentFacts, Finding, FindingId, RelationshipFacts, Rules, TokenFacts,
};
use msp365_store::TenantStatus;

use super::{
    Action, LinkId, Mender,
    chain::{Case, Chain},
    tables::Task,
};

const CONSENT: &str = "which permissions the application has";
const RELATION: &str = "which relationship decides";

/// Whether the tenant is one of those that are worked with.
pub(super) fn tenant(case: &Case<'_>, chain: &mut Chain) {
    let status = match case.tenant.status.known() {
        Err(why) => return chain.unknown(LinkId::Tenant, "how the tenant stands", why),
        Ok(status) => *status,
    };
    match status {
        Some(TenantStatus::Deactivated | TenantStatus::Unsyncing) | None => chain.broken(
            (LinkId::Tenant, Mender::HostAdministrator),
            "the tenant is not synced",
            "choose the tenant to be synced (`tenants sync`)",
        ),
        Some(TenantStatus::Detached) => chain.broken(
            (LinkId::Tenant, Mender::PartnerAdministrator),
            "the partner no longer lists the tenant",
            "request a new relationship from the customer, or stop syncing the tenant",
        ),
        Some(status) => chain.holds(LinkId::Tenant, format!("the tenant is {}", status.as_str())),
    }
}

/// Whether the application was consented to with what each task takes.
pub(super) fn consent(case: &Case<'_>, tasks: &[Task], chain: &mut Chain) {
    let granted = match case.tenant.consent.known() {
        Err(why) => return chain.unknown(LinkId::Consent, CONSENT, why),
        Ok(None) if case.tenant.is_direct() => {
            return chain.broken(
                (LinkId::Consent, Mender::CustomerAdministrator),
                "the application has no consent in the tenant",
                "have an administrator of the tenant consent to the application, then connect again",
            );
        }
        Ok(None) => {
            return chain.broken(
                (LinkId::Consent, Mender::PartnerAdministrator),
                "the application has no consent in the tenant",
                "enrol the tenant (`tenants sync`), which gives the consent through Partner Center",
            );
        }
        Ok(Some(granted)) => granted,
    };
    let is_direct = case.tenant.is_direct();
    for task in tasks {
        let all = task.permissions(is_direct);
        if all.is_empty() {
            chain.broken(
                (LinkId::Consent, Mender::Caller),
                "an application cannot do this by itself: it takes somebody who is signed in",
                "do it through the provider's account, or have it done by an administrator of the tenant",
            );
            continue;
        }
        let served = all.iter().find(|all| all.iter().all(|one| has(granted, one)));
        if let Some(all) = served {
            chain.holds(LinkId::Consent, format!("consented to: {}", all.join(" and ")));
            continue;
        }
        lacks(task, is_direct, chain);
    }
}

/// How a host turns on what it has to ask for by itself, as the permission for it is broad.
pub(super) fn turning_on(what: &str) -> String {
    format!(
        "turn on changing {what} (`Builder::changing_{what}`, on the command line `msp365 connect --write \
         --write-{what}`), sign in anew and enrol the tenant again"
    )
}

/// Says which permissions the application lacks.
fn lacks(task: &Task, is_direct: bool, chain: &mut Chain) {
    let all = task.permissions(is_direct);
    let ways: Vec<_> = all.iter().map(|all| all.join(" with ")).collect();
    let least = all.first().map(|all| all.join(" and ")).unwrap_or_default();
    let (mender, remedy) = if is_direct {
        (
            Mender::CustomerAdministrator,
            format!("grant the application {least} as a permission of its own"),
        )
    } else {
        let remedy =
            (task.name == "devices").then(|| format!("{}, which asks for {least}", turning_on("devices")));
        (
            Mender::PartnerAdministrator,
            remedy.unwrap_or_else(|| {
                format!("add {least} to what the application asks for and renew the consent of the tenant")
            }),
        )
    };
    chain.broken(
        (LinkId::Consent, mender),
        format!(
            "none of these was consented to in the tenant: {}",
            ways.join("; ")
        ),
        remedy,
    );
}

/// Whether a permission is among those granted, letter case aside.
pub(super) fn has(granted: &BTreeSet<String>, scope: &str) -> bool {
    granted.iter().any(|own| own.eq_ignore_ascii_case(scope))
}

/// What the account turned out to have in the tenant: template ids of roles, in lower case; `None`: not known.
pub(super) type Roles = Option<BTreeSet<String>>;

/// Whether the account gets in, and with which roles.
pub(super) fn account(case: &Case<'_>, chain: &mut Chain) -> Roles {
    let access = match case.tenant.access.known() {
        Err(why) => {
            chain.unknown(LinkId::Relationship, RELATION, why);
            chain.unknown(LinkId::Group, "which groups the account is in", why);
            return None;
        }
        Ok(access) => access,
    };
    let mut facts = access.clone();
    // Neither of these two keeps the account from changing a user: consent is looked at by itself.
    facts.admin_agent = AdminAgent::Unknown;
    facts.consent = ConsentFacts::NotRead;
    let every = facts
        .relationships
        .iter()
        .flat_map(|one| one.roles.iter().cloned());
    let rules = Rules::default().accept(every.collect::<BTreeSet<_>>());
    let found = readiness::assess(&facts, &rules, case.tenant.at);
    let error = found.first_error();
    let newest = found.relationship.as_ref();
    let newest = newest.and_then(|id| facts.relationships.iter().find(|one| one.id == *id));
    if let Some(finding) = error {
        broken(finding, newest, chain);
    } else if facts.token == TokenFacts::Ok {
        chain.holds(
            LinkId::SignIn,
            if access.is_direct {
                "the application gets a token of the tenant"
            } else {
                "the service account gets a token of the tenant"
            },
        );
    }
    if access.is_primary || access.is_direct {
        return own_roles(case, chain);
    }
    let newest = newest?;
    if error.is_none_or(|finding| place(finding.id) != LinkId::Relationship) {
        chain.holds(
            LinkId::Relationship,
            format!("the newest relationship, '{}', decides", newest.name),
        );
    }
    let held = newest.roles_of(&facts.member_of);
    if error.is_none_or(|finding| !matches!(place(finding.id), LinkId::Relationship | LinkId::Group)) {
        chain.holds(LinkId::Group, groups(newest, &facts.member_of));
    }
    let has_lapsed = error.is_some_and(|finding| place(finding.id) == LinkId::Relationship);
    Some(if has_lapsed { BTreeSet::new() } else { held })
}

fn own_roles(case: &Case<'_>, chain: &mut Chain) -> Roles {
    match case.tenant.own_roles.known() {
        Ok(roles) => Some(roles.iter().map(|role| role.to_ascii_lowercase()).collect()),
        Err(why) => {
            chain.unknown(LinkId::Role, "which roles are held without a relationship", why);
            None
        }
    }
}

/// Says what the readiness check found wrong, in the place of the chain where it belongs.
fn broken(finding: &Finding, newest: Option<&RelationshipFacts>, chain: &mut Chain) {
    let place = place(finding.id);
    chain.broken(
        (place, finding.who.into()),
        finding.evidence.clone(),
        finding.remedy.clone(),
    );
    let because = format!("first mend what is found under `{}`", place.as_str());
    if place <= LinkId::Relationship && newest.is_none() && place != LinkId::Relationship {
        chain.unknown(LinkId::Relationship, RELATION, &because);
    }
    if place != LinkId::Group && newest.is_none() {
        chain.unknown(LinkId::Group, "which groups have roles", &because);
    }
}

const fn place(id: FindingId) -> LinkId {
    match id {
        FindingId::B1 | FindingId::B2 | FindingId::B3 | FindingId::B4 | FindingId::B5 => LinkId::Relationship,
        FindingId::B6 | FindingId::B7 | FindingId::B8 | FindingId::B9 => LinkId::Group,
        FindingId::C1 | FindingId::C2 => LinkId::Consent,
        _ => LinkId::SignIn,
    }
}

fn groups(newest: &RelationshipFacts, member_of: &BTreeSet<String>) -> String {
    let own = newest.assignments.iter().filter(|assignment| {
        member_of
            .iter()
            .any(|id| id.eq_ignore_ascii_case(&assignment.group_id))
    });
    let names: Vec<_> = own
        .map(|assignment| format!("'{}'", assignment.label()))
        .collect();
    format!("the service account is in {}", names.join(", "))
}

/// Whether the account has a role for each task.
pub(super) fn role(case: &Case<'_>, tasks: &[Task], own: &Roles, chain: &mut Chain) {
    if case.tenant.is_direct() {
        // What it takes to touch an administrator is another link.
        chain.links.retain(|link| link.id != LinkId::Role);
        chain.holds(LinkId::Role, "an application needs no directory role for this");
        return;
    }
    let Some(own) = own else {
        if !chain.links.iter().any(|link| link.id == LinkId::Role) {
            chain.unknown(LinkId::Role, "which roles the account has", "see above");
        }
        return;
    };
    let members = match case.action {
        Action::JoinGroup(group) | Action::LeaveGroup(group) => Some(group),
        _ => None,
    };
    if members.is_some_and(|group| case.target.own_groups.contains(group)) {
        chain.holds(
            LinkId::Role,
            "the service account owns the group, and needs no role",
        );
        return;
    }
    for task in tasks {
        match task.roles.iter().find(|role| own.contains(**role)) {
            Some(role) => chain.holds(LinkId::Role, format!("the account is {}", name(role))),
            None => chain.broken(
                (LinkId::Role, Mender::PartnerAdministrator),
                format!(
                    "the account is {} in the tenant; it takes {}",
                    names(own),
                    either(&task.roles)
                ),
                remedy(case, task),
            ),
        }
    }
}

fn remedy(case: &Case<'_>, task: &Task) -> String {
    let least = task.roles.first().map_or("", |role| name(role));
    let covers = |one: &RelationshipFacts| {
        task.roles
            .iter()
            .find(|role| one.roles.iter().any(|own| own.eq_ignore_ascii_case(role)))
            .copied()
    };
    let access = case.tenant.access.get();
    if access.is_some_and(|access| access.is_primary) {
        return format!("give the service account the role {least} in the provider's own tenant");
    }
    let covered = access.and_then(|access| {
        let newest = readiness::assess(access, &Rules::default(), case.tenant.at).relationship?;
        access
            .relationships
            .iter()
            .find(|one| one.id == newest)
            .and_then(covers)
    });
    match covered {
        Some(role) => format!(
            "give the relationship's security group the role {} in Partner Center; the relationship covers it",
            name(role)
        ),
        None => format!("send the customer a new GDAP invitation with {least}; roles cannot be added later"),
    }
}

/// The name of a role, or its id.
pub(super) fn name(role: &str) -> &str {
    roles::name(role).unwrap_or(role)
}

/// Roles by name, or that there are none.
pub(super) fn names<S: AsRef<str>>(roles: impl IntoIterator<Item = S>) -> String {
    let names: Vec<_> = roles
        .into_iter()
        .map(|role| name(role.as_ref()).to_owned())
        .collect();
    if names.is_empty() {
        "without a role".to_owned()
    } else {
        names.join(", ")
    }
}

/// Roles by name, of which one will do.
pub(super) fn either<S: AsRef<str>>(roles: impl IntoIterator<Item = S>) -> String {
    let names: Vec<_> = roles
        .into_iter()
        .map(|role| name(role.as_ref()).to_owned())
        .collect();
    names.join(" or ")
}
