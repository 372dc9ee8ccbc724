//! Findings for a tenant that an application reaches directly: only the tenant's own administrators can act on them.

use super::{Finding, FindingId, Who};

/// The finding with the remedy that helps in a tenant reached directly.
pub(super) fn reword(finding: Finding) -> Finding {
    let remedy = match finding.id {
        FindingId::C1 => "have an administrator of the tenant consent to the application, then connect again",
        FindingId::C2 | FindingId::C5 => {
            "have an administrator of the tenant grant the application these permissions: Entra admin center, \
             Enterprise applications, Permissions"
        }
        FindingId::C9 => {
            "have an administrator of the tenant take back what is not needed: Entra admin center, Enterprise \
             applications, Permissions"
        }
        FindingId::C3 => {
            "look up the code; the tenant's sign-in logs of service principals tell more, and Conditional Access for \
             workload identities may block the application"
        }
        _ => return finding,
    };
    let link = "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/StartboardApplicationsMenuBlade/~/AppAppsPreview";
    Finding {
        remedy: remedy.to_owned(),
        ..finding
    }
    .by(Who::CustomerAdministrator)
    .at(Some(link.to_owned()))
}
