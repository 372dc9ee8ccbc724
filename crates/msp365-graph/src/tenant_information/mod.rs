//! What any tenant tells others about itself. The request can go to any tenant.

use msp365_core::{Operation, Request, path};

pub(crate) static OPERATIONS: &[&Operation] = &[&BY_TENANT_ID, &BY_DOMAIN];

static BY_TENANT_ID: Operation = Operation::read(
    "tenant_information.by_tenant_id",
    "tenantRelationships/findTenantInformationByTenantId(tenantId={id})",
)
.permission(&["CrossTenantInformation.ReadBasic.All"])
.options(&[]);
static BY_DOMAIN: Operation = Operation::read(
    "tenant_information.by_domain",
    "tenantRelationships/findTenantInformationByDomainName(domainName={domain})",
)
.permission(&["CrossTenantInformation.ReadBasic.All"])
.options(&[]);

/// The names of a tenant, by its id; `NotFound` if there is none in this cloud.
///
/// Permission: `CrossTenantInformation.ReadBasic.All`.
pub fn by_tenant_id(id: impl AsRef<str>) -> Request<TenantInformation> {
    BY_TENANT_ID.one(path!["tenantRelationships", "findTenantInformationByTenantId"].key("tenantId", id))
}

/// The names of a tenant, by one of its domains; `NotFound` if no tenant has it.
///
/// Permission: `CrossTenantInformation.ReadBasic.All`.
pub fn by_domain(domain: impl AsRef<str>) -> Request<TenantInformation> {
    BY_DOMAIN.one(path!["tenantRelationships", "findTenantInformationByDomainName"].key("domainName", domain))
}

msp365_core::model! {
    /// The names of a tenant.
    pub struct TenantInformation {
        /// The tenant id.
        tenant_id, TENANT_ID = "tenantId": String,
        /// The display name.
        display_name, DISPLAY_NAME = "displayName": Option<String>,
        /// The default domain for new users.
        default_domain_name, DEFAULT_DOMAIN_NAME = "defaultDomainName": Option<String>,
        /// The name shown on the sign-in page of a federated tenant.
        federation_brand_name, FEDERATION_BRAND_NAME = "federationBrandName": Option<String>,
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::testing::{read, shown};

    #[test]
    fn a_tenant_is_looked_up_by_id_or_domain() {
        assert_snapshot!(shown(&by_tenant_id("t")), @"GET tenantRelationships/findTenantInformationByTenantId(tenantId='t')");
        assert_snapshot!(shown(&by_domain("contoso.example")), @"GET tenantRelationships/findTenantInformationByDomainName(domainName='contoso.example')");

        let found = read(
            &by_domain("contoso.example"),
            r#"{"tenantId":"t","displayName":"Contoso"}"#,
        )
        .unwrap();

        assert_eq!(found.tenant_id, "t");
    }
}
