//! What joining or leaving groups brings and takes, before it is done.
//!
//! [`preview`] is a pure function of a user's cards and of what hangs on the groups. [`facts`] reads both; [`hanging`]
//! tells of groups alone, for whoever chooses one.
//!
//! Licences, teams and applications come to those who are in a group directly; a group in it passes none of them on. Roles
//! do so too, as groups that roles can be given to hold no groups.

mod effects;
mod read;

use std::collections::{BTreeMap, BTreeSet};

use msp365_core::{TenantId, id::canonical};
use msp365_graph::groups::FixedMembership;
use serde::Serialize;

pub use read::{facts, hanging};

use super::{Application, Card, CardKind, Details, Gap, GroupEntry, Named, RoleEntry, RoleScope};

/// A change of the groups that somebody is in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
#[must_use]
pub struct Change {
    /// Object ids of groups to be joined.
    pub join: BTreeSet<String>,
    /// Object ids of groups to be left.
    pub leave: BTreeSet<String>,
}

impl Change {
    /// Joins this group, too.
    pub fn joining(mut self, group: impl Into<String>) -> Self {
        self.join.insert(canonical(group));
        self
    }

    /// Leaves this group, too.
    pub fn leaving(mut self, group: impl Into<String>) -> Self {
        self.leave.insert(canonical(group));
        self
    }
}

/// What a preview is made from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GroupFacts {
    /// The user's cards: licences, what is left of products, groups, roles, applications.
    pub details: Details,
    /// The groups in question that there are, by object id.
    pub hanging: BTreeMap<String, Hanging>,
}

/// A group, and what its members get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Hanging {
    /// The group.
    pub group: GroupEntry,
    /// The products.
    pub licenses: Vec<Product>,
    /// The applications.
    pub applications: Vec<Application>,
    /// The directory roles, those to be activated too.
    pub roles: Vec<RoleEntry>,
    /// What could not be read, and why.
    pub gaps: Vec<Gap>,
}

/// A product that a group hands out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Product {
    /// The product's id.
    pub sku_id: String,
    /// The product's name; its id where no name is known.
    pub name: String,
}

/// Something that hangs on a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "what")]
#[non_exhaustive]
pub enum What {
    /// A licence.
    License {
        /// The product's id.
        sku_id: String,
    },
    /// A team.
    Team {
        /// Object id of its group.
        id: String,
    },
    /// An application.
    Application {
        /// Object id of its service principal.
        id: String,
        /// The role in it; `None`: access without any particular one.
        role: Option<String>,
    },
    /// A directory role.
    Role {
        /// The role's id.
        id: String,
        /// Where it counts.
        scope: RoleScope,
        /// Whether it has to be activated.
        is_eligible: bool,
    },
}

/// Something that comes, goes, or stays for another reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Effect {
    /// What it is.
    #[serde(flatten)]
    pub what: What,
    /// Its name.
    pub name: String,
    /// The groups of the change that bring or take it.
    pub through: Vec<Named>,
    /// By which other ways it is held: groups by name, `directly`.
    pub also: Vec<String>,
    /// What else there is to know.
    pub remark: Option<&'static str>,
}

/// A group whose membership is not changed here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Left {
    /// The group.
    pub group: Named,
    /// Why.
    pub why: NotChanged,
}

/// Why a membership is not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NotChanged {
    /// There is no such group.
    NoSuchGroup,
    /// The user is in it already.
    AlreadyIn,
    /// The user is not in it directly.
    NotIn,
    /// The directory on-premises decides who is in it.
    OnPremises,
    /// A rule decides who is in it.
    Rule,
    /// Exchange decides who is in it.
    Exchange,
}

impl NotChanged {
    const fn fixed(by: FixedMembership) -> Self {
        match by {
            FixedMembership::OnPremises => Self::OnPremises,
            FixedMembership::Rule => Self::Rule,
            _ => Self::Exchange,
        }
    }

    /// It in words, with what can be done.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoSuchGroup => "there is no such group; check the id in this tenant",
            Self::AlreadyIn => "the user is in it already",
            Self::NotIn => "the user is not in it directly",
            Self::OnPremises => "the directory on-premises decides who is in it; change it there",
            Self::Rule => "a rule decides who is in it; change the rule, or what it looks at",
            Self::Exchange => "Exchange decides who is in it; change it in the Exchange admin center",
        }
    }
}

/// What a change of groups would bring and take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Preview {
    /// The tenant.
    pub tenant: TenantId,
    /// The user's object id.
    pub user: String,
    /// Groups that would be joined.
    pub joins: Vec<Named>,
    /// Groups that would be left.
    pub leaves: Vec<Named>,
    /// What the user would have anew.
    pub gained: Vec<Effect>,
    /// What the user would have no more.
    pub lost: Vec<Effect>,
    /// What a group of the change gives, and the user has by another way before and after.
    pub kept: Vec<Effect>,
    /// Groups that stay as they are.
    pub unchanged: Vec<Left>,
    /// What could not be read, and why: there may be more than is shown.
    pub gaps: Vec<Gap>,
}

impl Preview {
    /// Whether nothing would come or go.
    pub const fn is_empty(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty()
    }
}

/// What a change of groups would bring a user and take from them.
pub fn preview(facts: &GroupFacts, change: &Change) -> Preview {
    let is_in: BTreeSet<&str> = direct(&facts.details).map(|group| group.id.as_str()).collect();
    let mut unchanged = Vec::new();
    let mut chosen = |ids: &BTreeSet<String>, joins: bool| -> Vec<Named> {
        let mut chosen = Vec::new();
        for id in ids {
            let found = facts.hanging.get(id);
            let named = Named::new(id, found.and_then(|one| one.group.name.clone()));
            let why = match found {
                None => Some(NotChanged::NoSuchGroup),
                Some(_) if joins && is_in.contains(id.as_str()) => Some(NotChanged::AlreadyIn),
                Some(_) if !joins && !is_in.contains(id.as_str()) => Some(NotChanged::NotIn),
                Some(one) => one.group.fixed.map(NotChanged::fixed),
            };
            match why {
                Some(why) => unchanged.push(Left { group: named, why }),
                None => chosen.push(named),
            }
        }
        chosen
    };
    let joins = chosen(&change.join, true);
    // Who joins and leaves a group at once stays.
    let leave = change.leave.difference(&change.join).cloned().collect();
    let leaves = chosen(&leave, false);
    let (gained, lost, kept) = effects::of(facts, &joins, &leaves);
    let own = [
        CardKind::Licenses,
        CardKind::Availability,
        CardKind::Groups,
        CardKind::Roles,
        CardKind::Applications,
    ];
    let of_user = facts
        .details
        .gaps()
        .into_iter()
        .filter(|(card, _)| own.contains(card));
    let of_groups = facts.hanging.values().flat_map(|one| &one.gaps);
    let mut gaps: Vec<Gap> = of_user.map(|(_, gap)| gap).chain(of_groups).cloned().collect();
    gaps.push(Gap::conditional_access());
    let mut seen = BTreeSet::new();
    gaps.retain(|gap| seen.insert((gap.part, gap.code.clone())));
    Preview {
        tenant: facts.details.tenant,
        user: facts.details.user.clone(),
        joins,
        leaves,
        gained,
        lost,
        kept,
        unchanged,
        gaps,
    }
}

/// The groups that the user is in.
fn direct(details: &Details) -> impl Iterator<Item = &GroupEntry> {
    details.groups.iter().flat_map(Card::rows)
}
