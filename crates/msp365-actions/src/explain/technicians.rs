//! The host's technicians: what each level lets do, in which tenants and sites.
//!
//! Levels are data. The check is a pure function that explanations and plans call before anything is asked of the
//! service. A tenant that a technician may not see is answered for as one that does not exist.

use std::collections::{BTreeMap, BTreeSet};

use msp365_core::TenantId;
use serde::{Deserialize, Serialize};

use super::ActionKind;

/// How much a technician may do in an area; each tier includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Tier {
    /// Nothing; the area is not even shown.
    #[default]
    None,
    /// Looking.
    View,
    /// What helps a user at once and harms little: passwords, sessions, blocking.
    Operate,
    /// Changing what users are and have.
    Manage,
    /// Everything: deleting, directory roles, turning the integration on and off.
    Administer,
}

impl Tier {
    /// The tier as it stands in documents: `none`, `view`, …
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::View => "view",
            Self::Operate => "operate",
            Self::Manage => "manage",
            Self::Administer => "administer",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        [
            Self::None,
            Self::View,
            Self::Operate,
            Self::Manage,
            Self::Administer,
        ]
        .into_iter()
        .find(|tier| tier.as_str() == name)
    }
}

/// What there is to be seen and done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Area {
    /// The integration as a whole: connecting, turning off, permissions.
    Integration,
    /// The list of tenants, and choosing which are synced.
    Tenants,
    /// Users, and all that is done to them.
    Users,
    /// Devices.
    Devices,
    /// Matching with the host's records.
    Matching,
    /// Reports on licences, activity and mailboxes.
    Reports,
    /// The record of what was done.
    Activity,
}

/// What one level lets do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Level {
    /// The tier in each area; none in those not named.
    pub areas: BTreeMap<Area, Tier>,
    /// Actions that the level differs in: whether they are let, whatever the tier. The users have to be in view.
    pub actions: BTreeMap<ActionKind, bool>,
}

/// A part of the tenants or sites, or all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope<T: Ord> {
    /// All, those of tomorrow too.
    All,
    /// These alone.
    Only(BTreeSet<T>),
}

impl<T: Ord> Scope<T> {
    /// Whether this is one of them.
    pub fn holds(&self, one: &T) -> bool {
        match self {
            Self::All => true,
            Self::Only(some) => some.contains(one),
        }
    }
}

impl<T: Ord> Default for Scope<T> {
    fn default() -> Self {
        Self::Only(BTreeSet::new())
    }
}

/// One technician of the host.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Technician {
    /// The name of the level.
    pub level: String,
    /// In which tenants.
    pub tenants: Scope<TenantId>,
    /// In which sites of the host; a tenant is in view through any of its sites.
    pub sites: Scope<String>,
}

/// The host's levels and technicians, as data.
///
/// ```
/// use msp365_actions::explain::{ActionKind, Ask, Decision, Levels, Permissions};
///
/// let levels: Levels = serde_json::from_str(r#"{
///     "levels": {"desk": {"areas": {"users": "operate"}, "actions": {"delete": false}}},
///     "technicians": {"bo": {"level": "desk", "tenants": "all", "sites": "all"}}
/// }"#)?;
/// let tenant = "11111111-2222-3333-4444-555555555555".parse().unwrap();
///
/// let block = Ask::action(tenant, ActionKind::Block);
/// assert_eq!(levels.decide("bo", &block), Decision::Allowed);
/// assert_eq!(levels.decide("nobody", &block), Decision::Hidden);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Levels {
    /// The levels by name.
    pub levels: BTreeMap<String, Level>,
    /// The technicians by the host's id.
    pub technicians: BTreeMap<String, Technician>,
}

/// What somebody wants to see or do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ask {
    /// The tenant; none where it is about no tenant.
    pub tenant: Option<TenantId>,
    /// The sites of the host that the tenant, or what is asked for in it, belongs to.
    pub sites: BTreeSet<String>,
    /// The area.
    pub area: Area,
    /// What for.
    pub purpose: Purpose,
}

/// What something is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// To do what takes this tier.
    Tier(Tier),
    /// To do this to a user.
    Action(ActionKind),
}

impl Ask {
    /// To do something to a user of a tenant, or to a device of a user.
    pub const fn action(tenant: TenantId, action: ActionKind) -> Self {
        Self {
            tenant: Some(tenant),
            sites: BTreeSet::new(),
            area: action.area(),
            purpose: Purpose::Action(action),
        }
    }

    /// To do in an area what takes this tier, in a tenant or apart from any.
    pub const fn area(tenant: Option<TenantId>, area: Area, tier: Tier) -> Self {
        Self {
            tenant,
            sites: BTreeSet::new(),
            area,
            purpose: Purpose::Tier(tier),
        }
    }

    /// In these sites of the host.
    #[must_use]
    pub fn in_sites<S: Into<String>>(mut self, sites: impl IntoIterator<Item = S>) -> Self {
        self.sites = sites.into_iter().map(Into::into).collect();
        self
    }
}

/// What a technician is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// It may be done.
    Allowed,
    /// It may be seen, and not be done.
    Forbidden {
        /// What would be needed, in words.
        needs: String,
    },
    /// It may not even be seen: the answer is that there is no such thing.
    Hidden,
}

/// Says what technicians may do. [`Levels`] does so from data; a host with rights of its own implements it.
pub trait Permissions: Send + Sync {
    /// What the technician of this id is answered. Nothing is awaited and nothing is changed by asking.
    fn decide(&self, technician: &str, ask: &Ask) -> Decision;
}

impl Permissions for Levels {
    fn decide(&self, technician: &str, ask: &Ask) -> Decision {
        let Some(technician) = self.technicians.get(technician) else {
            return Decision::Hidden;
        };
        let Some(level) = self.levels.get(&technician.level) else {
            return Decision::Hidden;
        };
        if !technician.sees(ask) {
            return Decision::Hidden;
        }
        let own = level.areas.get(&ask.area).copied().unwrap_or_default();
        if own == Tier::None {
            return Decision::Hidden;
        }
        let (needed, said) = match ask.purpose {
            Purpose::Tier(tier) => (tier, None),
            Purpose::Action(kind) => (kind.tier(), level.actions.get(&kind).copied()),
        };
        match said {
            Some(true) => Decision::Allowed,
            Some(false) => Decision::Forbidden {
                needs: "a level that does not forbid this action".to_owned(),
            },
            None if own >= needed => Decision::Allowed,
            None => Decision::Forbidden {
                needs: format!(
                    "the tier `{}`; the level gives `{}`",
                    needed.as_str(),
                    own.as_str()
                ),
            },
        }
    }
}

impl Technician {
    fn sees(&self, ask: &Ask) -> bool {
        let in_tenants = ask.tenant.is_none_or(|tenant| self.tenants.holds(&tenant));
        let in_sites = match &self.sites {
            Scope::All => true,
            Scope::Only(_) if ask.tenant.is_none() => true,
            Scope::Only(some) => !some.is_disjoint(&ask.sites),
        };
        in_tenants && in_sites
    }
}

/// Who wants something done, and what the host says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Actor {
    /// The host's id of the technician; none: the host itself.
    pub technician: Option<String>,
    /// What the host answers.
    pub decision: Decision,
}

impl Actor {
    /// The host itself, which may do everything.
    pub const fn host() -> Self {
        Self {
            technician: None,
            decision: Decision::Allowed,
        }
    }

    /// A technician who asks for this.
    pub fn technician(permissions: &dyn Permissions, id: impl Into<String>, ask: &Ask) -> Self {
        let id = id.into();
        Self {
            decision: permissions.decide(&id, ask),
            technician: Some(id),
        }
    }

    /// A technician who asks to do all of an action: of several steps, each has to be let.
    pub fn asking(
        permissions: &dyn Permissions,
        id: impl Into<String>,
        ask: &Ask,
        action: &super::Action,
    ) -> Self {
        let kinds = [action.kind()]
            .into_iter()
            .chain(action.steps().iter().map(super::Action::kind));
        Self::asking_all(permissions, id, ask, kinds)
    }

    /// A technician who asks to do things of all these kinds: each has to be let.
    pub(super) fn asking_all(
        permissions: &dyn Permissions,
        id: impl Into<String>,
        ask: &Ask,
        kinds: impl Iterator<Item = ActionKind>,
    ) -> Self {
        let id = id.into();
        let answers = kinds.map(|kind| of_kind(permissions, &id, ask, kind));
        let decision = answers.fold(Decision::Allowed, |worst, one| match (worst, one) {
            (Decision::Hidden, _) | (_, Decision::Hidden) => Decision::Hidden,
            (Decision::Allowed, one) => one,
            (worst, _) => worst,
        });
        Self {
            technician: Some(id),
            decision,
        }
    }
}

/// What a technician is answered who asks to do something of this kind. Who sees the users, and not the area that it is
/// in, is told what is lacking: that there is such a tenant is no secret to them.
fn of_kind(permissions: &dyn Permissions, id: &str, ask: &Ask, kind: ActionKind) -> Decision {
    let asked = |area, purpose| {
        let ask = Ask {
            area,
            purpose,
            ..ask.clone()
        };
        permissions.decide(id, &ask)
    };
    let area = kind.area();
    let own = asked(area, Purpose::Action(kind));
    if area == Area::Users {
        return own;
    }
    match (asked(Area::Users, Purpose::Tier(Tier::View)), own) {
        (Decision::Allowed, Decision::Hidden) => Decision::Forbidden {
            needs: "the area `devices`".to_owned(),
        },
        (Decision::Allowed, own) => own,
        (unseen, _) => unseen,
    }
}
