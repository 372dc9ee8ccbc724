//! Why an action will work, or why not, before anything is asked of the service.
//!
//! [`explain`] is a pure function of what is known: who asks ([`Actor`]), the tenant ([`TenantFacts`]), the action and
//! the user ([`TargetFacts`]). It answers with the whole chain, from the technician's own permission to the rules about
//! the user: each link with its evidence, whether it holds, and where it does not, who can mend it and how. What could
//! not be known is said so. The decision tables (who needs which permission and role, who reaches whose account, which
//! service plans exclude each other) are files beside the code.
//!
//! [`Gatherer`] reads the facts, in a bounded number of requests. [`plan_refusal`] guards a plan with the same
//! function.
//!
//! ```
//! use msp365_actions::explain::*;
//!
//! let tenant = TenantFacts::new("11111111-2222-3333-4444-555555555555".parse().unwrap(), "2026-03-01T00:00:00Z".parse()?);
//! let mut ada = TargetFacts::new("ada@contoso.example");
//! ada.user = Known::Is(None);
//!
//! let said = explain(&Actor::host(), &tenant, &Action::Block, &ada);
//!
//! assert_eq!(said.verdict, Verdict::WillNot);
//! assert_eq!(said.first_broken().map(|link| link.id), Some(LinkId::Target));
//! // Nothing else was looked at here, and nothing is made up for it.
//! assert_eq!(said.link(LinkId::Consent).map(|link| link.state), Some(State::Unknown));
//! # Ok::<(), jiff::Error>(())
//! ```
//!
//! | part | what is in it |
//! |---|---|
//! | [`explain`], [`Explanation`], [`Link`] | the question and the answer |
//! | [`Action`] | what can be done to a user |
//! | [`TenantFacts`], [`TargetFacts`], [`Known`] | what is known, and what is not |
//! | [`Gatherer`] | reading the facts |
//! | [`Levels`], [`Permissions`], [`Actor`] | the host's technicians |
//!
//! It speaks of a service account that is signed in, or, in a tenant that is reached directly, of an application that acts
//! for itself: there its own permissions count, it needs a directory role to touch administrators alone, and what takes a
//! person is said to. Rules of one's own, such as accounts that are never to be touched, are not looked at here.

mod access;
mod action;
mod answer;
mod chain;
mod facts;
mod foresee;
mod gather;
mod guard;
mod license;
mod membership;
mod policy;
mod reach;
mod tables;
mod target;
mod technicians;
#[cfg(test)]
mod tests;
mod units;
mod viewer;

pub use action::{Action, ActionKind, DeviceChange};
pub use answer::{Explanation, Link, LinkId, Mender, State, Verdict};
pub use facts::{Known, TargetFacts, TenantFacts};
pub use gather::Gatherer;
pub(crate) use gather::rest;
pub use guard::{of_plan, plan_actor, plan_refusal};
pub use technicians::{
    Actor, Area, Ask, Decision, Level, Levels, Permissions, Purpose, Scope, Technician, Tier,
};
pub use viewer::{SiteMap, Sites, Viewer};

use chain::{Case, Chain};

/// Whether an action will work, and the whole chain of conditions it depends on.
///
/// For a technician who may not see the tenant, and for a tenant that is not listed, the answer is the same.
pub fn explain(actor: &Actor, tenant: &TenantFacts, action: &Action, target: &TargetFacts) -> Explanation {
    if let Some(refused) = unseen(actor, tenant.status.get() == Some(&None), action) {
        return refused;
    }
    match action {
        Action::Offboard(steps) => in_turn(actor, tenant, steps, target),
        one => single(
            actor,
            Case {
                tenant,
                action: one,
                target,
            },
        ),
    }
}

/// The first broken link, if the action is to be refused.
pub fn refusal(actor: &Actor, tenant: &TenantFacts, action: &Action, target: &TargetFacts) -> Option<Link> {
    let said = explain(actor, tenant, action, target);
    let is_refused = said.verdict == Verdict::WillNot;
    is_refused.then(|| said.first_broken().cloned()).flatten()
}

/// What is answered without any look at the tenant, if the actor may not do this, or the tenant is not one of ours.
pub fn unseen(actor: &Actor, is_unlisted: bool, action: &Action) -> Option<Explanation> {
    let mut chain = Chain::default();
    match &actor.decision {
        Decision::Hidden => no_such_tenant(&mut chain),
        Decision::Forbidden { needs } => chain.broken(
            (LinkId::Permission, Mender::HostAdministrator),
            format!("the technician lacks {needs}"),
            "ask somebody who may, or have the level of the technician changed",
        ),
        Decision::Allowed if is_unlisted => no_such_tenant(&mut chain),
        Decision::Allowed => return None,
    }
    Some(chain.conclude(action.kind()))
}

fn no_such_tenant(chain: &mut Chain) {
    chain.broken(
        (LinkId::Permission, Mender::HostAdministrator),
        "there is no such tenant",
        "check the tenant id; if it is right, ask an administrator of the host for access",
    );
}

fn single(actor: &Actor, case: Case<'_>) -> Explanation {
    let mut chain = Chain::default();
    let who = actor.technician.as_deref().unwrap_or("the host");
    chain.holds(LinkId::Permission, format!("'{who}' may do this here"));
    let tasks = case.tasks();
    access::tenant(&case, &mut chain);
    access::consent(&case, &tasks, &mut chain);
    let own = access::account(&case, &mut chain);
    access::role(&case, &tasks, &own, &mut chain);
    target::check(&case, &mut chain);
    reach::check(&case, &tasks, &own, &mut chain);
    license::check(&case, &mut chain);
    policy::check(&case, &mut chain);
    target::on_premises(&case, &mut chain);
    membership::check(&case, &mut chain);
    chain.conclude(case.action.kind())
}

/// Several steps, each seen as the user will be once those before it are done.
fn in_turn(actor: &Actor, tenant: &TenantFacts, steps: &[Action], target: &TargetFacts) -> Explanation {
    let mut chain = Chain::default();
    if steps.is_empty() {
        target::nothing(&mut chain);
    }
    let mut target = target.clone();
    let mut parts = Vec::new();
    for step in steps {
        let part = explain(actor, tenant, step, &target);
        if matches!(part.verdict, Verdict::WillWork | Verdict::AlreadySo) {
            foresee::foresee(&mut target, step);
        }
        chain.links.extend(part.links.iter().cloned());
        chain.cautions.extend(part.cautions.iter().cloned());
        parts.push(part);
    }
    if !parts.is_empty() && parts.iter().all(|part| part.verdict == Verdict::AlreadySo) {
        chain.already();
    }
    let mut said = chain.conclude(ActionKind::Offboard);
    said.parts = parts;
    said
}
