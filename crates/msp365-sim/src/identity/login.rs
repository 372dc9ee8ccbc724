//! From page to page: account, second factor, consent, and back to where the sign-in began.

use http::StatusCode;
use msp365_core::Reply;

use super::{
    Visit, admin_consent, authorize,
    consent::{self, Asked},
    desk::{Desk, Flow, Login, Purpose},
    device::{self, DeviceState},
    invitation,
    pages::{self, Choice, Form},
    policy::AccessPolicy,
    refusal::Refusal,
    session,
};
use crate::world::{Tenant, World, access::text, gdap::Action, roles::template};

/// How many accounts the picker offers beside those that are signed in.
const OFFERED: usize = 3;

/// What a person sent from one of the pages.
pub(super) fn go_on(world: &mut World, desk: &mut Desk, visit: &Visit<'_>) -> Reply {
    if let (None, Some(code)) = (visit.field("flow"), visit.field("code")) {
        return device::entered(world, desk, visit, code);
    }
    let id = visit.field("flow").unwrap_or_default().to_owned();
    let Some(mut flow) = desk.flows.remove(&id).filter(|flow| flow.is_fresh(visit.now)) else {
        let refusal = Refusal::new("invalid_request", 50_089, "Flow token expired. Sign in again.");
        return error_page(desk, visit, &refusal);
    };
    if let Some(address) = visit.field("account") {
        match sign_in(world, &flow, address, visit) {
            Ok(login) => flow.login = Some(login),
            Err(refusal) => return error_page(desk, visit, &refusal),
        }
        return step(world, desk, visit, (&id, flow));
    }
    match (
        visit.field("approval"),
        visit.field("decision"),
        flow.login.clone(),
    ) {
        (Some("approve"), _, Some(mut login)) => {
            login.second_factor = true;
            flow.login = Some(login.clone());
            let mut reply = step(world, desk, visit, (&id, flow));
            session::keep(desk, visit, &login, &mut reply);
            reply
        }
        (Some(_), _, _) => {
            let text = "Strong authentication was not completed.";
            give_up(desk, visit, &flow, &Refusal::new("access_denied", 50_074, text))
        }
        (None, Some("continue"), Some(login)) if is_strong(desk, &flow, &login) => {
            settle(world, desk, visit, (&id, flow))
        }
        (None, Some(decision @ ("approve" | "reject")), Some(login)) if is_strong(desk, &flow, &login) => {
            let Purpose::Invitation(relationship) = &flow.purpose else {
                return give_up(desk, visit, &flow, &declined());
            };
            let action = if decision == "approve" {
                Action::Approve
            } else {
                Action::Reject
            };
            invitation::answer(world, visit, (&login, relationship), action)
        }
        (None, Some("accept"), Some(login)) => match accept(world, desk, visit, (&flow, &login)) {
            Ok(()) => finish(world, desk, visit, (flow, login)),
            Err(refusal) => error_page(desk, visit, &refusal),
        },
        _ => give_up(desk, visit, &flow, &declined()),
    }
}

/// Whether an account has proved itself as the tenant it signs in to asks.
fn is_strong(desk: &Desk, flow: &Flow, login: &Login) -> bool {
    let policy = desk.watch.policy(flow.tenant.unwrap_or(login.home));
    login.second_factor || policy == AccessPolicy::Open
}

fn declined() -> Refusal {
    let text = "User declined to consent to access the app.";
    Refusal::new("access_denied", 65_004, text)
}

/// The next page of a sign-in.
pub(super) fn step(world: &World, desk: &mut Desk, visit: &Visit<'_>, (id, flow): (&str, Flow)) -> Reply {
    let form = Form {
        action: visit.path,
        flow: id,
    };
    let name = app_name(world, &flow);
    let Some(login) = flow.login.clone() else {
        let choices = choices(world, desk, visit, &flow);
        desk.flows.insert(id.to_owned(), flow);
        return pages::accounts(form, &name, &choices);
    };
    if !is_strong(desk, &flow, &login) {
        let address = session::address(world, &login).unwrap_or_default();
        let page = pages::second_factor(form, address);
        desk.flows.insert(id.to_owned(), flow);
        return page;
    }
    if let Purpose::Invitation(relationship) = &flow.purpose {
        let page = invitation::page(world, visit, form, (&login, relationship));
        desk.flows.insert(id.to_owned(), flow);
        return page;
    }
    if matches!(flow.purpose, Purpose::Device(_)) {
        desk.flows.insert(id.to_owned(), flow);
        return pages::device_confirmation(form, &name);
    }
    settle(world, desk, visit, (id, flow))
}

/// After the account is known: asks for consent where it is missing, or goes back.
fn settle(world: &World, desk: &mut Desk, visit: &Visit<'_>, (id, flow): (&str, Flow)) -> Reply {
    let Some(login) = flow.login.clone() else {
        return give_up(desk, visit, &flow, &declined());
    };
    let form = Form {
        action: visit.path,
        flow: id,
    };
    let asked = match asked(world, desk, &flow, &login) {
        Ok((_, asked)) if asked.is_empty() => return finish(world, desk, visit, (flow, login)),
        Ok((tenant, asked)) => {
            if !consent::may_grant(world, visit, (tenant, &login), &asked) {
                let refusal = not_administrator();
                let page =
                    pages::needs_administrator(form, &app_name(world, &flow), &refusal.told(desk, visit));
                desk.flows.insert(id.to_owned(), flow);
                return page;
            }
            (tenant.name.clone(), asked)
        }
        Err(refusal) => return give_up(desk, visit, &flow, &refusal),
    };
    let (tenant, asked) = asked;
    let page = pages::consent(form, (&app_name(world, &flow), &tenant), asked.names());
    desk.flows.insert(id.to_owned(), flow);
    page
}

/// What is to be granted, and in which tenant.
fn asked<'a>(
    world: &'a World,
    desk: &Desk,
    flow: &Flow,
    login: &Login,
) -> Result<(&'a Tenant, Asked), Refusal> {
    let id = flow.tenant.unwrap_or(login.home);
    let tenant = world.tenant(id).ok_or_else(unknown_account)?;
    let scope = match &flow.purpose {
        Purpose::Code(wanted) => wanted.scope.as_str(),
        Purpose::Device(code) => desk.devices.get(code).map_or("", |device| device.scope.as_str()),
        Purpose::AdminConsent(_) | Purpose::Invitation(_) => "",
    };
    Ok((tenant, consent::of_flow(world, flow, tenant, scope)?))
}

/// Grants what the page listed.
fn accept(
    world: &mut World,
    desk: &Desk,
    visit: &Visit<'_>,
    (flow, login): (&Flow, &Login),
) -> Result<(), Refusal> {
    let (tenant, asked) = asked(world, desk, flow, login)?;
    let id = tenant.id;
    if !is_strong(desk, flow, login) || !consent::may_grant(world, visit, (tenant, login), &asked) {
        return Err(not_administrator());
    }
    world.grant_to(id, &flow.client_id, &asked, visit.now);
    Ok(())
}

/// Back to where the sign-in began, with what it was for.
pub(super) fn finish(
    world: &World,
    desk: &mut Desk,
    visit: &Visit<'_>,
    (flow, login): (Flow, Login),
) -> Reply {
    let tenant = flow.tenant.unwrap_or(login.home);
    let mut reply = match &flow.purpose {
        Purpose::Code(wanted) => authorize::succeed(desk, visit, (&flow, wanted), &login),
        Purpose::AdminConsent(admin) => admin_consent::succeed(admin, tenant),
        Purpose::Invitation(_) => unanswered(),
        Purpose::Device(code) => {
            if let Some(device) = desk.devices.get_mut(code) {
                device.state = DeviceState::Approved(login.clone(), tenant);
            }
            let title = format!("You have signed in to {} on your device", app_name(world, &flow));
            pages::message(StatusCode::OK, &title, "You may now close this window.")
        }
    };
    session::keep(desk, visit, &login, &mut reply);
    reply
}

/// Back to where the sign-in began, with why it came to nothing.
fn give_up(desk: &mut Desk, visit: &Visit<'_>, flow: &Flow, refusal: &Refusal) -> Reply {
    match &flow.purpose {
        Purpose::Code(wanted) => authorize::fail(desk, visit, wanted, refusal),
        Purpose::AdminConsent(admin) => admin_consent::fail(desk, visit, admin, refusal),
        Purpose::Invitation(_) => unanswered(),
        Purpose::Device(code) => {
            if let Some(device) = desk.devices.get_mut(code) {
                device.state = DeviceState::Declined;
            }
            let text = "The app on the device was not signed in. You may close this window.";
            pages::message(StatusCode::OK, "You declined", text)
        }
    }
}

/// The partner still waits.
fn unanswered() -> Reply {
    let text = "The partner's request still waits for an answer. You may close this window.";
    pages::message(StatusCode::OK, "Nothing was decided", text)
}

fn app_name(world: &World, flow: &Flow) -> String {
    if matches!(flow.purpose, Purpose::Invitation(_)) {
        return invitation::NAME.to_owned();
    }
    let registration = world.registration(&flow.client_id);
    registration.map_or_else(String::new, |one| one.name.to_owned())
}

/// The accounts on offer: those signed in to the browser, then the service account, administrators, others.
fn choices(world: &World, desk: &Desk, visit: &Visit<'_>, flow: &Flow) -> Vec<Choice> {
    let prompt = match &flow.purpose {
        Purpose::Code(wanted) => wanted.prompt.as_deref(),
        Purpose::AdminConsent(_) | Purpose::Device(_) | Purpose::Invitation(_) => None,
    };
    // A hint is no use to somebody who is asked to choose.
    let hint = visit
        .field("login_hint")
        .filter(|_| prompt != Some("select_account"));
    let signed_in = session::logins(world, desk, visit);
    let tenant = flow.tenant.and_then(|id| world.tenant(id));
    let tenant = tenant
        .or_else(|| world.tenant_named(visit.field("domain_hint")?))
        .unwrap_or(&world.partner);
    let rank = |id: &str, address: &str| {
        let hinted = hint.is_some_and(|hint| hint.eq_ignore_ascii_case(address));
        (
            !hinted,
            id != world.service_account,
            !holds_administration(tenant, id),
        )
    };
    let mut all: Vec<_> = tenant
        .users
        .present()
        .filter(|user| text(user, "userType") == Some("Member"))
        .filter_map(|user| {
            let (id, address) = (text(user, "id")?, text(user, "userPrincipalName")?);
            let known = signed_in.iter().any(|login| login.oid == id);
            let choice = Choice {
                address: address.to_owned(),
                name: text(user, "displayName")?.to_owned(),
                is_signed_in: known,
            };
            Some(((!known, rank(id, address)), choice))
        })
        .collect();
    all.sort_by(|(rank, one), (other_rank, other)| (rank, &one.address).cmp(&(other_rank, &other.address)));
    let known = all.iter().filter(|(_, choice)| choice.is_signed_in).count();
    all.into_iter()
        .take(known + OFFERED)
        .map(|(_, choice)| choice)
        .collect()
}

fn holds_administration(tenant: &Tenant, id: &str) -> bool {
    let role = template("Global Administrator");
    tenant.role_assignments.present().any(|row| {
        text(row, "principalId") == Some(id) && text(row, "roleDefinitionId") == Some(role.as_str())
    })
}

/// Signs an account in by its address: one of the tenant, or one of the provider's that has roles there.
fn sign_in(world: &World, flow: &Flow, address: &str, visit: &Visit<'_>) -> Result<Login, Refusal> {
    let named = |tenant: &Tenant| {
        let is_it = |name: &str| name.eq_ignore_ascii_case(address.trim());
        let mut users = tenant.users.present();
        let user = users.find(|user| text(user, "userPrincipalName").is_some_and(is_it))?;
        let is_enabled = user.get("accountEnabled") != Some(&serde_json::Value::Bool(false));
        Some((tenant.id, text(user, "id")?.to_owned(), is_enabled))
    };
    let found = match flow.tenant {
        Some(id) => world.tenant(id).and_then(named).or_else(|| {
            named(&world.partner).filter(|(_, oid, _)| !world.directory_roles(id, oid, visit.now).is_empty())
        }),
        None => std::iter::once(&world.partner)
            .chain(&world.customers)
            .find_map(named),
    };
    let (home, oid, is_enabled) = found.ok_or_else(unknown_account)?;
    if !is_enabled {
        let text = "The user account is disabled.";
        return Err(Refusal::new("invalid_grant", 50_057, text));
    }
    Ok(Login {
        home,
        oid,
        second_factor: false,
        at: visit.now,
    })
}

fn unknown_account() -> Refusal {
    let text = "The user account does not exist in the directory.";
    Refusal::new("invalid_grant", 50_034, text)
}

fn not_administrator() -> Refusal {
    Refusal::new(
        "access_denied",
        90_094,
        "The permissions that the application asks for need the consent of an administrator.",
    )
}

/// Says why a sign-in cannot go on, where no app can be told.
pub(super) fn error_page(desk: &Desk, visit: &Visit<'_>, refusal: &Refusal) -> Reply {
    pages::message(
        StatusCode::BAD_REQUEST,
        "Sorry, but we're having trouble signing you in",
        &refusal.told(desk, visit),
    )
}
