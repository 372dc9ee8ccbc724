//! Remarks on the relationship that decides, whether it suffices or not.

use jiff::Timestamp;

use super::{
    Facts, Finding, FindingId, RelationshipFacts, Rules, Severity, Suffices,
    relationship::{DAY, day, has_ended, usable},
};
use crate::{relationships::AssignmentStatus, roles};

/// Remarks on the relationship that decides. None of them matters for one that has ended.
pub(super) fn remark(
    (newest, suffices): (&RelationshipFacts, Suffices),
    facts: &Facts,
    rules: &Rules,
    now: Timestamp,
    findings: &mut Vec<Finding>,
) {
    if has_ended(newest, now) {
        return;
    }
    if suffices == Suffices::Yes {
        findings.extend(ignored(newest, facts));
        findings.extend(nested(newest, facts, rules));
    }
    let name = &newest.name;
    findings.extend(lacking(newest, rules));
    let ending = ends_soon(newest, rules, now);
    let warned = ending.is_some();
    findings.extend(ending);
    let only_global = rules
        .accepted_roles
        .iter()
        .all(|role| role == roles::GLOBAL_ADMINISTRATOR);
    if newest.has_role(roles::GLOBAL_ADMINISTRATOR) && !only_global {
        findings.push(Finding::new(
            FindingId::B10,
            format!("the relationship '{name}' covers Global Administrator"),
            "remove Global Administrator from the relationship, then turn on its automatic extension",
        ));
    } else if !newest.auto_extend && !warned {
        findings.push(Finding::new(
            FindingId::B11,
            format!("the relationship '{name}' does not extend itself"),
            "turn on automatic extension by 180 days",
        ));
    }
}

/// What the host does without a role for it in the relationship.
fn lacking(newest: &RelationshipFacts, rules: &Rules) -> Option<Finding> {
    let without: Vec<_> = rules
        .features
        .iter()
        .filter(|feature| !newest.roles.iter().any(|role| feature.need().is_met_by(role)))
        .map(|feature| {
            let role = feature.need().role;
            let role = roles::name(role).unwrap_or(role);
            format!("{} ({role})", feature.words())
        })
        .collect();
    let evidence = format!(
        "the relationship '{}' has no role for: {}",
        newest.name,
        without.join(", ")
    );
    let remedy = "send the customer a new GDAP invitation with these roles; roles cannot be added later";
    (!without.is_empty()).then(|| Finding::new(FindingId::B12, evidence, remedy))
}

/// Older active relationships, which the newest overrides.
fn ignored(newest: &RelationshipFacts, facts: &Facts) -> Option<Finding> {
    let others: Vec<_> = usable(&facts.relationships)
        .into_iter()
        .filter(|one| one.id != newest.id)
        .map(|one| format!("'{}'", one.name))
        .collect();
    let evidence = format!(
        "the newest relationship '{}' decides; not looked at: {}",
        newest.name,
        others.join(", ")
    );
    let remedy = "end the older relationships once nothing else needs them";
    (!others.is_empty()).then(|| Finding::new(FindingId::B4, evidence, remedy))
}

/// The path to a group with an accepted role, if the account is in none of these directly.
fn nested(newest: &RelationshipFacts, facts: &Facts, rules: &Rules) -> Option<Finding> {
    let held: Vec<_> = newest
        .assignments
        .iter()
        .filter(|one| {
            one.status == AssignmentStatus::Active && one.roles.iter().any(|role| rules.accepts(role))
        })
        .filter(|one| {
            let mut own = facts.member_of.iter();
            own.any(|id| id.eq_ignore_ascii_case(&one.group_id))
        })
        .collect();
    let ways: Option<Vec<_>> = held.iter().map(|one| facts.nested.get(&one.group_id)).collect();
    let shortest = ways?.into_iter().min_by_key(|way| way.len())?;
    let account = facts.account.name.as_deref().unwrap_or("the service account");
    let (last, before) = shortest.split_last()?;
    let way: Vec<_> = std::iter::once(account)
        .chain(before.iter().map(String::as_str))
        .collect();
    let finding = Finding::new(
        FindingId::B8,
        format!(
            "the service account is in the group '{last}' through other groups alone: {} → {last}",
            way.join(" → ")
        ),
        format!(
            "put the service account into the group '{last}' directly; nested groups work, and hide mistakes"
        ),
    );
    Some(
        finding
            .of(Severity::Info)
            .breaking("nothing, as long as nobody changes the groups on the way"),
    )
}

fn ends_soon(newest: &RelationshipFacts, rules: &Rules, now: Timestamp) -> Option<Finding> {
    let end = newest.ends_at.filter(|_| !newest.auto_extend)?;
    let left = end.as_second() - now.as_second();
    let warnings = rules.warning_days.iter().copied();
    let within = warnings.filter(|days| left <= i64::from(*days) * DAY).min()?;
    let span = if within == 1 {
        "1 day".to_owned()
    } else {
        format!("{within} days")
    };
    let finding = Finding::new(
        FindingId::B5,
        format!(
            "the relationship '{}' ends within {span}, on {}",
            newest.name,
            day(end)
        ),
        "turn on automatic extension, or send the customer a new GDAP invitation",
    );
    Some(finding.of(Severity::Warning))
}
