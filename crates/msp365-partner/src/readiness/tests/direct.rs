//! Tenants that are reached without a partner.

use super::*;

#[test]
fn a_direct_tenant_needs_no_account_and_no_relationship() {
    let facts = Facts {
        is_direct: true,
        consent: ConsentFacts::Granted(["User.Read.All".to_owned()].into()),
        organization_ok: Some(true),
        ..Facts::default()
    };

    let found = assess(&facts, &rules(), now());

    assert!(found.is_ready());
    assert_eq!(found.findings[0].id, FindingId::C2);
    assert_eq!(found.findings[0].who, Who::CustomerAdministrator);
    assert!(!found.findings[0].evidence.contains("User.Read.All"));
}
