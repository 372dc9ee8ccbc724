//! What a file calls its objects, and their ids.

use std::collections::HashMap;

use msp365_core::TenantId;

use crate::world::change::derived_id;

/// What kind of object is called by a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    User,
    Group,
    Device,
}

impl Kind {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Device => "device",
        }
    }
}

/// Ids by what they are called. Case does not count.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    tenants: HashMap<String, TenantId>,
    objects: HashMap<(TenantId, Kind, String), String>,
}

impl Names {
    /// Notes a tenant; `false` if another is called so.
    pub(super) fn add_tenant(&mut self, name: &str, id: TenantId) -> bool {
        let is_other = |known: &TenantId| *known != id;
        !self
            .tenants
            .insert(name.to_lowercase(), id)
            .as_ref()
            .is_some_and(is_other)
    }

    /// Whether a tenant has this id.
    pub(super) fn has_id(&self, id: TenantId) -> bool {
        self.tenants.values().any(|known| *known == id)
    }

    pub(super) fn tenant(&self, name: &str) -> Option<TenantId> {
        self.tenants.get(&name.to_lowercase()).copied()
    }

    /// Notes an object, under its own id or one that follows from its name; `false` if another is called so.
    pub(super) fn add(&mut self, (tenant, kind): (TenantId, Kind), name: &str, id: Option<&str>) -> bool {
        let id = id.map_or_else(
            || {
                derived_id(
                    tenant,
                    &format!("{} {} of the scenario", kind.word(), name.to_lowercase()),
                )
            },
            str::to_lowercase,
        );
        self.objects
            .insert((tenant, kind, name.to_lowercase()), id)
            .is_none()
    }

    pub(super) fn find(&self, (tenant, kind): (TenantId, Kind), name: &str) -> Option<&str> {
        self.objects
            .get(&(tenant, kind, name.to_lowercase()))
            .map(String::as_str)
    }

    /// The id of an object that is known to be there.
    pub(super) fn id(&self, place: (TenantId, Kind), name: &str) -> &str {
        self.find(place, name).unwrap_or_default()
    }
}
