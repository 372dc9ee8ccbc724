//! The table itself: numbers that stand for one meaning, in one row.

use msp365_core::ErrorKind;

use super::{Reach, SignInError};

const fn row(
    numbers: &'static [u32],
    kind: ErrorKind,
    reach: Reach,
    words: (&'static str, &'static str),
) -> (&'static [u32], SignInError) {
    let (meaning, remedy) = words;
    (
        numbers,
        SignInError {
            kind,
            reach,
            meaning,
            remedy,
        },
    )
}

const RECONNECT: &str = "connect the partner tenant again with the service account";

pub(super) const TABLE: &[(&[u32], SignInError)] = &[
    // The sign-in is over.
    row(
        &[50_173],
        ErrorKind::SignIn,
        Reach::Credential,
        (
            "the sign-in was revoked, for example by a new password or by signing out all sessions",
            RECONNECT,
        ),
    ),
    row(
        &[70_008, 700_082],
        ErrorKind::SignIn,
        Reach::Credential,
        (
            "the sign-in expired, as a rule after 90 days without use",
            RECONNECT,
        ),
    ),
    row(
        &[700_084],
        ErrorKind::SignIn,
        Reach::Credential,
        (
            "the sign-in lives for a day only, because the redirect address is registered for single-page apps",
            "register the redirect address under `Web` in the app registration, then connect again",
        ),
    ),
    row(
        &[700_003],
        ErrorKind::SignIn,
        Reach::Credential,
        (
            "the device that the sign-in was made on is gone from the directory",
            RECONNECT,
        ),
    ),
    row(
        &[70_000, 9_002_313],
        ErrorKind::SignIn,
        Reach::Credential,
        (
            "the stored sign-in is not accepted, or belongs to another app",
            RECONNECT,
        ),
    ),
    row(
        &[50_055, 50_132, 50_133, 50_135, 50_144],
        ErrorKind::SignIn,
        Reach::Credential,
        (
            "the password of the service account expired or has to be changed",
            "change the password, then connect the partner tenant again",
        ),
    ),
    row(
        &[50_057],
        ErrorKind::SignIn,
        Reach::Credential,
        (
            "the service account is disabled",
            "an administrator of the partner enables the service account",
        ),
    ),
    row(
        &[50_034, 500_341],
        ErrorKind::SignIn,
        Reach::Tenant,
        (
            "the account is not in the directory, or was deleted",
            "check the tenant; restore the service account or connect with another",
        ),
    ),
    row(
        &[50_053],
        ErrorKind::SignIn,
        Reach::Credential,
        (
            "the service account is locked, or its address is under suspicion",
            "unlock the account and check where its sign-ins come from",
        ),
    ),
    row(
        &[
            16_000, 50_056, 50_058, 50_085, 50_089, 50_126, 50_140, 50_197, 50_199, 500_208, 700_020, 90_123,
        ],
        ErrorKind::SignIn,
        Reach::Tenant,
        ("the service wants a person to sign in", RECONNECT),
    ),
    // A second factor.
    row(
        &[50_072, 50_079, 53_004],
        ErrorKind::SignIn,
        Reach::Tenant,
        (
            "the service account has no second factor registered",
            "register a second factor for the service account, then connect again",
        ),
    ),
    row(
        &[50_074, 50_076, 50_078],
        ErrorKind::SignIn,
        Reach::Tenant,
        (
            "the tenant wants a second factor that the sign-in did not prove, or proved too long ago",
            "connect the partner tenant again and complete the second factor",
        ),
    ),
    row(
        &[50_158],
        ErrorKind::SignIn,
        Reach::Tenant,
        (
            "the tenant wants a proof from a third party",
            "use Microsoft's own second factor, or exempt the service account from that policy",
        ),
    ),
    // Conditional Access and other policies.
    row(
        &[
            50_097, 50_131, 50_155, 50_187, 53_000, 53_001, 53_002, 53_003, 53_010, 53_011, 530_031, 530_032,
            530_033, 530_034, 530_035,
        ],
        ErrorKind::SignIn,
        Reach::Tenant,
        (
            "a Conditional Access policy blocks the service account",
            "look at the sign-in log of this tenant and exempt the service account, or service providers, from the policy",
        ),
    ),
    row(
        &[70_043, 70_044],
        ErrorKind::SignIn,
        Reach::Tenant,
        (
            "a policy limits how long a sign-in lasts",
            "exempt the service account from the sign-in frequency policy, then connect again",
        ),
    ),
    row(
        &[500_021, 500_022, 500_212, 500_213, 1_000_104],
        ErrorKind::Relationship,
        Reach::Tenant,
        (
            "the settings for access across tenants block the partner",
            "an administrator of this tenant, or of the partner, allows access between the two",
        ),
    ),
    // The relationship between partner and customer.
    row(
        &[16_003, 50_014, 50_020, 51_004, 90_072],
        ErrorKind::Relationship,
        Reach::Tenant,
        (
            "the service account is not known in this tenant: it is in no group of a delegated admin relationship, or a guest object stands in the way",
            "put the service account into a security group of the relationship, and remove its guest object from this tenant",
        ),
    ),
    row(
        &[50_177, 50_178],
        ErrorKind::Relationship,
        Reach::Tenant,
        (
            "the tenant's policies cannot be met by partners, or the service account is in no group of the relationship",
            "exempt service providers from the policy, and check the group of the service account",
        ),
    ),
    // Consent.
    row(
        &[65_001, 65_004, 90_094, 90_095],
        ErrorKind::Consent,
        Reach::Tenant,
        (
            "the app has no consent in this tenant",
            "grant consent: the partner for a customer, an administrator for the own tenant",
        ),
    ),
    row(
        &[650_051, 700_011, 700_016, 7_000_229],
        ErrorKind::Consent,
        Reach::Tenant,
        (
            "the app is not in this tenant, or not yet",
            "grant consent in this tenant; after a consent a moment ago, wait",
        ),
    ),
    row(
        &[90_099],
        ErrorKind::Consent,
        Reach::Tenant,
        (
            "the app was not approved in this tenant for delegated admins",
            "the partner grants consent for this customer through Partner Center",
        ),
    ),
    row(
        &[650_056, 650_057],
        ErrorKind::Consent,
        Reach::Tenant,
        (
            "the app registration does not ask for this service",
            "add the permission to the app registration, then grant consent again",
        ),
    ),
    row(
        &[50_105],
        ErrorKind::Consent,
        Reach::Tenant,
        (
            "the app is open to assigned people only",
            "assign the service account to the enterprise application, or switch the requirement off",
        ),
    ),
    row(
        &[70_001, 7_000_112],
        ErrorKind::Consent,
        Reach::Tenant,
        (
            "the app is disabled in this tenant",
            "an administrator of this tenant enables the enterprise application",
        ),
    ),
    row(
        &[50_001, 500_011, 650_052],
        ErrorKind::Unlicensed,
        Reach::Tenant,
        (
            "the tenant does not have the service that the token is for",
            "enable the service in this tenant, or go without it",
        ),
    ),
    row(
        &[90_093],
        ErrorKind::Denied,
        Reach::Tenant,
        (
            "the directory refused during the sign-in",
            "check the roles of the service account in this tenant",
        ),
    ),
    // The credential of the app.
    row(
        &[70_002, 7_000_215],
        ErrorKind::SignIn,
        Reach::App,
        (
            "the client secret is wrong",
            "enter the value of the secret, not its id; it is shown once, when the secret is made",
        ),
    ),
    row(
        &[7_000_222],
        ErrorKind::SignIn,
        Reach::App,
        (
            "the client secret has expired",
            "make a new client secret in the app registration and enter its value",
        ),
    ),
    row(
        &[7_000_218],
        ErrorKind::SignIn,
        Reach::App,
        (
            "the app has to prove itself by a secret",
            "enter the client secret of the app",
        ),
    ),
    row(
        &[50_012, 50_013, 500_133, 700_024, 700_027, 700_030],
        ErrorKind::SignIn,
        Reach::App,
        (
            "the proof of the app was not accepted",
            "check the credential in the app registration, and the clock of this machine",
        ),
    ),
    row(
        &[700_025],
        ErrorKind::SignIn,
        Reach::App,
        (
            "the app is registered as a public client, which has no secret",
            "register the redirect address under `Web` in the app registration",
        ),
    ),
    // The tenant.
    row(
        &[90_002, 90_023, 900_023],
        ErrorKind::NotFound,
        Reach::Tenant,
        (
            "there is no such tenant in this cloud",
            "check the tenant id; the tenant may have been deleted",
        ),
    ),
    row(
        &[5_000_224],
        ErrorKind::NotFound,
        Reach::Tenant,
        (
            "the tenant is gone or blocked",
            "unsync the tenant, or ask Microsoft about it",
        ),
    ),
    row(
        &[90_038, 900_382, 900_432],
        ErrorKind::Invalid,
        Reach::Tenant,
        (
            "the tenant belongs to another national cloud",
            "choose the cloud of this tenant",
        ),
    ),
    // The request.
    row(
        &[50_011, 900_971],
        ErrorKind::Invalid,
        Reach::Tenant,
        (
            "the redirect address is not registered with the app",
            "register exactly this redirect address in the app registration",
        ),
    ),
    row(
        &[54_005, 501_481, 700_005],
        ErrorKind::Denied,
        Reach::Tenant,
        (
            "the code was used before, or belongs to another sign-in",
            "begin the sign-in again",
        ),
    ),
    // The service itself.
    row(
        &[
            50_033, 50_087, 50_088, 70_012, 90_006, 90_012, 90_024, 90_033, 90_090,
        ],
        ErrorKind::Unavailable,
        Reach::Tenant,
        ("the sign-in service has a fault of its own", "try again later"),
    ),
    row(
        &[50_196, 90_055],
        ErrorKind::Throttled,
        Reach::Tenant,
        ("the sign-in service was asked too often", "wait some minutes"),
    ),
];
