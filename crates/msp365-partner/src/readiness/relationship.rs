//! The B checks: which relationship decides, and whether it suffices.

use jiff::{Timestamp, tz::TimeZone};

use super::{AssignmentFacts, Facts, Finding, FindingId, RelationshipFacts, Rules, Stop, Who};
use crate::{
    relationships::{AssignmentStatus, RelationshipStatus as Status, is_microsoft_led},
    roles,
};

pub(super) const DAY: i64 = 86_400;
/// Days after which an invitation is close to expiry, and after which it expires.
const INVITATION: (i64, i64) = (75, 90);
/// Where the customer accepts an invitation; the id is appended.
const ACCEPT: &str =
    "https://admin.microsoft.com/AdminPortal/Home#/partners/invitation/granularAdminRelationships/";

/// The relationship that decides: the newest of those that are active and not Microsoft-led.
pub(super) fn newest_active(facts: &Facts, now: Timestamp) -> Result<&RelationshipFacts, Stop> {
    if let Some(newest) = usable(&facts.relationships)
        .into_iter()
        .max_by_key(|one| one.order())
    {
        return Ok(newest);
    }
    if facts.relationships.is_empty() && facts.in_partner_center == Some(false) {
        return Err(Box::new(Finding::new(
            FindingId::B1,
            "Partner Center does not list the customer, and there is no GDAP relationship with it",
            "check the tenant id; request a reseller or GDAP relationship from the customer",
        )));
    }
    if let Some(led) = facts
        .relationships
        .iter()
        .find(|one| one.status == Status::Active)
    {
        return Err(Box::new(Finding::new(
            FindingId::B3,
            format!(
                "the only active relationship, '{}', was made by Microsoft for the transition",
                led.name
            ),
            "send the customer a GDAP invitation of your own with an accepted role",
        )));
    }
    let own = facts
        .relationships
        .iter()
        .filter(|one| !is_microsoft_led(&one.name));
    Err(Box::new(
        match own.max_by_key(|one| (promise(&one.status), one.created)) {
            Some(best) => inactive(best, now),
            None => Finding::new(
                FindingId::B2,
                "there is no GDAP relationship with the customer",
                "send the customer a GDAP invitation with an accepted role",
            ),
        },
    ))
}

/// The relationships that can give access: those that are active and not Microsoft-led.
pub fn usable(all: &[RelationshipFacts]) -> Vec<&RelationshipFacts> {
    all.iter()
        .filter(|one| one.status == Status::Active && !is_microsoft_led(&one.name))
        .collect()
}

/// How close an inactive relationship is to becoming active.
const fn promise(status: &Status) -> u8 {
    match status {
        Status::Activating => 6,
        Status::Approved => 5,
        Status::ApprovalPending => 4,
        Status::Created => 3,
        Status::Expiring | Status::Expired => 2,
        Status::TerminationRequested | Status::Terminating | Status::Terminated => 1,
        _ => 0,
    }
}

fn inactive(best: &RelationshipFacts, now: Timestamp) -> Finding {
    const AGAIN: &str = "an ended relationship cannot be revived: send the customer a new GDAP invitation";
    let ended = best
        .ends_at
        .map_or(String::new(), |at| format!(" on {}", day(at)));
    let (what, remedy, who) = match &best.status {
        Status::Activating | Status::Approved => (
            "was accepted and is being activated".to_owned(),
            "wait some minutes and check again",
            Who::Microsoft,
        ),
        Status::ApprovalPending => (
            waiting(best, now),
            "ask a Global Administrator of the customer to accept the invitation",
            Who::CustomerAdministrator,
        ),
        Status::Created => (
            "is a draft that was never sent".to_owned(),
            "finish it in Partner Center and send the invitation to the customer",
            Who::PartnerAdministrator,
        ),
        Status::Expiring => (format!("is expiring{ended}"), AGAIN, Who::PartnerAdministrator),
        Status::Expired => (format!("expired{ended}"), AGAIN, Who::PartnerAdministrator),
        Status::TerminationRequested | Status::Terminating => {
            ("is being terminated".to_owned(), AGAIN, Who::PartnerAdministrator)
        }
        Status::Terminated => ("was terminated".to_owned(), AGAIN, Who::PartnerAdministrator),
        other => (
            format!("is not active but '{other}'"),
            "look at the relationship in Partner Center",
            Who::PartnerAdministrator,
        ),
    };
    let link = (best.status == Status::ApprovalPending)
        .then(|| invitation(&best.id))
        .flatten();
    Finding::new(
        FindingId::B2,
        format!("the relationship '{}' {what}", best.name),
        remedy,
    )
    .by(who)
    .at(link)
}

fn waiting(best: &RelationshipFacts, now: Timestamp) -> String {
    let days = best
        .created
        .map_or(0, |created| (now.as_second() - created.as_second()) / DAY);
    let (close, end) = INVITATION;
    if days >= close {
        format!("has waited {days} days for the customer's acceptance; an invitation ends after {end}")
    } else {
        "was not yet accepted by the customer".to_owned()
    }
}

/// The invitation's address, if the id is plain enough for one.
fn invitation(id: &str) -> Option<String> {
    let plain = !id.is_empty()
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    plain.then(|| format!("{ACCEPT}{id}"))
}

/// Whether the newest relationship suffices. An older one that would is named, but does not help.
pub(super) fn check(
    newest: &RelationshipFacts,
    facts: &Facts,
    rules: &Rules,
    now: Timestamp,
) -> Result<(), Stop> {
    let Some(lack) = lack(newest, facts, rules, now) else {
        return Ok(());
    };
    let others = || {
        usable(&facts.relationships)
            .into_iter()
            .filter(|one| one.id != newest.id)
    };
    let (name, what) = (&newest.name, &lack.what);
    let alone = others().next().is_none();
    let older = others().find(|one| self::lack(one, facts, rules, now).is_none());
    let evidence = match older {
        Some(older) => format!(
            "the newest relationship '{name}' decides, and it {what}; the older '{}' would suffice, but is not looked at",
            older.name
        ),
        None if alone => format!("the relationship '{name}' {what}"),
        None => format!("the newest relationship '{name}' decides, and it {what}"),
    };
    Err(Box::new(
        Finding::new(lack.id, evidence, lack.remedy).by(lack.who),
    ))
}

/// What a relationship lacks.
struct Lack {
    id: FindingId,
    /// Follows the relationship's name in a sentence.
    what: String,
    remedy: String,
    who: Who,
}

impl Lack {
    fn new(id: FindingId, what: String, remedy: impl Into<String>) -> Self {
        Self {
            id,
            what,
            remedy: remedy.into(),
            who: Who::PartnerAdministrator,
        }
    }
}

fn lack(one: &RelationshipFacts, facts: &Facts, rules: &Rules, now: Timestamp) -> Option<Lack> {
    if let Some(end) = one.ends_at.filter(|_| has_ended(one, now)) {
        let remedy = "send the customer a new GDAP invitation";
        return Some(Lack::new(FindingId::B5, format!("ended on {}", day(end)), remedy));
    }
    lack_of_role(one, rules).or_else(|| lack_of_group(one, facts, rules))
}

fn lack_of_role(one: &RelationshipFacts, rules: &Rules) -> Option<Lack> {
    if one.roles.iter().any(|role| rules.accepts(role)) {
        return None;
    }
    let wanted = rules.accepted_names();
    let what = if one.has_role(roles::PRIVILEGED_ROLE_ADMINISTRATOR) {
        format!("has Privileged Role Administrator, which is no longer sufficient, and lacks {wanted}")
    } else {
        format!("lacks the role {wanted}")
    };
    let remedy =
        format!("send the customer a new GDAP invitation with {wanted}; roles cannot be added later");
    Some(Lack::new(FindingId::B6, what, remedy))
}

fn lack_of_group(one: &RelationshipFacts, facts: &Facts, rules: &Rules) -> Option<Lack> {
    let live: Vec<_> = one
        .assignments
        .iter()
        .filter(|assignment| is_live(assignment))
        .collect();
    let fit: Vec<_> = live
        .iter()
        .copied()
        .filter(|assignment| assignment.roles.iter().any(|role| rules.accepts(role)))
        .collect();
    let active: Vec<_> = fit
        .iter()
        .copied()
        .filter(|assignment| assignment.status == AssignmentStatus::Active)
        .collect();
    if active.is_empty() {
        return Some(no_group(&live, &fit, rules));
    }
    let existing: Vec<_> = active
        .iter()
        .copied()
        .filter(|one| one.group_exists != Some(false))
        .collect();
    if existing.is_empty() {
        return Some(Lack::new(
            FindingId::B9,
            format!("gives its role to {}, which was deleted", groups(&active)),
            "assign an existing security group to the relationship; one made anew under the same name is another",
        ));
    }
    let member = |one: &&AssignmentFacts| {
        facts
            .member_of
            .iter()
            .any(|id| id.eq_ignore_ascii_case(&one.group_id))
    };
    if existing.iter().any(member) {
        return None;
    }
    let named = groups(&existing);
    Some(Lack::new(
        FindingId::B8,
        format!("gives its role to {named}, of which the service account is not a member"),
        format!("add the service account to {named}, wait some minutes and connect again"),
    ))
}

const fn is_live(assignment: &AssignmentFacts) -> bool {
    !matches!(
        assignment.status,
        AssignmentStatus::Deleting | AssignmentStatus::Deleted
    )
}

/// Why no group has an accepted role yet.
fn no_group(live: &[&AssignmentFacts], fit: &[&AssignmentFacts], rules: &Rules) -> Lack {
    let of = |status: AssignmentStatus| -> Vec<_> {
        fit.iter()
            .copied()
            .filter(|assignment| assignment.status == status)
            .collect()
    };
    let wanted = rules.accepted_names();
    let (pending, failed) = (of(AssignmentStatus::Pending), of(AssignmentStatus::Error));
    if !pending.is_empty() {
        let what = format!("is still giving its role to {}", groups(&pending));
        let lack = Lack::new(FindingId::B7, what, "wait up to ten minutes and check again");
        return Lack {
            who: Who::Microsoft,
            ..lack
        };
    }
    let (what, remedy) = if !failed.is_empty() {
        let what = format!("could not give its role to {}", groups(&failed));
        (
            what,
            "remove the failed assignment in Partner Center and assign the group again".to_owned(),
        )
    } else if live.is_empty() {
        let remedy = format!("assign a security group with {wanted} to the relationship in Partner Center");
        ("gives its roles to no security group".to_owned(), remedy)
    } else {
        let named = groups(live);
        let what = format!("gives {named} none of the roles {wanted}");
        (what, format!("give {named} the role {wanted} in Partner Center"))
    };
    Lack::new(FindingId::B7, what, remedy)
}

fn groups(assignments: &[&AssignmentFacts]) -> String {
    let names: Vec<_> = assignments
        .iter()
        .map(|one| format!("'{}'", one.label()))
        .collect();
    let word = if names.len() == 1 {
        "the group"
    } else {
        "the groups"
    };
    format!("{word} {}", names.join(" and "))
}

pub(super) fn has_ended(one: &RelationshipFacts, now: Timestamp) -> bool {
    one.ends_at.is_some_and(|end| end <= now) && !one.auto_extend
}

pub(super) fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).date().to_string()
}
