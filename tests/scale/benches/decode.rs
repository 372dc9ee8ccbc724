//! What it costs to read a page of 999 users into our model, against plain `serde_json` into a struct of the same fields.
//!
//! `cargo bench -p msp365-scale --bench decode`. The two ways take turns; the least of all rounds is shown, and their
//! ratio. Our model also notes which properties were there, keeps what it does not know, and takes values in odd forms.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    dead_code,
    reason = "a bench ends at the first failure, prints, and measures time; the fields are there to be filled"
)]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use msp365_core::Reply;
use msp365_graph::users::{self, User};
use serde::Deserialize;
use serde_json::{Value, json};

const USERS: usize = 999;
const ROUNDS: usize = 200;

/// The fields of the model, nested ones that the page does not hold left as JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Plain {
    id: String,
    user_principal_name: Option<String>,
    display_name: Option<String>,
    given_name: Option<String>,
    surname: Option<String>,
    mail: Option<String>,
    mail_nickname: Option<String>,
    user_type: Option<String>,
    account_enabled: Option<bool>,
    job_title: Option<String>,
    department: Option<String>,
    company_name: Option<String>,
    office_location: Option<String>,
    street_address: Option<String>,
    city: Option<String>,
    state: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
    usage_location: Option<String>,
    preferred_language: Option<String>,
    mobile_phone: Option<String>,
    #[serde(default)]
    business_phones: Vec<String>,
    fax_number: Option<String>,
    #[serde(default)]
    proxy_addresses: Vec<String>,
    #[serde(default)]
    other_mails: Vec<String>,
    #[serde(default)]
    im_addresses: Vec<String>,
    employee_id: Option<String>,
    employee_type: Option<String>,
    employee_hire_date: Option<Timestamp>,
    employee_leave_date_time: Option<Timestamp>,
    employee_org_data: Option<Value>,
    creation_type: Option<String>,
    external_user_state: Option<String>,
    external_user_state_change_date_time: Option<Timestamp>,
    #[serde(default)]
    identities: Vec<Value>,
    password_policies: Option<String>,
    password_profile: Option<Value>,
    show_in_address_list: Option<bool>,
    on_premises_sync_enabled: Option<bool>,
    on_premises_last_sync_date_time: Option<Timestamp>,
    on_premises_distinguished_name: Option<String>,
    on_premises_domain_name: Option<String>,
    on_premises_immutable_id: Option<String>,
    on_premises_sam_account_name: Option<String>,
    on_premises_security_identifier: Option<String>,
    on_premises_user_principal_name: Option<String>,
    security_identifier: Option<String>,
    created_date_time: Option<Timestamp>,
    deleted_date_time: Option<Timestamp>,
    last_password_change_date_time: Option<Timestamp>,
    sign_in_sessions_valid_from_date_time: Option<Timestamp>,
    #[serde(default)]
    assigned_licenses: Vec<PlainLicense>,
    #[serde(default)]
    license_assignment_states: Vec<PlainState>,
    #[serde(default)]
    assigned_plans: Vec<Value>,
    #[serde(default)]
    provisioned_plans: Vec<Value>,
    sign_in_activity: Option<Value>,
    manager: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlainLicense {
    sku_id: Option<String>,
    disabled_plans: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlainState {
    sku_id: Option<String>,
    assigned_by_group: Option<String>,
    state: Option<String>,
    error: Option<String>,
    last_updated_date_time: Option<Timestamp>,
    disabled_plans: Vec<String>,
}

#[derive(Deserialize)]
struct PlainPage {
    value: Vec<Plain>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
}

fn main() {
    let body = page();
    let reply = Reply::new(StatusCode::OK, HeaderMap::new(), body.clone());
    let request = users::list();
    let ours = || request.decode(&reply).unwrap().items.len();
    let plain = || serde_json::from_str::<PlainPage>(&body).unwrap().value.len();
    assert_eq!((ours(), plain()), (USERS, USERS));

    let (mut least_ours, mut least_plain) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        least_plain = least_plain.min(timed(plain));
        least_ours = least_ours.min(timed(ours));
    }

    let ratio = least_ours.as_secs_f64() / least_plain.as_secs_f64();
    println!(
        "{USERS} users, {} bytes; a user is {} bytes in memory",
        body.len(),
        size_of::<User>()
    );
    println!("plain {least_plain:?}, ours {least_ours:?}, ratio {ratio:.2}");
}

fn timed(read: impl Fn() -> usize) -> Duration {
    let start = Instant::now();
    black_box(read());
    start.elapsed()
}

fn page() -> String {
    let users: Vec<Value> = (0..USERS).map(user).collect();
    json!({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users",
        "@odata.nextLink": "https://graph.microsoft.com/v1.0/users?$skiptoken=x",
        "value": users,
    })
    .to_string()
}

fn user(number: usize) -> Value {
    let id = format!("0a000000-0000-4000-8000-{number:012}");
    let name = format!("ada{number}");
    let sku = "05e9a617-0261-4cee-bb44-138d3ef5d965";
    json!({
        "id": id,
        "userPrincipalName": format!("{name}@contoso.example"),
        "displayName": format!("Ada Lovelace {number}"),
        "givenName": "Ada",
        "surname": "Lovelace",
        "mail": format!("{name}@contoso.example"),
        "mailNickname": name,
        "userType": "Member",
        "accountEnabled": true,
        "jobTitle": "Engineer",
        "department": if number.is_multiple_of(3) { Value::Null } else { json!("Research") },
        "companyName": "Contoso",
        "officeLocation": "4711",
        "city": "Oslo",
        "country": "Norway",
        "usageLocation": "NO",
        "mobilePhone": "+47 55 55 01 00",
        "businessPhones": ["+47 55 55 01 01"],
        "proxyAddresses": [format!("SMTP:{name}@contoso.example"), format!("smtp:{name}@contoso.onmicrosoft.example")],
        "employeeId": number.to_string(),
        "onPremisesSyncEnabled": null,
        "createdDateTime": "2020-05-04T03:02:01Z",
        "lastPasswordChangeDateTime": "2025-05-04T03:02:01Z",
        "assignedLicenses": [{ "skuId": sku, "disabledPlans": [] }],
        "licenseAssignmentStates": [{ "skuId": sku, "assignedByGroup": null, "state": "Active", "error": "None",
            "lastUpdatedDateTime": "2025-01-01T00:00:00Z", "disabledPlans": [] }],
    })
}
