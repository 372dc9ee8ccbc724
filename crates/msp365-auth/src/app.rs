//! The app registration, and what else a token call needs.

use std::{fmt, sync::Arc};

use jiff::Timestamp;
use msp365_core::{Clock, Endpoints, Random, Transport};
use secrecy::SecretString;

use crate::Certificate;

/// What an app proves its identity with.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Credential {
    /// A client secret: the value shown once at its creation, not the secret's id.
    Secret(SecretString),
    /// A certificate, whose private key signs an assertion for each request.
    Certificate(Arc<Certificate>),
    /// Nothing: an app that may be a public client, on a device.
    Public,
}

impl From<SecretString> for Credential {
    fn from(secret: SecretString) -> Self {
        Self::Secret(secret)
    }
}

impl From<Certificate> for Credential {
    fn from(certificate: Certificate) -> Self {
        Self::Certificate(Arc::new(certificate))
    }
}

/// The partner's app registration: its client id and its credential.
#[derive(Debug, Clone)]
pub struct App {
    client_id: String,
    credential: Credential,
    previous: Option<Credential>,
    secret_ends_at: Option<Timestamp>,
}

impl App {
    /// The app with this client id and client secret.
    pub fn new(client_id: &str, secret: SecretString) -> Self {
        Self::proven_by(client_id, secret)
    }

    /// The app with this client id and a secret, a certificate, or nothing.
    pub fn proven_by(client_id: &str, credential: impl Into<Credential>) -> Self {
        Self {
            client_id: client_id.trim().to_owned(),
            credential: credential.into(),
            previous: None,
            secret_ends_at: None,
        }
    }

    /// Sets when the client secret expires, so that a warning can be given in time; only the app registration tells.
    #[must_use]
    pub const fn secret_ends_at(mut self, end: Option<Timestamp>) -> Self {
        self.secret_ends_at = end;
        self
    }

    /// When the app's credential expires: the end of its certificate, or the end that was set for its secret.
    pub fn credential_ends_at(&self) -> Option<Timestamp> {
        match &self.credential {
            Credential::Secret(_) => self.secret_ends_at,
            Credential::Certificate(certificate) => Some(certificate.ends_at()),
            Credential::Public => None,
        }
    }

    /// Keeps the app's previous credential: it is tried if the service does not know the new one yet, which takes some
    /// minutes after an upload.
    #[must_use]
    pub fn before(mut self, previous: impl Into<Credential>) -> Self {
        self.previous = Some(previous.into());
        self
    }

    /// The application (client) id.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The app's credential, to be kept sealed.
    pub const fn credential(&self) -> &Credential {
        &self.credential
    }

    /// The present credential, then the previous one if it is kept.
    pub(crate) fn credentials(&self) -> impl Iterator<Item = &Credential> {
        std::iter::once(&self.credential).chain(&self.previous)
    }
}

/// Everything that calls to the sign-in service are made with.
#[derive(Clone)]
#[non_exhaustive]
pub struct Exchange {
    /// The app that asks.
    pub app: App,
    /// The cloud that is asked.
    pub endpoints: Endpoints,
    /// Carries the calls. It must not follow redirects.
    pub transport: Arc<dyn Transport>,
    /// Gives the time, from which the age of sign-ins and tokens is known.
    pub clock: Arc<dyn Clock>,
    /// Gives request ids and random parts of waits.
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

    /// The same for another app.
    #[must_use]
    pub fn by(&self, app: App) -> Self {
        Self { app, ..self.clone() }
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
