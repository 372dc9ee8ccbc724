//! Requests about everything else in a tenant.

use jiff::Timestamp;
use msp365_core::Endpoints;
use msp365_graph::{
    app_role_assignments as roles_of_apps, applications, change_notifications as notifications, contracts,
    devices, directory_audits, directory_roles, directory_subscriptions, domains, managed_devices,
    organization, permission_grants,
    reports::{self, Names, Period, Window},
    role_assignments::{self, RoleAssignment},
    role_definitions,
    role_schedules::{self, EligibilityWish, ScheduleEnd},
    service_principals, sign_ins, subscribed_skus, tenant_information,
};
use serde_json::json;

use crate::exchange::{Exchange, ID, done, entity, leads, made, object, page};

pub(crate) fn exchanges() -> Vec<Exchange> {
    [
        tenant(),
        roles(),
        machines(),
        logs(),
        usage(),
        applications(),
        subscriptions(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn time() -> Timestamp {
    "2026-02-01T00:00:00Z".parse().unwrap()
}

fn tenant() -> Vec<Exchange> {
    vec![
        object(organization::get(), json!({ "value": [{ "id": ID }] })),
        page(domains::list()),
        entity(domains::get("contoso.example")),
        object(tenant_information::by_tenant_id(ID), json!({ "tenantId": ID })),
        object(
            tenant_information::by_domain("contoso.example"),
            json!({ "tenantId": ID }),
        ),
        page(subscribed_skus::list()),
        page(subscribed_skus::list_lenient()),
        entity(subscribed_skus::get("t_s")),
        page(directory_subscriptions::list()),
        entity(directory_subscriptions::get(ID)),
        entity(directory_subscriptions::by_commerce_id(ID)),
        page(contracts::list().filter(contracts::Contract::CUSTOMER_ID.eq(ID))),
    ]
}

fn roles() -> Vec<Exchange> {
    let cloud = Endpoints::public();
    let wish = EligibilityWish::assign(ID, ID, time(), ScheduleEnd::After("P90D".into()));
    vec![
        page(role_assignments::list()),
        page(role_assignments::list_lenient()),
        page(role_assignments::with_principals(
            RoleAssignment::ROLE_DEFINITION_ID.one_of([ID, ID]),
        )),
        made(role_assignments::create(ID, ID, role_assignments::TENANT)),
        done(role_assignments::delete(ID)),
        page(role_definitions::list()),
        entity(role_definitions::get(ID)),
        page(role_schedules::eligible()),
        page(role_schedules::eligibilities()),
        page(role_schedules::active()),
        made(role_schedules::request_eligibility(&wish)),
        page(directory_roles::list()),
        page(directory_roles::templates()),
        made(directory_roles::activate(ID)),
        page(directory_roles::members(ID)),
        page(directory_roles::members_by_template(ID)),
        done(directory_roles::add_member(&cloud, ID, ID)),
        done(directory_roles::remove_member(ID, ID)),
    ]
}

fn machines() -> Vec<Exchange> {
    vec![
        page(devices::list()),
        page(devices::list_lenient()),
        page(devices::list().filter(devices::Device::APPROXIMATE_LAST_SIGN_IN_DATE_TIME.le(time()))),
        entity(devices::get(ID)),
        entity(devices::by_device_id(ID)),
        page(devices::delta(["id", "displayName"])),
        page(devices::delta_from_now(["id"])),
        page(devices::registered_to(ID)),
        page(devices::owned_by(ID)),
        done(devices::set_enabled(ID, false)),
        done(devices::delete(ID)),
        page(managed_devices::list()),
        page(managed_devices::list_lenient()),
        page(
            managed_devices::list()
                .filter(managed_devices::ManagedDevice::COMPLIANCE_STATE.eq("noncompliant")),
        ),
        entity(managed_devices::get(ID)),
        page(managed_devices::of_user(ID)),
    ]
}

fn logs() -> Vec<Exchange> {
    vec![
        page(sign_ins::list()),
        page(sign_ins::since(time())),
        page(sign_ins::of_user(ID, time())),
        page(sign_ins::with_requirement(ID, time())),
        page(
            sign_ins::list().filter(
                sign_ins::SignIn::ERROR_CODE
                    .eq(50_126)
                    .and(sign_ins::SignIn::COUNTRY.eq("NO")),
            ),
        ),
        entity(sign_ins::get(ID)),
        page(directory_audits::list()),
        page(directory_audits::since(time())),
        entity(directory_audits::get(ID)),
    ]
}

fn usage() -> Vec<Exchange> {
    let month = Window::Period(Period::D30);
    let day = Window::Day("2026-02-01".parse().unwrap());
    vec![
        object(reports::settings(), json!({ "displayConcealedNames": true })),
        done(reports::set_concealment(Names::Shown)),
        leads(reports::mailbox_usage(Period::D7), 302),
        leads(reports::active_users(month), 302),
        leads(reports::app_users(day), 302),
        leads(reports::email_activity(month), 302),
        leads(reports::teams_activity(day), 302),
        leads(reports::one_drive_usage(month), 302),
        leads(reports::activations(), 302),
    ]
}

fn applications() -> Vec<Exchange> {
    vec![
        page(applications::list()),
        entity(applications::get(ID)),
        entity(applications::by_app_id(ID)),
        object(
            applications::add_secret(ID, "connector", Some(time())),
            json!({ "keyId": ID }),
        ),
        done(applications::remove_secret(ID, ID)),
        page(service_principals::list()),
        entity(service_principals::by_app_id(ID)),
        entity(service_principals::permissions_of(ID)),
        made(service_principals::create(ID)),
        done(service_principals::delete(ID)),
        page(permission_grants::of_client(ID)),
        made(permission_grants::create(ID, ID, ["User.Read.All"])),
        done(permission_grants::update(ID, ["User.Read.All"])),
        done(permission_grants::delete(ID)),
        page(roles_of_apps::of_service_principal(ID)),
        page(
            roles_of_apps::of_service_principal(ID)
                .filter(roles_of_apps::AppRoleAssignment::RESOURCE_ID.eq(ID)),
        ),
        page(roles_of_apps::granted_on(ID)),
        made(roles_of_apps::grant(ID, ID, ID)),
        done(roles_of_apps::revoke(ID, ID)),
    ]
}

fn subscriptions() -> Vec<Exchange> {
    let wish = notifications::NewSubscription::to("users", "https://hook.contoso.example", time());
    vec![
        page(notifications::list()),
        entity(notifications::get(ID)),
        made(notifications::create(&wish)),
        entity(notifications::renew(ID, time())),
        done(notifications::reauthorize(ID)),
        done(notifications::delete(ID)),
    ]
}
