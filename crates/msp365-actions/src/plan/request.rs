//! The request that does a step, and what is kept of its answer.

use msp365_core::{Call, Check, Endpoints, Error, Occurred, Replay, Reply, Request};
use msp365_graph::{
    authentication_methods::{self, NewPass, TemporaryAccessPass},
    devices, directory_objects, groups,
    licenses::{self, LicenseChange},
    role_assignments,
    users::{self, NewUser, NextSignIn, Password},
};
use secrecy::SecretString;
use serde::Deserialize;

use super::{Grant, PasswordRoute, StepKind, Whom};

/// What requests are made from beside the step itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) endpoints: &'a Endpoints,
    /// The id of the user that the plan made.
    pub(crate) made: Option<&'a str>,
    /// The password to be set.
    pub(crate) secret: Option<&'a SecretString>,
}

/// What is kept of an answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answered {
    /// The service's id of the exchange.
    pub(crate) request_id: Option<String>,
    /// The id of what was made.
    pub(crate) id: Option<String>,
    /// What the service shows once.
    pub(crate) secret: Option<SecretString>,
    /// Whether a pass can be used, where it was made.
    pub(crate) is_usable: Option<bool>,
    /// Where the progress of a long operation is to be read.
    pub(crate) progress: Option<SecretString>,
}

impl Place<'_> {
    /// The object id of a user.
    pub(crate) fn id(&self, whom: &Whom) -> String {
        match whom {
            Whom::Id(id) => id.clone(),
            Whom::Made => self.made.unwrap_or("new-user").to_owned(),
        }
    }

    fn password(&self) -> SecretString {
        self.secret
            .cloned()
            .unwrap_or_else(|| SecretString::from("made-while-it-runs"))
    }
}

impl StepKind {
    /// The request, sent once: whether it happened is found out by looking, never by sending it again.
    pub(crate) fn request(&self, place: &Place<'_>) -> Request<Answered> {
        let request = self.plain(place).replay(Replay::Once);
        // A refusal for load is looked into as well: now and then the write was done all the same.
        request.check(Check::new(self.look(place), |_| Occurred::Unclear))
    }

    pub(super) fn plain(&self, place: &Place<'_>) -> Request<Answered> {
        let id = |whom: &Whom| place.id(whom);
        match self {
            Self::CreateUser { profile, .. } => {
                let mut user = NewUser::new(self.text("display"), self.text("name"), place.password());
                user.mail_nickname = self.text("alias");
                user.account_enabled = self.is_enabled();
                user.profile = (**profile).clone();
                users::create(&user).answering(made)
            }
            Self::UpdateUser { user, edit, .. } => users::update(id(user), edit).answering(done),
            Self::SetPassword { user, route } => match route {
                PasswordRoute::Profile => {
                    let mut password = Password::new(place.password());
                    password.next_sign_in = NextSignIn::Change;
                    users::set_password(id(user), &password).answering(done)
                }
                PasswordRoute::Writeback => {
                    let password = place.password();
                    authentication_methods::reset_password(id(user), Some(&password)).answering(submitted)
                }
            },
            Self::CreatePass {
                user,
                lifetime_in_minutes,
                is_usable_once,
            } => {
                let mut pass = NewPass::default();
                pass.lifetime_in_minutes = *lifetime_in_minutes;
                pass.is_usable_once = *is_usable_once;
                authentication_methods::create_pass(id(user), &pass).answering(pass_made)
            }
            Self::DeletePass { user, pass } => {
                authentication_methods::delete_pass(id(user), pass).answering(done)
            }
            Self::DeleteMethod { user, method, kind } => {
                authentication_methods::delete(id(user), kind, method).answering(done)
            }
            Self::AssignLicenses {
                user, add, remove, ..
            } => licenses::assign(id(user), &change(add, remove)).answering(done),
            _ => self.relation(place),
        }
    }

    fn relation(&self, place: &Place<'_>) -> Request<Answered> {
        let (id, cloud) = (|whom: &Whom| place.id(whom), place.endpoints);
        match self {
            Self::AddMember { user, group } => groups::add_member(cloud, group, id(user)).answering(done),
            Self::RemoveMember { user, group } => groups::remove_member(group, id(user)).answering(done),
            Self::AddOwner { user, group } => groups::add_owner(cloud, group, id(user)).answering(done),
            Self::AssignRole { user, role, scope } => {
                role_assignments::create(role, id(user), scope).answering(made)
            }
            Self::RemoveRole { assignment, .. } => role_assignments::delete(assignment).answering(done),
            Self::SetManager { user, manager, .. } => {
                users::set_manager(cloud, id(user), id(manager)).answering(done)
            }
            Self::RemoveManager { user, .. } => users::remove_manager(id(user)).answering(done),
            Self::RevokeSessions { user } => users::revoke_sessions(id(user)).answering(done),
            Self::RestoreUser { user } => directory_objects::restore(id(user)).answering(done),
            Self::EnableDevice {
                device, is_enabled, ..
            } => devices::set_enabled(device, *is_enabled).answering(done),
            Self::DeleteDevice { device, .. } => devices::delete(device).answering(done),
            other => users::delete(id(&other.user())).answering(done),
        }
    }

    fn text(&self, which: &str) -> String {
        match (self, which) {
            (Self::CreateUser { display_name, .. }, "display") => display_name.clone(),
            (Self::CreateUser { mail_nickname, .. }, "alias") => mail_nickname.clone(),
            (
                Self::CreateUser {
                    user_principal_name, ..
                },
                _,
            ) => user_principal_name.clone(),
            _ => String::new(),
        }
    }

    const fn is_enabled(&self) -> bool {
        matches!(
            self,
            Self::CreateUser {
                account_enabled: true,
                ..
            }
        )
    }

    /// Refuses what the service would not take for its form alone.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let cloud = Endpoints::public();
        let place = Place {
            endpoints: &cloud,
            made: None,
            secret: None,
        };
        self.plain(&place).call().relative_url().map(|_| ())
    }
}

fn change(add: &[Grant], remove: &[Grant]) -> LicenseChange {
    let given = add.iter().fold(LicenseChange::default(), |change, grant| {
        change.giving_without(&grant.sku_id, &grant.disabled_plans)
    });
    remove
        .iter()
        .fold(given, |change, grant| change.taking(&grant.sku_id))
}

#[expect(clippy::unnecessary_wraps, reason = "decoders may fail")]
fn done(_: &Call, reply: &Reply) -> Result<Answered, Error> {
    Ok(Answered {
        request_id: reply.request_id().map(str::to_owned),
        ..Answered::default()
    })
}

fn made(call: &Call, reply: &Reply) -> Result<Answered, Error> {
    #[derive(Deserialize)]
    struct Made {
        id: String,
    }
    let Made { id } = msp365_core::request::decode_json(call, reply)?;
    Ok(Answered {
        id: Some(id),
        ..done(call, reply)?
    })
}

fn pass_made(call: &Call, reply: &Reply) -> Result<Answered, Error> {
    let pass: TemporaryAccessPass = msp365_core::request::decode_json(call, reply)?;
    Ok(Answered {
        id: Some(pass.id),
        secret: pass
            .temporary_access_pass
            .map(msp365_core::model::Secret::into_inner),
        is_usable: pass.is_usable,
        ..done(call, reply)?
    })
}

fn submitted(call: &Call, reply: &Reply) -> Result<Answered, Error> {
    Ok(Answered {
        progress: Some(msp365_core::request::decode_location(call, reply)?),
        ..done(call, reply)?
    })
}
