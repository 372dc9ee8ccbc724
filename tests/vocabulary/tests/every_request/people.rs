//! Requests about people and groups.

use jiff::Timestamp;
use msp365_core::{Change, Endpoints};
use msp365_graph::{
    authentication_methods::{self as methods, MethodKind, NewPass, PassPolicyEdit, PolicyState},
    directory_objects::{self, ObjectType},
    groups::{self, GroupEdit},
    licenses::{self, LicenseChange},
    users::{self, NewUser, Password, User, UserEdit},
};
use secrecy::SecretString;
use serde_json::json;

use crate::exchange::{Exchange, ID, done, entity, leads, made, object, page};

pub(crate) fn exchanges() -> Vec<Exchange> {
    [reading(), writing(), related(), methods(), groups(), members()]
        .into_iter()
        .flatten()
        .collect()
}

fn time() -> Timestamp {
    "2026-02-01T00:00:00Z".parse().unwrap()
}

fn reading() -> Vec<Exchange> {
    vec![
        page(users::list()),
        page(users::list().filter(User::holds(ID).and(User::MAIL.ends_with("@contoso.example")))),
        page(users::list().expand("manager", [User::ID, User::DISPLAY_NAME])),
        page(users::list().search(User::DISPLAY_NAME, "O'Neil \"x\"")),
        page(users::list_lenient()),
        object(users::count(Some(User::ACCOUNT_ENABLED.eq(true))), json!(7)),
        entity(users::get(ID)),
        entity(users::get("o'neil@contoso.example")),
        entity(users::get("bo_fabrikam.example#EXT#@contoso.example")),
        page(users::sign_in_activity()),
        entity(users::sign_in_activity_of(ID)),
        entity(users::me()),
        page(users::my_memberships()),
        page(users::delta(["id", "displayName", "manager"])),
        page(users::delta_from_now(["id"])),
        page(users::delta_of(["id"], [ID])),
        page(users::deleted()),
        page(directory_objects::by_ids([ID], &[ObjectType::User])),
        page(directory_objects::my_groups_among([ID])),
    ]
}

fn writing() -> Vec<Exchange> {
    let password = || SecretString::from("Sommer-2026!");
    let mut edit = UserEdit::default();
    edit.job_title = Change::Set("Engineer".into());
    edit.department = Change::Clear;
    edit.employee_hire_date = Change::Set(time());
    edit.business_phones = Some(vec!["+47 55 55 01 00".into()]);
    edit.other_mails = Some(Vec::new());
    let cloud = Endpoints::public();
    vec![
        made(users::create(&NewUser::new(
            "Ada",
            "ada@contoso.example",
            password(),
        ))),
        done(users::update(ID, &edit)),
        done(users::set_password(ID, &Password::new(password()))),
        done(users::delete(ID)),
        done(users::set_manager(&cloud, ID, ID)),
        done(users::remove_manager(ID)),
        object(users::revoke_sessions(ID), json!({ "value": true })),
        entity(directory_objects::restore(ID)),
        done(directory_objects::purge(ID)),
        page(licenses::details(ID)),
        entity(licenses::assign(
            ID,
            &LicenseChange::default().giving_without(ID, [ID]),
        )),
        entity(licenses::assign_to_group(
            ID,
            &LicenseChange::default().taking(ID),
        )),
        entity(licenses::reprocess(ID)),
    ]
}

fn related() -> Vec<Exchange> {
    vec![
        object(
            users::manager(ID),
            json!({ "@odata.type": "#microsoft.graph.user", "id": ID }),
        ),
        entity(users::manager_chain(ID)),
        page(users::direct_reports(ID)),
        page(users::owned_groups(ID)),
        page(users::member_of(ID)),
        page(users::transitive_member_of(ID)),
        page(users::groups(ID)),
        page(users::transitive_groups(ID)),
        page(users::roles(ID)),
        page(users::teams(ID)),
        page(users::app_roles(ID)),
    ]
}

fn methods() -> Vec<Exchange> {
    let mut pass = NewPass::default();
    pass.lifetime_in_minutes = Some(60);
    pass.start_date_time = Some(time());
    let mut policy = PassPolicyEdit::default();
    policy.state = Some(PolicyState::Enabled);
    policy.default_length = Some(12);
    vec![
        page(methods::list(ID)),
        done(methods::delete(ID, &MethodKind::Fido2, "k")),
        leads(
            methods::reset_password(ID, Some(&SecretString::from("Sommer-2026!"))),
            202,
        ),
        entity(methods::reset_progress(ID, "op")),
        page(methods::passes(ID)),
        made(methods::create_pass(ID, &pass)),
        done(methods::delete_pass(ID, ID)),
        object(
            methods::pass_policy(),
            json!({ "@odata.type": "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration", "id": "x" }),
        ),
        done(methods::set_pass_policy(&policy)),
        page(methods::registrations()),
    ]
}

fn groups() -> Vec<Exchange> {
    let mut edit = GroupEdit::default();
    edit.description = Change::Set("Sales".into());
    vec![
        page(groups::list()),
        page(groups::list_lenient()),
        page(groups::list().filter(groups::Group::RESOURCE_PROVISIONING_OPTIONS.any("Team"))),
        entity(groups::get(ID)),
        page(groups::by_name("AdminAgents")),
        done(groups::update(ID, &edit)),
        page(groups::delta_with_members(groups::SYNC_PROPERTIES)),
        page(groups::delta(["id"])),
        page(groups::delta_from_now(["id"])),
        page(groups::delta_of(["id"], [ID])),
        entity(groups::team(ID)),
        page(groups::app_roles(ID)),
    ]
}

fn members() -> Vec<Exchange> {
    let cloud = Endpoints::public();
    vec![
        page(groups::members(ID)),
        page(groups::transitive_members(ID)),
        page(groups::user_members(ID)),
        done(groups::add_member(&cloud, ID, ID)),
        done(groups::add_members(&cloud, ID, [ID])),
        done(groups::remove_member(ID, ID)),
        page(groups::owners(ID)),
        done(groups::add_owner(&cloud, ID, ID)),
        done(groups::remove_owner(ID, ID)),
    ]
}
