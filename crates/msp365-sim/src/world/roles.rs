//! Built-in directory roles by template id, which is also the id of their definition.

use serde_json::{Value, json};

use super::{access::object, model::Table};

/// Names and template ids.
pub(crate) const ROLES: [(&str, &str); 27] = [
    ("Global Administrator", "62e90394-69f5-4237-9190-012177145e10"),
    ("Directory Readers", "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"),
    (
        "Application Administrator",
        "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
    ),
    ("Directory Writers", "9360feb5-f418-4baa-8175-e2a00bac4301"),
    (
        "Cloud Application Administrator",
        "158c047a-c907-4556-b7ef-446551a6b5f7",
    ),
    ("Global Reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451"),
    ("User Administrator", "fe930be7-5e62-47db-91af-98c3a49a38b1"),
    ("Reports Reader", "4a5d8f65-41da-4de4-8968-e035b65339cf"),
    ("License Administrator", "4d6ac14f-3453-41d0-bef9-a3e0c569773a"),
    ("Security Reader", "5d6b6bb7-de71-4623-b4af-96380a352509"),
    ("Groups Administrator", "fdd7a751-b60b-444a-984c-02652fe8fa1c"),
    ("Security Operator", "5f2222b1-57c3-48ba-8ad5-d4759f1fde6f"),
    ("Helpdesk Administrator", "729827e3-9c14-49f7-bb1b-9608f156bbb8"),
    ("Security Administrator", "194ae4cb-b126-40b2-bd5b-6091b380977d"),
    ("Password Administrator", "966707d0-3269-4727-9be2-8c3a10f19b9d"),
    ("Exchange Administrator", "29232cdf-9323-42fd-ade2-1d097af3e4de"),
    (
        "Authentication Administrator",
        "c4e39bd9-1100-46d3-8c65-fb160da0071f",
    ),
    ("SharePoint Administrator", "f28a1f50-f6e7-4571-818b-6a12f2af6b6c"),
    (
        "Privileged Authentication Administrator",
        "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",
    ),
    ("Teams Administrator", "69091246-20e8-4a56-aa4d-066075b2a7a8"),
    (
        "Privileged Role Administrator",
        "e8611ab8-c189-46e8-94e1-60213ab1f814",
    ),
    ("Intune Administrator", "3a2c62db-5318-420d-8d74-23affee5d9d5"),
    (
        "Authentication Policy Administrator",
        "0526716b-113d-4c15-b2c8-68e3c22b9f80",
    ),
    (
        "Cloud Device Administrator",
        "7698a772-787b-4ac8-901f-60d6b08affd2",
    ),
    ("Billing Administrator", "b0f54661-2d74-4c50-afa3-1ec803f12efe"),
    (
        "Domain Name Administrator",
        "8329153b-31d0-4727-b945-745eb3bc5f31",
    ),
    (
        "Service Support Administrator",
        "f023fd81-a637-4b56-95fd-791ac0226033",
    ),
];

/// Names and template ids of further roles that partners ask for.
const FURTHER: [(&str, &str); 18] = [
    (
        "Usage Summary Reports Reader",
        "75934031-6c7e-415a-99d7-48dbd49e875e",
    ),
    (
        "Conditional Access Administrator",
        "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9",
    ),
    (
        "Exchange Recipient Administrator",
        "31392ffb-586c-42d1-9346-e59415a2cc4e",
    ),
    (
        "Teams Communications Administrator",
        "baf37b3a-610e-45da-9e62-d9d1e5e8914b",
    ),
    (
        "Teams Devices Administrator",
        "3d762c5a-1b6c-493f-843e-55a3b42923d4",
    ),
    (
        "Cloud App Security Administrator",
        "892c5842-a9a6-463a-8041-72aa08ca3cf6",
    ),
    ("Compliance Administrator", "17315797-102d-40b4-93e0-432062caca18"),
    (
        "Compliance Data Administrator",
        "e6d1a23a-da11-4be4-9570-befc86d067a7",
    ),
    ("Guest Inviter", "95e79109-95c0-4d8e-aee3-d01accf2d47b"),
    (
        "Identity Governance Administrator",
        "45d8d3c5-c802-45c6-b32a-1d70b5e1e86e",
    ),
    (
        "Hybrid Identity Administrator",
        "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2",
    ),
    ("Message Center Reader", "790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b"),
    (
        "Office Apps Administrator",
        "2b745bdf-0803-4d80-aa65-822c4493daac",
    ),
    (
        "Power Platform Administrator",
        "11648597-926c-4cf3-9c36-bcebb0ba8dcc",
    ),
    ("Fabric Administrator", "a9ea8996-122f-4c74-9520-8edcd192826c"),
    (
        "Dynamics 365 Administrator",
        "44367163-eba1-44c3-98af-f5787879f96a",
    ),
    (
        "Windows 365 Administrator",
        "11451d60-acb2-45eb-a7d6-43d0f0125c13",
    ),
    ("Application Developer", "cf1c38e5-3621-4004-a7cb-879624dced7c"),
];

/// The name of a role, by its template id.
pub(crate) fn name_of(template: &str) -> Option<&'static str> {
    ROLES
        .iter()
        .chain(&FURTHER)
        .find(|(_, id)| *id == template)
        .map(|(name, _)| *name)
}

/// The template id of a role, by its name.
pub(crate) fn template(name: &str) -> String {
    ROLES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, id)| (*id).to_owned())
        .unwrap_or_default()
}

/// The template ids of several roles.
pub(crate) fn templates(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| template(name)).collect()
}

/// All of them as `unifiedRoleDefinition`.
pub(crate) fn definitions() -> Table {
    let mut table = Table::default();
    for (name, id) in ROLES.into_iter().chain(FURTHER) {
        let definition = json!({
            "id": id,
            "templateId": id,
            "displayName": name,
            "description": format!("Built-in role {name}."),
            "isBuiltIn": true,
            "isEnabled": true,
            "version": "1",
            "resourceScopes": ["/"],
            "rolePermissions": Value::Array(Vec::new()),
        });
        table.put(object(definition), 1);
    }
    table
}
