//! Users: one listing with the largest page, compared by digest.

use msp365_core::id::canonical;
use msp365_graph::users::{self, User};
use msp365_store::{Resource, Rows, UserLicense, UserRow};

use super::products::Parts;
use crate::{
    ending::gone,
    stream::{Converted, Source},
};

/// The listing of users.
pub(crate) fn source() -> Source<User> {
    Source {
        resource: Resource::Users,
        request: users::list_lenient(),
        convert,
        covers: &[Resource::Users],
        look: Some(|batch, id| gone(batch, users::get(id).select([User::ID]))),
    }
}

fn convert(users: Vec<User>) -> Converted {
    Converted {
        rows: vec![Rows::Users(users.into_iter().map(row).collect())],
        ..Converted::default()
    }
}

fn row(user: User) -> UserRow {
    let licenses = licenses(&user);
    let mut row = UserRow::new(canonical(user.id));
    row.user_principal_name = user.user_principal_name.unwrap_or_default();
    row.display_name = user.display_name;
    row.given_name = user.given_name;
    row.surname = user.surname;
    row.mail = user.mail;
    row.mail_nickname = user.mail_nickname;
    row.user_type = user.user_type.map(|kind| kind.to_string());
    row.account_enabled = user.account_enabled;
    row.job_title = user.job_title;
    row.department = user.department;
    row.company_name = user.company_name;
    row.office_location = user.office_location;
    row.city = user.city;
    row.country = user.country;
    row.usage_location = user.usage_location;
    row.mobile_phone = user.mobile_phone;
    row.business_phones = user.business_phones;
    row.proxy_addresses = user.proxy_addresses;
    row.employee_id = user.employee_id;
    row.on_premises_sync_enabled = user.on_premises_sync_enabled;
    row.created_at = user.created_date_time;
    row.last_password_change_at = user.last_password_change_date_time;
    row.products = Parts::default().names(&licenses);
    row.licenses = licenses;
    row
}

/// Each licence with how it came: directly or by a group. A product that no assignment state names counts as direct.
fn licenses(user: &User) -> Vec<UserLicense> {
    let mut licenses: Vec<_> = user
        .license_assignment_states
        .iter()
        .filter_map(|state| {
            let mut license = UserLicense::new(canonical(state.sku_id.clone()?));
            license.assigned_by_group = state.assigned_by_group.clone().map(canonical);
            license.state = state.state.as_ref().map(ToString::to_string);
            Some(license)
        })
        .collect();
    for sku_id in user
        .assigned_licenses
        .iter()
        .filter_map(|assigned| assigned.sku_id.clone().map(canonical))
    {
        if !licenses.iter().any(|license| license.sku_id == sku_id) {
            licenses.push(UserLicense::new(sku_id));
        }
    }
    licenses.sort_by(|a, b| (&a.sku_id, &a.assigned_by_group).cmp(&(&b.sku_id, &b.assigned_by_group)));
    licenses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_says_how_it_came() {
        let user = r#"{"id":"ada","assignedLicenses":[{"skuId":"e3"},{"skuId":"visio"}],
            "licenseAssignmentStates":[{"skuId":"e3","assignedByGroup":"g","state":"Active"},
                                       {"skuId":"e3","assignedByGroup":null,"state":"Active"}]}"#;

        let row = row(serde_json::from_str(user).unwrap());

        let paths: Vec<_> = row
            .licenses
            .iter()
            .map(|own| (own.sku_id.as_str(), own.assigned_by_group.as_deref()))
            .collect();
        assert_eq!(paths, [("e3", None), ("e3", Some("g")), ("visio", None)]);
    }
}
