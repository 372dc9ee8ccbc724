//! The apps that are registered in the simulated cloud.

use secrecy::SecretString;

/// An app registration, as its owner knows it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SimApp {
    /// The app id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretString,
    /// Where sign-in returns to; on loopback any port will do.
    pub redirect_uri: String,
    /// The name shown on consent pages.
    pub name: String,
}
