//! The app registration, and what a token call needs besides it.

use std::{fmt, sync::Arc};

use msp365_core::{Clock, Endpoints, Random, Transport};
use secrecy::SecretString;

/// The partner's app registration: its client id and client secret.
#[derive(Debug, Clone)]
pub struct App {
    client_id: String,
    secret: SecretString,
}

impl App {
    /// The app with this client id. The secret is the value shown once at its creation, not the secret's id.
    pub fn new(client_id: &str, secret: SecretString) -> Self {
        Self {
            client_id: client_id.trim().to_owned(),
            secret,
        }
    }

    /// The application (client) id.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The client secret, to be kept sealed.
    pub const fn secret(&self) -> &SecretString {
        &self.secret
    }
}

/// What every call to the sign-in service is made with.
#[derive(Clone)]
#[non_exhaustive]
pub struct Exchange {
    /// Who asks.
    pub app: App,
    /// Which cloud is asked.
    pub endpoints: Endpoints,
    /// Carries the calls. It must not follow redirects.
    pub transport: Arc<dyn Transport>,
    /// Tells how old sign-ins and tokens are.
    pub clock: Arc<dyn Clock>,
    /// Gives request ids and the spread of waits.
    pub random: Arc<dyn Random>,
}

impl Exchange {
    /// Calls made with these parts.
    pub fn new(
        app: App,
        endpoints: Endpoints,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self {
            app,
            endpoints,
            transport,
            clock,
            random,
        }
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("app", &self.app)
            .field("endpoints", &self.endpoints)
            .finish_non_exhaustive()
    }
}
