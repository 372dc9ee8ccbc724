//! The apps that are registered in the simulated cloud.

use std::sync::{Arc, OnceLock};

use rcgen::{CertificateParams, DnType, KeyPair, PKCS_RSA_SHA256, RsaKeySize, date_time_ymd};
use secrecy::SecretString;

/// Where sign-in returns to, unless something else is registered.
pub(crate) const REDIRECT: &str = "http://localhost/callback";

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
    own: Arc<OnceLock<Option<Issued>>>,
}

/// A certificate with its key.
#[derive(Debug)]
pub(crate) struct Issued {
    /// The certificate, then the private key.
    pem: SecretString,
    pub(crate) der: Vec<u8>,
}

impl SimApp {
    pub(crate) fn new(client_id: &str, client_secret: SecretString, name: &str) -> Self {
        Self {
            client_id: client_id.to_owned(),
            client_secret,
            redirect_uri: REDIRECT.to_owned(),
            name: name.to_owned(),
            own: Arc::default(),
        }
    }

    /// Its certificate and private key as PEM, good for this simulated cloud alone. They are made when they are first
    /// asked for, which takes a moment, and anew in each process. `None` if the crypto library could not make them.
    pub fn certificate(&self) -> Option<SecretString> {
        self.issued().map(|issued| issued.pem.clone())
    }

    /// The certificate, made if it was not yet.
    pub(crate) fn issued(&self) -> Option<&Issued> {
        self.own.get_or_init(|| issue(&self.name)).as_ref()
    }

    /// The certificate, if anybody asked for it: until then nobody can prove anything with it.
    pub(crate) fn known(&self) -> Option<&Issued> {
        self.own.get()?.as_ref()
    }
}

fn issue(name: &str) -> Option<Issued> {
    let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).ok()?;
    let mut params = CertificateParams::default();
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2099, 12, 31);
    params.distinguished_name.push(DnType::CommonName, name);
    params
        .distinguished_name
        .push(DnType::OrganizationalUnitName, "Simulation only");
    let certificate = params.self_signed(&key).ok()?;
    Some(Issued {
        pem: SecretString::from(format!("{}{}", certificate.pem(), key.serialize_pem())),
        der: certificate.der().to_vec(),
    })
}
