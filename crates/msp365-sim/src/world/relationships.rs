//! GDAP relationships of a customer: the one that decides, and those around it.

use super::{
    access::later,
    chance::Dice,
    draft::Draft,
    model::{Assignment, Relationship, Tenant, Trouble},
    roles::{template, templates},
};
use crate::scenario::{PartnerGroup, RelationshipPin};

/// Security groups of the partner tenant that relationships are assigned to.
#[derive(Debug)]
pub(crate) struct PartnerGroups {
    /// Holds the service account itself.
    pub(crate) first_line: String,
    /// Holds it through another group.
    pub(crate) second_line: String,
    /// Does not hold it.
    pub(crate) former: String,
}

/// What the product needs to read and act, with the least role that may consent.
const ROLES: [&str; 12] = [
    "Cloud Application Administrator",
    "Global Reader",
    "Directory Readers",
    "User Administrator",
    "License Administrator",
    "Groups Administrator",
    "Authentication Administrator",
    "Helpdesk Administrator",
    "Intune Administrator",
    "Cloud Device Administrator",
    "Reports Reader",
    "Exchange Administrator",
];

/// What Microsoft calls the relationships it made for the transition, in front of a number.
const MICROSOFT_LED: &str = "MLT_";

/// What a relationship to be made differs in.
struct Terms {
    name: &'static str,
    status: &'static str,
    /// Days before the world's present.
    created: (i64, i64),
    auto_extends: bool,
    roles: Vec<String>,
    group: Option<String>,
}

/// All relationships of a customer, oldest first.
pub(crate) fn of(draft: &Draft, tenant: &Tenant, groups: &PartnerGroups) -> Vec<Relationship> {
    let dice = draft.dice("relationships");
    let mut terms = earlier(&dice, groups);
    terms.extend(deciding(draft, &dice, groups));
    if tenant.has(Trouble::NoRelationship) {
        terms.clear();
    } else if tenant.has(Trouble::Expired) || tenant.has(Trouble::InvitationPending) {
        terms.retain(|one| one.status != "active");
    } else if tenant.has(Trouble::MicrosoftLed) {
        terms.retain(|one| one.status != "active" || one.name == MICROSOFT_LED);
    }
    let settled = tenant.trouble.is_none() || draft.index.is_multiple_of(2);
    if dice.chance(25) && settled && !tenant.has(Trouble::NoRelationship) {
        terms.push(Terms {
            name: "renewal",
            status: "approvalPending",
            created: (3, 40),
            auto_extends: true,
            roles: templates(&ROLES),
            group: None,
        });
    }
    terms
        .into_iter()
        .map(|terms| conclude(draft, tenant, &dice, terms))
        .collect()
}

/// Former relationships, which some customers have.
fn earlier(dice: &Dice, groups: &PartnerGroups) -> Vec<Terms> {
    let mut terms = Vec::new();
    if dice.chance(30) {
        terms.push(Terms {
            name: "first contract",
            status: "terminated",
            created: (900, 1_100),
            auto_extends: false,
            roles: templates(&ROLES[..4]),
            group: Some(groups.former.clone()),
        });
    }
    if dice.chance(25) {
        terms.push(Terms {
            name: "service desk",
            status: "active",
            created: (760, 880),
            auto_extends: true,
            roles: templates(&ROLES[4..]),
            group: Some(groups.second_line.clone()),
        });
    }
    terms
}

fn deciding(draft: &Draft, dice: &Dice, groups: &PartnerGroups) -> Vec<Terms> {
    let nested = dice.chance(30);
    let has_global_administrator = dice.chance(20);
    let mut roles = templates(&ROLES);
    if has_global_administrator {
        roles.push(template("Global Administrator"));
    }
    let group = if nested {
        &groups.second_line
    } else {
        &groups.first_line
    };
    let mut one = Terms {
        name: "managed services",
        status: "active",
        created: (60, 500),
        auto_extends: !has_global_administrator,
        roles,
        group: Some(group.clone()),
    };
    if draft.has(Trouble::OnlyPrivilegedRoleAdministrator) {
        one.auto_extends = true;
        one.roles = templates(&["Privileged Role Administrator"]);
    }
    if draft.has(Trouble::NotExtending) {
        one.roles.retain(|role| *role != template("Global Administrator"));
        one.auto_extends = false;
    }
    if draft.has(Trouble::EndsSoon) {
        (one.created, one.auto_extends) = ((718, 724), false);
    }
    if draft.has(Trouble::Unassigned) {
        one.group = None;
    }
    if draft.has(Trouble::MicrosoftLed) {
        one.name = MICROSOFT_LED;
    }
    if draft.has(Trouble::InvitationPending) {
        one.status = "approvalPending";
    }
    if draft.has(Trouble::Expired) {
        (one.status, one.created, one.auto_extends) = ("expired", (740, 860), false);
    }
    let newest = draft.has(Trouble::NewestWithoutGroup).then(|| Terms {
        name: "new managed services",
        status: one.status,
        created: (20, 50),
        auto_extends: true,
        roles: templates(&ROLES),
        group: Some(groups.former.clone()),
    });
    std::iter::once(one).chain(newest).collect()
}

/// The relationships that somebody pinned, in place of those a customer would have.
pub(crate) fn pinned(
    draft: &Draft,
    tenant: &Tenant,
    groups: &PartnerGroups,
    pins: &[RelationshipPin],
) -> Vec<Relationship> {
    let dice = draft.dice("pinned relationships");
    let pin = |pin: &RelationshipPin| {
        let group = match pin.group {
            PartnerGroup::FirstLine => Some(groups.first_line.clone()),
            PartnerGroup::SecondLine => Some(groups.second_line.clone()),
            PartnerGroup::Former => Some(groups.former.clone()),
            PartnerGroup::None => None,
        };
        let terms = Terms {
            name: "",
            status: pin.status,
            created: (pin.created_days_ago, pin.created_days_ago),
            auto_extends: pin.auto_extends,
            roles: pin.roles.clone().unwrap_or_else(|| templates(&ROLES)),
            group,
        };
        let made = conclude(draft, tenant, &dice, terms);
        Relationship {
            id: pin.id.clone().unwrap_or(made.id),
            display_name: pin.name.clone(),
            duration_days: pin.days,
            ..made
        }
    };
    pins.iter().map(pin).collect()
}

fn conclude(draft: &Draft, tenant: &Tenant, dice: &Dice, terms: Terms) -> Relationship {
    let created = draft.ago(dice, terms.created.0, terms.created.1);
    let activated = (terms.status != "approvalPending").then(|| later(created, 1));
    let assigned = matches!(terms.status, "active" | "expired");
    let assignments = terms.group.filter(|_| assigned).map(|group| Assignment {
        id: dice.id(),
        group,
        roles: terms.roles.clone(),
        status: "active",
        created: later(created, 2),
        modified: later(created, 2),
        version: 1,
    });
    let modified = match terms.status {
        "terminated" => later(created, 200),
        "expired" => later(created, 731),
        _ => later(created, 2),
    };
    let short: String = tenant.name.chars().take(24).collect();
    Relationship {
        id: format!("{}-{}", dice.id(), dice.id()),
        customer: Some(tenant.id),
        customer_name: tenant.name.clone(),
        display_name: match terms.name {
            MICROSOFT_LED => format!("{MICROSOFT_LED}{:04}_{}", draft.index, draft.seed),
            name => format!("{:04} {short} {name}", draft.index),
        },
        roles: terms.roles,
        duration_days: 730,
        auto_extends: terms.auto_extends,
        extended_days: 0,
        stored_status: terms.status,
        created,
        activated,
        modified,
        assignments: assignments.into_iter().collect(),
        version: 1,
    }
}
