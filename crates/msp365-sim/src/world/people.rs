//! Users: members, guests, disabled ones, and when they signed in.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    access::object,
    chance::Dice,
    change::derived_id,
    draft::Draft,
    model::{Json, Tenant},
    names::{self, DEPARTMENTS},
    packed::Packed,
};

/// The first users of the first customer, for examples.
const FIRST: [(&str, &str); 3] = [("Ada", "Lindqvist"), ("Bo", "Okafor"), ("Cleo", "Marchetti")];

/// What the draws of one user decide.
struct Person {
    id: String,
    given: String,
    family: String,
    local: String,
    created: Timestamp,
    enabled: bool,
    never_signed_in: bool,
}

/// Fills in the users of a customer, without licences.
pub(crate) fn populate(draft: &Draft, tenant: &mut Tenant) {
    let dice = draft.dice("people");
    let synced = draft.size > 60 && dice.chance(50);
    let mut taken = HashMap::new();
    for number in 0..draft.size {
        let person = person(draft, &dice, number, &mut taken);
        let is_guest = number == 3 || (number > 3 && dice.chance(draft.shares.guests));
        let mut json = if is_guest {
            guest(draft, tenant, &dice, &person)
        } else {
            member(draft, tenant, &dice, &person)
        };
        if synced && !is_guest && dice.chance(85) {
            json.extend(on_premises(tenant, draft, &person));
        }
        tenant.users.lay(&json, 1);
        if tenant.has_p1 && !person.never_signed_in {
            let activity = activity(draft, &dice, &person);
            tenant
                .sign_in_activity
                .insert(person.id, Packed::closed(&activity));
        }
    }
}

fn person(draft: &Draft, dice: &Dice, number: usize, taken: &mut HashMap<String, u64>) -> Person {
    let (given, family) = match FIRST.get(number).filter(|_| draft.index == 0) {
        Some((given, family)) => ((*given, given.to_lowercase()), (*family, family.to_lowercase())),
        None => (
            names::at(draft.culture.given, dice.index(14)),
            names::at(draft.culture.family, dice.index(14)),
        ),
    };
    let mut local = format!("{}.{}", given.1, family.1);
    // Nobody's name ends in a digit, so that these cannot meet either.
    let namesakes = taken.entry(local.clone()).or_default();
    *namesakes += 1;
    if *namesakes > 1 {
        local = format!("{local}{namesakes}");
    }
    Person {
        id: dice.id(),
        given: given.0.to_owned(),
        family: family.0.to_owned(),
        local,
        created: draft.ago(dice, 20, 2_600),
        enabled: number != 4 && (number < 4 || !dice.chance(draft.shares.disabled)),
        never_signed_in: number == 5 || (number > 5 && dice.chance(draft.shares.never_signed_in)),
    }
}

fn display_name(draft: &Draft, person: &Person) -> String {
    if draft.culture.country == "JP" {
        format!("{} {}", person.family, person.given)
    } else {
        format!("{} {}", person.given, person.family)
    }
}

fn member(draft: &Draft, tenant: &Tenant, dice: &Dice, person: &Person) -> Json {
    let (department, titles) = DEPARTMENTS[dice.index(DEPARTMENTS.len())];
    let address = format!("{}@{}", person.local, tenant.default_domain);
    let alias = format!("smtp:{}@{}", person.local, tenant.initial_domain);
    let extension = dice.between(100, 999);
    let details = json!({
        "userType": "Member",
        "userPrincipalName": address,
        "mail": address,
        "mailNickname": person.local,
        "proxyAddresses": [format!("SMTP:{address}"), alias],
        "jobTitle": dice.pick(&titles),
        "department": department,
        "companyName": tenant.name,
        "officeLocation": draft.company.city,
        "city": draft.company.city,
        "state": Value::Null,
        "streetAddress": format!("{} {}", dice.between(1, 180), draft.company.city),
        "postalCode": dice.between(10_000, 99_999).to_string(),
        "country": draft.culture.country_name,
        "usageLocation": draft.culture.country,
        "preferredLanguage": draft.culture.language,
        "businessPhones": [format!("{} 555 0{extension}", draft.culture.dialling)],
        "mobilePhone": dice.chance(60).then(|| {
            format!("{} 555 1{}", draft.culture.dialling, dice.between(10_000, 99_999))
        }),
        "employeeId": dice.chance(70).then(|| format!("E{}", dice.between(1_000, 99_999))),
        "employeeType": "Employee",
        "employeeHireDate": person.created.to_string(),
        "identities": [{
            "signInType": "userPrincipalName",
            "issuer": tenant.initial_domain,
            "issuerAssignedId": address,
        }],
        "externalUserState": Value::Null,
        "externalUserStateChangeDateTime": Value::Null,
        "creationType": Value::Null,
        "passwordPolicies": dice.chance(10).then_some("DisablePasswordExpiration"),
        "otherMails": [],
    });
    whole(draft, dice, person, details)
}

fn guest(draft: &Draft, tenant: &Tenant, dice: &Dice, person: &Person) -> Json {
    const HOMES: [&str; 4] = [
        "fabrikam.example",
        "northwind.example",
        "adatum.example",
        "litware.example",
    ];
    let home = dice.pick(&HOMES);
    let mail = format!("{}@{home}", person.local);
    let nickname = format!("{}_{home}#EXT#", person.local);
    let accepted = dice.chance(75);
    let details = json!({
        "userType": "Guest",
        "userPrincipalName": format!("{nickname}@{}", tenant.initial_domain),
        "mail": mail,
        "mailNickname": nickname,
        "proxyAddresses": [format!("SMTP:{mail}")],
        "jobTitle": Value::Null,
        "department": Value::Null,
        "companyName": Value::Null,
        "officeLocation": Value::Null,
        "city": Value::Null,
        "state": Value::Null,
        "streetAddress": Value::Null,
        "postalCode": Value::Null,
        "country": Value::Null,
        "usageLocation": Value::Null,
        "preferredLanguage": Value::Null,
        "businessPhones": [],
        "mobilePhone": Value::Null,
        "employeeId": Value::Null,
        "employeeType": Value::Null,
        "employeeHireDate": Value::Null,
        "identities": [{
            "signInType": "federated",
            "issuer": "ExternalAzureAD",
            "issuerAssignedId": Value::Null,
        }],
        "externalUserState": if accepted { "Accepted" } else { "PendingAcceptance" },
        "externalUserStateChangeDateTime": person.created.to_string(),
        "creationType": "Invitation",
        "passwordPolicies": Value::Null,
        "otherMails": [mail],
    });
    whole(draft, dice, person, details)
}

fn whole(draft: &Draft, dice: &Dice, person: &Person, details: Value) -> Json {
    let changed = draft.ago(dice, 1, 400).max(person.created);
    let mut json = object(json!({
        "id": person.id,
        "accountEnabled": person.enabled,
        "displayName": display_name(draft, person),
        "givenName": person.given,
        "surname": person.family,
        "createdDateTime": person.created.to_string(),
        "lastPasswordChangeDateTime": changed.to_string(),
        "signInSessionsValidFromDateTime": changed.to_string(),
        "securityIdentifier": format!("S-1-12-1-{}-{}", dice.between(1 << 20, 1 << 31), dice.between(1 << 20, 1 << 31)),
        "ageGroup": Value::Null,
        "faxNumber": Value::Null,
        "imAddresses": [],
        "showInAddressList": Value::Null,
        "isResourceAccount": Value::Null,
        "assignedLicenses": [],
        "licenseAssignmentStates": [],
        "assignedPlans": [],
        "provisionedPlans": [],
        "onPremisesSyncEnabled": Value::Null,
        "onPremisesLastSyncDateTime": Value::Null,
        "onPremisesImmutableId": Value::Null,
        "onPremisesSamAccountName": Value::Null,
        "onPremisesDomainName": Value::Null,
        "onPremisesUserPrincipalName": Value::Null,
        "onPremisesDistinguishedName": Value::Null,
        "onPremisesSecurityIdentifier": Value::Null,
        "onPremisesProvisioningErrors": [],
    }));
    json.extend(object(details));
    json
}

/// What tells that a directory of the customer's own is the master of a user.
fn on_premises(tenant: &Tenant, draft: &Draft, person: &Person) -> Json {
    let account: String = person.local.chars().take(20).collect();
    let slug = &draft.company.slug;
    object(json!({
        "onPremisesSyncEnabled": true,
        "onPremisesLastSyncDateTime": draft.epoch.to_string(),
        "onPremisesImmutableId": derived_id(tenant.id, &person.id),
        "onPremisesSamAccountName": account,
        "onPremisesDomainName": format!("{slug}.local"),
        "onPremisesUserPrincipalName": format!("{}@{}", person.local, tenant.default_domain),
        "onPremisesDistinguishedName": format!("CN={},OU=People,DC={slug},DC=local", display_name(draft, person)),
    }))
}

/// When somebody signed in: most people lately, some long ago.
fn activity(draft: &Draft, dice: &Dice, person: &Person) -> Json {
    let (fewest, most) = match () {
        () if !person.enabled => (40, 300),
        () if dice.chance(12) => (91, 400),
        () => (0, 35),
    };
    let interactive = draft.ago(dice, fewest, most).max(person.created);
    let background = draft.ago(dice, fewest, fewest + 2).max(interactive);
    let request = |what: &str| derived_id_of(&person.id, what);
    object(json!({
        "lastSignInDateTime": interactive.to_string(),
        "lastSignInRequestId": request("interactive"),
        "lastNonInteractiveSignInDateTime": background.to_string(),
        "lastNonInteractiveSignInRequestId": request("background"),
        "lastSuccessfulSignInDateTime": background.to_string(),
        "lastSuccessfulSignInRequestId": request("background"),
    }))
}

fn derived_id_of(user: &str, what: &str) -> String {
    let tenant = user.parse().unwrap_or_else(|_| uuid::Uuid::nil().into());
    derived_id(tenant, what)
}
