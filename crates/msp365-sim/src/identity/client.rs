//! Which app asks for a token, and how it proves itself.

use super::{Visit, assertion, discovery, refusal::Refusal};
use crate::world::{World, registration::Registration};

/// What assertions are called in the form.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An app that asks for a token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Client<'a> {
    pub(super) registration: Registration<'a>,
    pub(super) proof: Proof,
}

/// How an app proved itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    Nothing,
    Secret,
    Certificate,
}

impl Proof {
    /// As the claim `appidacr` says it.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Nothing => "0",
            Self::Secret => "1",
            Self::Certificate => "2",
        }
    }
}

impl<'a> Client<'a> {
    /// The app of a request, whose proof is checked if there is one.
    pub(super) fn of(world: &'a World, visit: &Visit<'_>) -> Result<Self, Refusal> {
        let (basic_id, basic_secret) = match &visit.basic {
            Some((id, secret)) => (Some(id.as_str()), Some(secret.as_str())),
            None => (None, None),
        };
        let id = visit
            .field("client_id")
            .or(basic_id)
            .ok_or_else(|| missing("client_id"))?;
        let registration = world
            .registration(id)
            .ok_or_else(|| not_in_tenant(id, visit.tenant))?;
        discovery::admit(world, visit, &registration)?;
        let secret = visit.field("client_secret").or(basic_secret);
        let proof = match (visit.field("client_assertion"), secret) {
            (Some(text), None) => {
                if visit.field("client_assertion_type") != Some(ASSERTION_TYPE) {
                    return Err(missing("client_assertion_type"));
                }
                assertion::check(world, visit, &registration, text)?;
                Proof::Certificate
            }
            (Some(_), Some(_)) => {
                let message =
                    "The request has both a client secret and a client assertion; send one of them.";
                return Err(Refusal::new("invalid_request", 90_013, message));
            }
            (None, Some(secret)) => {
                check_secret(world, visit, (registration.client_id, secret))?;
                Proof::Secret
            }
            (None, None) => Proof::Nothing,
        };
        Ok(Self { registration, proof })
    }

    /// The app id.
    pub(super) fn id(&self) -> &'a str {
        self.registration.client_id
    }

    /// Refuses an app that did not prove itself.
    pub(super) fn confidential(&self) -> Result<(), Refusal> {
        match self.proof {
            Proof::Nothing => Err(Refusal::new(
                "invalid_client",
                7_000_218,
                "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
            )),
            Proof::Secret | Proof::Certificate => Ok(()),
        }
    }

    /// Refuses an app that shows a secret where it cannot have one.
    pub(super) fn public(&self) -> Result<(), Refusal> {
        match self.proof {
            Proof::Nothing => Ok(()),
            Proof::Secret | Proof::Certificate => Err(Refusal::new(
                "invalid_client",
                700_025,
                "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
            )),
        }
    }

    /// Refuses an app that did not prove itself, unless its flows on devices need no proof.
    pub(super) fn on_a_device(&self) -> Result<(), Refusal> {
        if self.registration.has_public_flows() {
            return Ok(());
        }
        self.confidential()
    }
}

fn check_secret(world: &World, visit: &Visit<'_>, (id, given): (&str, &str)) -> Result<(), Refusal> {
    match world.secret(id, given) {
        Some(secret) if secret.is_current(visit.now) => Ok(()),
        Some(_) => Err(Refusal::new(
            "invalid_client",
            7_000_222,
            format!(
                "The provided client secret keys for app '{id}' are expired. Create new keys for the app, or use \
                 certificate credentials."
            ),
        )),
        None => Err(Refusal::new(
            "invalid_client",
            7_000_215,
            format!(
                "Invalid client secret provided. Send the value of the secret, not its ID, for a secret added to app \
                 '{id}'."
            ),
        )),
    }
}

/// A field that the request must have.
pub(super) fn missing(field: &str) -> Refusal {
    Refusal::new(
        "invalid_request",
        900_144,
        format!("The request body must contain the following parameter: '{field}'."),
    )
}

/// The app has no service principal in a tenant, or does not exist.
pub(super) fn not_in_tenant(app: &str, tenant: impl std::fmt::Display) -> Refusal {
    Refusal::new(
        "unauthorized_client",
        700_016,
        format!(
            "Application with identifier '{app}' was not found in the directory '{tenant}'. The administrator of the \
             tenant may not have installed it, nor anybody in the tenant consented to it."
        ),
    )
}
