//! What happens over time, each thing at its moment.

use std::{collections::VecDeque, sync::Arc};

use jiff::Timestamp;
use msp365_core::TenantId;

use super::{
    cast::{self, make, role},
    file::{Action, AppKind, Change, File, Word},
    moment::Moment,
    names::{Kind, Names},
};
use crate::{cloud::State, edit::Edit};

/// What is still to happen, in the order of the moments.
#[derive(Debug, Default)]
pub(crate) struct Script {
    waiting: VecDeque<(Timestamp, Change)>,
    names: Arc<Names>,
}

impl Script {
    pub(super) fn of(file: &File, names: &Names, start: Timestamp) -> Self {
        let moment = |change: &Change| {
            let moment = change.at.as_ref().parse::<Moment>();
            moment.map_or(Timestamp::MAX, |moment| moment.of(start))
        };
        let mut waiting: Vec<_> = file
            .changes
            .iter()
            .map(|change| (moment(change), change.clone()))
            .collect();
        waiting.sort_by_key(|(at, _)| *at);
        Self {
            waiting: waiting.into(),
            names: Arc::new(names.clone()),
        }
    }

    fn next(&mut self, now: Timestamp) -> Option<(Timestamp, Change)> {
        self.waiting.front().filter(|(at, _)| *at <= now)?;
        self.waiting.pop_front()
    }
}

impl State {
    /// Lets everything happen whose moment has come.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        while let Some((at, change)) = self.script.next(now) {
            self.world.settle(at);
            let names = Arc::clone(&self.script.names);
            let mut edit = Edit {
                world: &mut self.world,
                desk: &mut self.desk,
                now: at,
            };
            play(&mut edit, &change, &names);
            self.world.close_all();
        }
        self.world.settle(now);
    }
}

/// Lets one thing happen. What has become impossible meanwhile, by the hand of a client, does not.
fn play(edit: &mut Edit<'_>, change: &Change, names: &Names) {
    let tenant = change.tenant.as_ref();
    let action = change.action.as_ref();
    let Some(tenant) = tenant.and_then(|tenant| names.tenant(tenant.as_ref())) else {
        return at_home(edit, action);
    };
    let mut stage = Stage { edit, tenant, names };
    let _ = stage.person(action) || stage.thing(action) || stage.tenant(action);
}

/// What happens to the partner.
fn at_home(edit: &mut Edit<'_>, action: &Action) {
    match action {
        Action::EndSecrets(kind) => {
            let app = match kind {
                AppKind::Delegated => &edit.world.app,
                AppKind::AppOnly => &edit.world.app_only,
            };
            let client_id = app.client_id.clone();
            edit.end_secrets(&client_id);
        }
        Action::DisableServiceAccount => {
            edit.disable_service_account();
        }
        Action::RevokeServiceSessions => edit.revoke_service_sessions(),
        _ => {}
    }
}

/// Where something happens. Each answers whether it did.
struct Stage<'a, 'b> {
    edit: &'a mut Edit<'b>,
    tenant: TenantId,
    names: &'a Names,
}

impl Stage<'_, '_> {
    fn person(&mut self, action: &Action) -> bool {
        let (tenant, names) = (self.tenant, self.names);
        let user = |name: &Word| names.id((tenant, Kind::User), name.as_ref());
        let edit = &mut *self.edit;
        match action {
            Action::UserJoins(it) => {
                let id = user(&it.user);
                let joined = edit.add_user_as(tenant, id, (&it.name, it.user.as_ref()));
                for product in &it.licences {
                    edit.give_license(tenant, id, product.as_ref());
                }
                joined
            }
            Action::UserLeaves(name) => edit.delete_user(tenant, user(name)),
            Action::RenameUser(it) => edit.rename_user(tenant, user(&it.user), &it.name),
            Action::BlockUser(name) => edit.disable_account(tenant, user(name)),
            Action::UnblockUser(name) => edit.enable_account(tenant, user(name)),
            Action::SetUser(it) => {
                let id = user(&it.user);
                let mut values = cast::values(&it.properties);
                values.all(|(name, value)| edit.set_user(tenant, id, &name, value))
            }
            Action::SignIn(name) => edit.sign_in(tenant, user(name)),
            Action::RevokeSessions(name) => {
                edit.revoke_sessions(user(name));
                true
            }
            Action::GiveLicence(it) => edit.give_license(tenant, user(&it.user), it.product.as_ref()),
            Action::TakeLicence(it) => edit.take_license(tenant, user(&it.user), it.product.as_ref()),
            Action::GiveRole(it) => {
                role(&it.role).is_some_and(|role| edit.assign_role(tenant, role, user(&it.user)))
            }
            Action::TakeRole(it) => {
                role(&it.role).is_some_and(|role| edit.take_role(tenant, role, user(&it.user)))
            }
            _ => false,
        }
    }

    fn thing(&mut self, action: &Action) -> bool {
        let (tenant, names) = (self.tenant, self.names);
        let id = |kind, name: &Word| names.id((tenant, kind), name.as_ref());
        let edit = &mut *self.edit;
        match action {
            Action::RenameGroup(it) => edit.rename_group(tenant, id(Kind::Group, &it.group), &it.name),
            Action::DeleteGroup(name) => edit.delete_group(tenant, id(Kind::Group, name)),
            Action::AddMember(it) => {
                edit.add_member(tenant, id(Kind::Group, &it.group), id(Kind::User, &it.user))
            }
            Action::RemoveMember(it) => {
                edit.remove_member(tenant, id(Kind::Group, &it.group), id(Kind::User, &it.user))
            }
            Action::AddDevice(new) => {
                let made = make(new, id(Kind::Device, &new.called));
                edit.add_device_as(tenant, id(Kind::User, &new.owner), &made)
            }
            Action::ReplaceDevice(it) => {
                let device = id(Kind::Device, &it.device);
                let new = (it.name.as_str(), it.serial.as_deref());
                edit.replace_device(tenant, device, new).is_some()
            }
            Action::RemoveDevice(name) => edit.remove_device(tenant, id(Kind::Device, name)),
            _ => false,
        }
    }

    fn tenant(&mut self, action: &Action) -> bool {
        let (edit, tenant) = (&mut *self.edit, self.tenant);
        match action {
            Action::Buy(it) => edit.buy(tenant, it.product.as_ref(), it.units),
            Action::GiveBack(it) => edit.give_back(tenant, it.product.as_ref(), it.units),
            Action::Consent => edit.consent(tenant),
            Action::RevokeConsent => edit.revoke_consent(tenant),
            Action::ExpireRelationships => edit.expire_relationships(tenant),
            Action::BlockByPolicy => edit.block_by_policy(tenant),
            Action::LiftPolicy => edit.lift_policy(tenant),
            _ => false,
        }
    }
}
