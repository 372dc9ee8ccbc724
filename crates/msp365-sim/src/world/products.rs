//! Products that tenants buy, with the services in them.

use serde_json::{Value, json};

use super::model::Tenant;

/// A service plan: id, name, and the service it belongs to.
pub(crate) type ServicePlan = (&'static str, &'static str, &'static str);

/// A product as `subscribedSku` names it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Product {
    pub(crate) sku_id: &'static str,
    pub(crate) part_number: &'static str,
    pub(crate) plans: &'static [ServicePlan],
}

impl Product {
    /// Whether it comes with a mailbox.
    pub(crate) fn has_mailbox(&self) -> bool {
        self.plans
            .iter()
            .any(|(_, name, _)| name.starts_with("EXCHANGE_S_"))
    }
}

const EXCHANGE_1: ServicePlan = (
    "9aaf7827-d63c-4b61-89c3-182f06f82e5c",
    "EXCHANGE_S_STANDARD",
    "exchange",
);
const EXCHANGE_2: ServicePlan = (
    "efb87545-963c-4e0d-99df-69c6916d9eb0",
    "EXCHANGE_S_ENTERPRISE",
    "exchange",
);
const EXCHANGE_KIOSK: ServicePlan = (
    "4a82b400-a79f-41a4-b4e2-e94f5787b113",
    "EXCHANGE_S_DESKLESS",
    "exchange",
);
const TEAMS: ServicePlan = ("57ff2da0-773e-42df-b2af-ffb7a2317929", "TEAMS1", "TeamspaceAPI");
const SHAREPOINT_1: ServicePlan = (
    "c7699d2e-19aa-44de-8edf-1736da088ca1",
    "SHAREPOINTSTANDARD",
    "SharePoint",
);
const SHAREPOINT_2: ServicePlan = (
    "5dbe027f-2339-4123-9542-606e4d348a72",
    "SHAREPOINTENTERPRISE",
    "SharePoint",
);
const OFFICE_BUSINESS: ServicePlan = (
    "094e7854-93fc-4d55-b2c0-3ab5369ebdc1",
    "OFFICE_BUSINESS",
    "MicrosoftOffice",
);
const OFFICE: ServicePlan = (
    "43de0ff5-c92c-492b-9116-175376d08c38",
    "OFFICESUBSCRIPTION",
    "MicrosoftOffice",
);
const ENTRA_P1: ServicePlan = (
    "41781fb2-bc02-4b7c-bd55-b576c07bb09d",
    "AAD_PREMIUM",
    "AADPremiumService",
);
const ENTRA_P2: ServicePlan = (
    "eec0eb4f-6444-4f95-aba0-50c24d67f998",
    "AAD_PREMIUM_P2",
    "AADPremiumService",
);
const INTUNE: ServicePlan = ("c1ec4a95-1f05-45b3-a911-aa3fa01094f5", "INTUNE_A", "SCO");

/// Microsoft 365 Business Basic.
pub(crate) const BUSINESS_BASIC: Product = Product {
    sku_id: "3b555118-da6a-4418-894f-7df1e2096870",
    part_number: "O365_BUSINESS_ESSENTIALS",
    plans: &[EXCHANGE_1, TEAMS, SHAREPOINT_1],
};
/// Microsoft 365 Business Standard.
pub(crate) const BUSINESS_STANDARD: Product = Product {
    sku_id: "f245ecc8-75af-4f8e-b61f-27d8114de5f3",
    part_number: "O365_BUSINESS_PREMIUM",
    plans: &[EXCHANGE_1, TEAMS, SHAREPOINT_1, OFFICE_BUSINESS],
};
/// Microsoft 365 Business Premium.
pub(crate) const BUSINESS_PREMIUM: Product = Product {
    sku_id: "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
    part_number: "SPB",
    plans: &[EXCHANGE_1, TEAMS, SHAREPOINT_1, OFFICE_BUSINESS, ENTRA_P1, INTUNE],
};
/// Microsoft 365 E3.
pub(crate) const E3: Product = Product {
    sku_id: "05e9a617-0261-4cee-bb44-138d3ef5d965",
    part_number: "SPE_E3",
    plans: &[EXCHANGE_2, TEAMS, SHAREPOINT_2, OFFICE, ENTRA_P1, INTUNE],
};
/// Microsoft 365 E5.
pub(crate) const E5: Product = Product {
    sku_id: "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
    part_number: "SPE_E5",
    plans: &[
        EXCHANGE_2,
        TEAMS,
        SHAREPOINT_2,
        OFFICE,
        ENTRA_P1,
        ENTRA_P2,
        INTUNE,
    ],
};
/// Microsoft 365 F3.
pub(crate) const F3: Product = Product {
    sku_id: "66b55226-6b4f-492c-910c-a3b7a3c9d993",
    part_number: "SPE_F1",
    plans: &[EXCHANGE_KIOSK, TEAMS, ENTRA_P1, INTUNE],
};
/// Exchange Online (Plan 1).
pub(crate) const EXCHANGE_ONLINE: Product = Product {
    sku_id: "4b9405b0-7788-4568-add1-99614e613b69",
    part_number: "EXCHANGESTANDARD",
    plans: &[EXCHANGE_1],
};

/// A product that no list of names has, as there is between two issues of Microsoft's. Nobody holds it unasked.
pub(crate) const UNLISTED: Product = Product {
    sku_id: "5e1f0000-0000-4000-8000-000000000365",
    part_number: "UNLISTED_ADDON",
    plans: &[(
        "5e1f0000-0000-4000-8000-000000000001",
        "UNLISTED_PLAN",
        "Unlisted",
    )],
};

/// The product of a part number such as `SPB`.
pub(crate) fn known(part_number: &str) -> Option<Product> {
    let extras = EXTRAS.iter().map(|(product, _)| *product);
    let mut all = MAIN.iter().copied().chain(extras).chain([UNLISTED]);
    all.find(|product| product.part_number.eq_ignore_ascii_case(part_number))
}

/// The part numbers there are.
pub(crate) fn part_numbers() -> Vec<&'static str> {
    let extras = EXTRAS.iter().map(|(product, _)| product);
    MAIN.iter()
        .chain(extras)
        .chain([&UNLISTED])
        .map(|product| product.part_number)
        .collect()
}

/// A tenant's subscription of a product, as `subscribedSku`, with no units yet.
pub(crate) fn subscription(tenant: &Tenant, product: &Product, id: &str) -> Value {
    json!({
        "id": format!("{}_{}", tenant.id, product.sku_id),
        "accountId": tenant.id,
        "accountName": tenant.initial_domain.split('.').next(),
        "appliesTo": "User",
        "capabilityStatus": "Enabled",
        "consumedUnits": 0,
        "prepaidUnits": {"enabled": 0, "suspended": 0, "warning": 0, "lockedOut": 0},
        "skuId": product.sku_id,
        "skuPartNumber": product.part_number,
        "subscriptionIds": [id],
        "servicePlans": product.plans.iter().map(|(id, name, _)| json!({
            "servicePlanId": id,
            "servicePlanName": name,
            "provisioningStatus": "Success",
            "appliesTo": "User",
        })).collect::<Vec<_>>(),
    })
}

const MAIN: [Product; 7] = [
    BUSINESS_BASIC,
    BUSINESS_STANDARD,
    BUSINESS_PREMIUM,
    E3,
    E5,
    F3,
    EXCHANGE_ONLINE,
];

/// Products that come on top, and how many in a hundred users hold them.
pub(crate) const EXTRAS: [(Product, u64); 4] = [
    (
        Product {
            sku_id: "f30db892-07e9-47e9-837c-80727f46fd3d",
            part_number: "FLOW_FREE",
            plans: &[(
                "50e68c76-46c6-4674-81f9-75456511b170",
                "FLOW_P2_VIRAL",
                "ProcessSimple",
            )],
        },
        18,
    ),
    (
        Product {
            sku_id: "f8a1db68-be16-40ed-86d5-cb42ce701560",
            part_number: "POWER_BI_PRO",
            plans: &[("70d33638-9c74-4d01-bfd3-562de28bd4ba", "BI_AZURE_P2", "PowerBI")],
        },
        7,
    ),
    (
        Product {
            sku_id: "c5928f49-12ba-48f7-ada3-0d743a3601d5",
            part_number: "VISIOCLIENT",
            plans: &[(
                "663a804f-1c30-4ff0-9915-9db84f0d1cea",
                "VISIO_CLIENT_SUBSCRIPTION",
                "MicrosoftOffice",
            )],
        },
        3,
    ),
    (
        Product {
            sku_id: "53818b1b-4a27-454b-8896-0dba576410e6",
            part_number: "PROJECTPROFESSIONAL",
            plans: &[(
                "fafd7243-e5c1-4a3a-9e40-495efcb1d3c3",
                "PROJECT_CLIENT_SUBSCRIPTION",
                "MicrosoftOffice",
            )],
        },
        2,
    ),
];
