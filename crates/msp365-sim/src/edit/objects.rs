//! Changes of users, groups and devices as an administrator or a person at a desk would make them.

use msp365_core::TenantId;
use serde_json::{Value, json};

use super::Edit;
use crate::{
    odata::{
        Shape,
        machines::DEVICE,
        people::{GROUP, USER},
    },
    world::{
        Json, Removed, Tenant,
        change::derived_id,
        groups::{self, Kind},
        machines::{self, Make},
        packed::Packed,
    },
};

/// What kind a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GroupKind {
    /// A Microsoft 365 group.
    Microsoft365,
    /// A Microsoft 365 group with a team.
    Team,
    /// A security group.
    Security,
    /// A security group whose members follow from a rule.
    Dynamic,
    /// A security group with an address.
    MailEnabledSecurity,
    /// A distribution list.
    Distribution,
    /// A security group that directory roles can be assigned to.
    RoleAssignable,
}

impl GroupKind {
    const fn kind(self) -> Kind {
        match self {
            Self::Microsoft365 => Kind::Microsoft365,
            Self::Team => Kind::Team,
            Self::Security => Kind::Security,
            Self::Dynamic => Kind::Dynamic,
            Self::MailEnabledSecurity => Kind::MailEnabledSecurity,
            Self::Distribution => Kind::Distribution,
            Self::RoleAssignable => Kind::RoleAssignable,
        }
    }
}

impl Edit<'_> {
    /// Lets an account sign in again.
    pub fn enable_account(&mut self, tenant: TenantId, user: &str) -> bool {
        self.set_user(tenant, user, "accountEnabled", true)
    }

    /// Sets a property of a user, by its name in Graph. `false`, and nothing set, if users have no such property.
    pub fn set_user(
        &mut self,
        tenant: TenantId,
        user: &str,
        property: &str,
        value: impl Into<Value>,
    ) -> bool {
        let change = Change {
            tenant,
            id: user,
            operation: "user.update",
        };
        self.set((&change, &USER), property, value.into(), |tenant| {
            &mut tenant.users
        })
    }

    /// Sets a property of a group, by its name in Graph. `false`, and nothing set, if groups have no such property.
    pub fn set_group(
        &mut self,
        tenant: TenantId,
        group: &str,
        property: &str,
        value: impl Into<Value>,
    ) -> bool {
        let change = Change {
            tenant,
            id: group,
            operation: "group.update",
        };
        self.set((&change, &GROUP), property, value.into(), |tenant| {
            &mut tenant.groups
        })
    }

    /// Sets a property of a device, by its name in Graph. `false`, and nothing set, if devices have no such property.
    pub fn set_device(
        &mut self,
        tenant: TenantId,
        device: &str,
        property: &str,
        value: impl Into<Value>,
    ) -> bool {
        let change = Change {
            tenant,
            id: device,
            operation: "device.update",
        };
        self.set((&change, &DEVICE), property, value.into(), |tenant| {
            &mut tenant.devices
        })
    }

    /// Gives a group another name.
    pub fn rename_group(&mut self, tenant: TenantId, group: &str, name: &str) -> bool {
        self.set_group(tenant, group, "displayName", name)
    }

    /// Lets a user sign in now.
    pub fn sign_in(&mut self, tenant: TenantId, user: &str) -> bool {
        let now = self.now.to_string();
        let Some(target) = self.world.tenant_mut(tenant) else {
            return false;
        };
        if !target.users.has(user) {
            return false;
        }
        let mut activity = Json::new();
        for property in [
            "lastSignInDateTime",
            "lastNonInteractiveSignInDateTime",
            "lastSuccessfulSignInDateTime",
        ] {
            activity.insert(property.to_owned(), json!(now));
        }
        for property in [
            "lastSignInRequestId",
            "lastNonInteractiveSignInRequestId",
            "lastSuccessfulSignInRequestId",
        ] {
            let id = derived_id(tenant, &format!("{property} {user} {now}"));
            activity.insert(property.to_owned(), json!(id));
        }
        target
            .sign_in_activity
            .insert(user.to_owned(), Packed::closed(&activity));
        true
    }

    /// Adds a group without members. Answers its id; `None` if the tenant is unknown.
    pub fn add_group(&mut self, tenant: TenantId, name: &str, kind: GroupKind) -> Option<String> {
        let id = derived_id(tenant, &format!("group {}", self.world.version + 1));
        self.add_group_as(tenant, (&id, name), kind).then_some(id)
    }

    pub(crate) fn add_group_as(
        &mut self,
        tenant: TenantId,
        (id, name): (&str, &str),
        kind: GroupKind,
    ) -> bool {
        let version = self.world.next_version();
        let dice = self.dice(&format!("group {id}"));
        let now = self.now.to_string();
        let Some(target) = self.world.tenant_mut(tenant) else {
            return false;
        };
        let mut json = groups::group(&now, target, &dice, name, kind.kind());
        json.insert("id".to_owned(), json!(id));
        target.groups.put(json, version);
        self.world.effect(tenant, "group.create", id);
        true
    }

    /// Deletes a group with its memberships.
    pub fn delete_group(&mut self, tenant: TenantId, group: &str) -> bool {
        let version = self.world.next_version();
        let Some(target) = self.world.tenant_mut(tenant) else {
            return false;
        };
        let is_unified = target.groups.get(group).is_some_and(|row| {
            let kinds = row.get("groupTypes").and_then(Value::as_array);
            kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind == "Unified"))
        });
        // Only Microsoft 365 groups can be restored.
        let how = if is_unified {
            Removed::Changed
        } else {
            Removed::Deleted
        };
        let removed = target.groups.remove(group, how, version);
        self.world.effect(tenant, "group.delete", group);
        removed
    }

    /// Registers a device for a user, in the directory and, if it is enrolled, in Intune. Answers its id; `None` if
    /// the tenant or the user is unknown.
    pub fn add_device(&mut self, tenant: TenantId, owner: &str, name: &str) -> Option<String> {
        let make = Make {
            id: derived_id(tenant, &format!("device {}", self.world.version + 1)),
            name: name.to_owned(),
            ..Make::default()
        };
        self.add_device_as(tenant, owner, &make).then_some(make.id)
    }

    pub(crate) fn add_device_as(&mut self, tenant: TenantId, owner: &str, make: &Make) -> bool {
        let version = self.world.next_version();
        let dice = self.dice(&format!("device {}", make.id));
        let now = self.now;
        let Some(target) = self.world.tenant_mut(tenant) else {
            return false;
        };
        let Some(owner) = target.users.get(owner).cloned() else {
            return false;
        };
        machines::place(target, &dice, (&owner, make), (now, version));
        true
    }

    /// Puts a new device, with a name and perhaps a serial number, in the place of an old one: of the same kind and for
    /// the same person. Answers its id; `None` if there is no such device.
    pub fn replace_device(
        &mut self,
        tenant: TenantId,
        device: &str,
        (name, serial): (&str, Option<&str>),
    ) -> Option<String> {
        let target = self.world.tenant(tenant)?;
        let owner = target.register.device_owners.get(device)?.clone();
        let old = target.devices.get(device)?;
        let make = Make {
            id: derived_id(tenant, &format!("device in place of {device}")),
            name: name.to_owned(),
            serial: serial.map(str::to_owned),
            ..Make::like(old)
        };
        self.remove_device(tenant, device);
        self.add_device_as(tenant, &owner, &make).then_some(make.id)
    }

    /// Removes a device from the directory and from Intune.
    pub fn remove_device(&mut self, tenant: TenantId, device: &str) -> bool {
        let version = self.world.next_version();
        let Some(target) = self.world.tenant_mut(tenant) else {
            return false;
        };
        let device_id = target.devices.get(device).and_then(|row| row.get("deviceId"));
        let Some(device_id) = device_id.and_then(Value::as_str).map(str::to_owned) else {
            return false;
        };
        let managed = target
            .managed_devices
            .find("azureADDeviceId", |own| own == device_id)
            .map(str::to_owned);
        if let Some(managed) = managed {
            target.managed_devices.remove(&managed, Removed::Deleted, version);
        }
        target.register.device_owners.remove(device);
        target.devices.remove(device, Removed::Deleted, version)
    }

    fn set(
        &mut self,
        (change, shape): (&Change<'_>, &Shape),
        property: &str,
        value: Value,
        table: impl Fn(&mut Tenant) -> &mut crate::world::Table,
    ) -> bool {
        if property == "id" || shape.member(property).is_none() {
            return false;
        }
        let version = self.world.next_version();
        let target = self.world.tenant_mut(change.tenant);
        let is_set = target.is_some_and(|target| table(target).set(change.id, property, value, version));
        if is_set {
            self.world.effect(change.tenant, change.operation, change.id);
        }
        is_set
    }
}

/// What is changed, as the journal tells it.
struct Change<'a> {
    tenant: TenantId,
    id: &'a str,
    operation: &'static str,
}
