//! Certificates with which an app proves its identity.

mod assertion;

use std::fmt;

use aws_lc_rs::{
    digest,
    encoding::{AsDer, Pkcs8V1Der},
    rsa::KeyPair,
    signature::KeyPair as _,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::{CertificateFlaw, Error};

/// A certificate with its RSA key. The key signs, and never leaves.
pub struct Certificate {
    key: KeyPair,
    der: Vec<u8>,
    thumbprint: String,
    begins_at: Timestamp,
    ends_at: Timestamp,
}

impl Certificate {
    /// The certificate and private key in a PEM text, in any order; if there are several certificates, the one that
    /// belongs to the key.
    ///
    /// # Errors
    /// `Invalid` if one of the two is missing, the key is encrypted or not RSA, or they do not belong together.
    pub fn from_pem(pem: &SecretString) -> Result<Self, Error> {
        let text = pem.expose_secret().as_bytes();
        if pem.expose_secret().contains("BEGIN ENCRYPTED PRIVATE KEY") {
            return Err(flawed(CertificateFlaw::Encrypted));
        }
        let key = PrivateKeyDer::from_pem_slice(text).map_err(|_| flawed(CertificateFlaw::NoKey))?;
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(text)
            .collect::<Result<_, _>>()
            .map_err(|_| flawed(CertificateFlaw::Malformed))?;
        let ders = certificates.iter().map(|der| der.as_ref().to_vec());
        Self::put_together(key.secret_der(), ders)
    }

    /// The certificate and private key in a PKCS#12 file (`.pfx`, `.p12`).
    ///
    /// # Errors
    /// `Invalid` if the password is wrong, one of the two is missing, the key is not RSA, or they do not belong
    /// together.
    pub fn from_pkcs12(file: &[u8], password: &SecretString) -> Result<Self, Error> {
        let store = KeyStore::from_pkcs12(file, password.expose_secret(), Pkcs12ImportPolicy::Strict)
            .map_err(|error| {
                flawed(match error {
                    p12_keystore::error::Error::MacError(_) => CertificateFlaw::Password,
                    _ => CertificateFlaw::Malformed,
                })
            })?;
        let (_, chain) = store
            .private_key_chain()
            .ok_or_else(|| flawed(CertificateFlaw::NoKey))?;
        let ders = chain
            .certs()
            .iter()
            .map(|certificate| certificate.as_der().to_vec());
        Self::put_together(chain.key().as_der(), ders)
    }

    /// SHA-256 of the certificate in URL-safe base64, by which the service names it.
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// When it becomes valid.
    pub const fn begins_at(&self) -> Timestamp {
        self.begins_at
    }

    /// When it expires; nothing works with it from then on.
    pub const fn ends_at(&self) -> Timestamp {
        self.ends_at
    }

    /// Certificate and key, to be sealed.
    ///
    /// # Errors
    /// `Invalid` if the key cannot be written, which does not happen to a key that was read.
    pub(crate) fn to_secret(&self) -> Result<SecretString, Error> {
        let key: Pkcs8V1Der<'_> = self.key.as_der().map_err(|_| flawed(CertificateFlaw::NoKey))?;
        let key = SecretSlice::from(key.as_ref().to_vec());
        let (der, key) = (
            URL_SAFE_NO_PAD.encode(&self.der),
            URL_SAFE_NO_PAD.encode(key.expose_secret()),
        );
        Ok(SecretString::from(format!("{der}.{key}")))
    }

    /// Reads what [`to_secret`](Self::to_secret) wrote.
    pub(crate) fn from_secret(text: &SecretString) -> Option<Self> {
        let (der, key) = text.expose_secret().split_once('.')?;
        let der = URL_SAFE_NO_PAD.decode(der).ok()?;
        let key = SecretSlice::from(URL_SAFE_NO_PAD.decode(key).ok()?);
        Self::put_together(key.expose_secret(), std::iter::once(der)).ok()
    }

    fn put_together(key: &[u8], ders: impl Iterator<Item = Vec<u8>>) -> Result<Self, Error> {
        let key = KeyPair::from_pkcs8(key)
            .or_else(|_| KeyPair::from_der(key))
            .map_err(|_| flawed(CertificateFlaw::NotRsa))?;
        let mut found = Err(flawed(CertificateFlaw::NoCertificate));
        for der in ders {
            let (_, read) =
                X509Certificate::from_der(&der).map_err(|_| flawed(CertificateFlaw::Malformed))?;
            if read.public_key().subject_public_key.data.as_ref() != key.public_key().as_ref() {
                found = Err(flawed(CertificateFlaw::OtherKey));
                continue;
            }
            let moment = |time: x509_parser::time::ASN1Time| {
                Timestamp::from_second(time.timestamp()).map_err(|_| flawed(CertificateFlaw::Malformed))
            };
            let validity = read.validity();
            let (begins_at, ends_at) = (moment(validity.not_before)?, moment(validity.not_after)?);
            found = Ok((der, begins_at, ends_at));
            break;
        }
        let (der, begins_at, ends_at) = found?;
        Ok(Self {
            thumbprint: URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &der)),
            key,
            der,
            begins_at,
            ends_at,
        })
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("thumbprint", &self.thumbprint)
            .field("ends_at", &self.ends_at)
            .finish_non_exhaustive()
    }
}

const fn flawed(flaw: CertificateFlaw) -> Error {
    Error::Certificate { flaw }
}

#[cfg(test)]
pub(crate) mod tests;
