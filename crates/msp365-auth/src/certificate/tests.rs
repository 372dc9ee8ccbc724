use aws_lc_rs::signature::{RSA_PSS_2048_8192_SHA256, UnparsedPublicKey};
use msp365_core::{ErrorKind, SeededRandom};
use p12_keystore::{KeyStoreEntry, LocalKeyId, PrivateKey, PrivateKeyChain};
use rcgen::{
    CertificateParams, KeyPair as Rcgen, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, RsaKeySize, date_time_ymd,
};
use serde_json::Value;

use super::*;
use crate::testing;

/// A certificate and its key, as PEM; and the parts a PKCS#12 file is made of.
struct Made {
    certificate: String,
    key: String,
    der: Vec<u8>,
    pkcs8: Vec<u8>,
}

fn made() -> Made {
    let key = Rcgen::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
    made_with(&key)
}

fn made_with(key: &Rcgen) -> Made {
    let mut params = CertificateParams::default();
    (params.not_before, params.not_after) = (date_time_ymd(2026, 1, 1), date_time_ymd(2027, 1, 1));
    let certificate = params.self_signed(key).unwrap();
    Made {
        certificate: certificate.pem(),
        key: key.serialize_pem(),
        der: certificate.der().to_vec(),
        pkcs8: key.serialize_der(),
    }
}

/// A new certificate with its key.
pub(crate) fn pem() -> String {
    let made = made();
    format!("{}{}", made.certificate, made.key)
}

impl Made {
    fn read(&self) -> Certificate {
        Certificate::from_pem(&format!("{}{}", self.certificate, self.key).into()).unwrap()
    }

    fn pkcs12(&self, password: &str) -> Vec<u8> {
        let mut store = KeyStore::new();
        let chain = PrivateKeyChain::new(
            LocalKeyId(vec![1]),
            PrivateKey::from_der(&self.pkcs8).unwrap(),
            [p12_keystore::Certificate::from_der(&self.der).unwrap()],
        );
        store.add_entry("app", KeyStoreEntry::PrivateKeyChain(chain));
        store.writer(password).write().unwrap()
    }
}

fn flaw(result: Result<Certificate, Error>) -> CertificateFlaw {
    match result.unwrap_err() {
        Error::Certificate { flaw } => flaw,
        other => panic!("{other}"),
    }
}

#[test]
fn pem_and_pkcs12_hold_the_same_certificate() {
    let made = made();

    let from_pem = made.read();
    let swapped = Certificate::from_pem(&format!("{}{}", made.key, made.certificate).into()).unwrap();
    let from_file = Certificate::from_pkcs12(&made.pkcs12("pass word"), &"pass word".into()).unwrap();

    assert_eq!(from_pem.thumbprint(), from_file.thumbprint());
    assert_eq!(from_pem.thumbprint(), swapped.thumbprint());
    assert_eq!(from_file.ends_at().to_string(), "2027-01-01T00:00:00Z");
    assert_eq!(from_pem.begins_at().to_string(), "2026-01-01T00:00:00Z");
}

#[test]
fn what_cannot_be_used_is_named() {
    let (one, other) = (made(), made());
    let curve = made_with(&Rcgen::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap());
    let pem = |text: String| flaw(Certificate::from_pem(&text.into()));

    assert_eq!(pem(one.certificate.clone()), CertificateFlaw::NoKey);
    assert_eq!(pem(one.key.clone()), CertificateFlaw::NoCertificate);
    assert_eq!(
        pem(format!("{}{}", one.certificate, other.key)),
        CertificateFlaw::OtherKey
    );
    assert_eq!(
        pem(format!("{}{}", curve.certificate, curve.key)),
        CertificateFlaw::NotRsa
    );
    assert_eq!(pem(String::new()), CertificateFlaw::NoKey);
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n";
    assert_eq!(pem(encrypted.to_owned()), CertificateFlaw::Encrypted);
    let file = one.pkcs12("right");
    assert_eq!(
        flaw(Certificate::from_pkcs12(&file, &"wrong".into())),
        CertificateFlaw::Password
    );
    assert_eq!(
        flaw(Certificate::from_pkcs12(b"no file", &"right".into())),
        CertificateFlaw::Malformed
    );
    let error = Certificate::from_pem(&"".into()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}

#[test]
fn of_a_chain_the_certificate_of_the_key_counts() {
    let (own, above) = (made(), made());

    let read = Certificate::from_pem(&format!("{}{}{}", above.certificate, own.certificate, own.key).into());

    assert_eq!(read.unwrap().thumbprint(), own.read().thumbprint());
}

#[test]
fn an_assertion_is_new_each_time_and_signed_by_the_key() {
    let made = made();
    let certificate = made.read();
    let random = SeededRandom::new(1);
    let endpoint = "https://login.example/t/oauth2/v2.0/token";
    let sign = || {
        certificate
            .assertion("app", endpoint, testing::noon(), &random)
            .unwrap()
    };

    let (one, two) = (sign(), sign());

    let parts: Vec<&str> = one.expose_secret().split('.').collect();
    let json =
        |part: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap() };
    let (header, claims) = (json(parts[0]), json(parts[1]));
    assert_eq!(
        (&header["alg"], &header["x5t#S256"]),
        (&"PS256".into(), &certificate.thumbprint().into())
    );
    assert_eq!(
        (&claims["aud"], &claims["iss"], &claims["sub"]),
        (&endpoint.into(), &"app".into(), &"app".into())
    );
    let life = claims["exp"].as_i64().unwrap() - claims["nbf"].as_i64().unwrap();
    assert_eq!(
        (claims["nbf"].as_i64(), life),
        (Some(testing::noon().as_second()), 300)
    );
    assert_ne!(
        json(two.expose_secret().split('.').nth(1).unwrap())["jti"],
        claims["jti"]
    );
    let (_, read) = X509Certificate::from_der(&made.der).unwrap();
    let public = UnparsedPublicKey::new(
        &RSA_PSS_2048_8192_SHA256,
        read.public_key().subject_public_key.data.to_vec(),
    );
    let signature = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
    public
        .verify(format!("{}.{}", parts[0], parts[1]).as_bytes(), &signature)
        .unwrap();
}

#[test]
fn a_certificate_shows_no_key_and_comes_back_from_its_sealed_form() {
    let made = made();
    let certificate = made.read();

    let secret = certificate.to_secret().unwrap();
    let again = Certificate::from_secret(&secret).unwrap();

    assert_eq!(
        (again.thumbprint(), again.ends_at()),
        (certificate.thumbprint(), certificate.ends_at())
    );
    let key = secret
        .expose_secret()
        .split('.')
        .nth(1)
        .unwrap()
        .get(40..80)
        .unwrap();
    assert!(!format!("{certificate:?}").contains(key));
    assert!(Certificate::from_secret(&"a.b".into()).is_none());
}
