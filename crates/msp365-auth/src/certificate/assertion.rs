//! What a certificate signs instead of sending a secret.

use std::time::Duration;

use aws_lc_rs::{rand, signature::RSA_PSS_SHA256};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use msp365_core::{Random, random};
use secrecy::SecretString;
use serde_json::json;

use super::{Certificate, flawed};
use crate::{CertificateFlaw, Error};

/// How long an assertion is valid. The service accepts ten minutes at most.
const LIFE: Duration = Duration::from_mins(5);

impl Certificate {
    /// A new assertion of the app for one token endpoint. It is made for one request and never kept.
    ///
    /// # Errors
    /// `Invalid` if the key cannot sign.
    pub(crate) fn assertion(
        &self,
        client_id: &str,
        endpoint: &str,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<SecretString, Error> {
        let begins = now.as_second();
        let header = json!({"alg": "PS256", "typ": "JWT", "x5t#S256": self.thumbprint});
        let claims = json!({
            "aud": endpoint,
            "iss": client_id,
            "sub": client_id,
            "jti": random::uuid(random),
            "nbf": begins,
            "iat": begins,
            "exp": begins.saturating_add(i64::try_from(LIFE.as_secs()).unwrap_or_default()),
        });
        let encoded = |part: &serde_json::Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let message = format!("{}.{}", encoded(&header), encoded(&claims));
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(
                &RSA_PSS_SHA256,
                &rand::SystemRandom::new(),
                message.as_bytes(),
                &mut signature,
            )
            .map_err(|_| flawed(CertificateFlaw::NoKey))?;
        Ok(SecretString::from(format!(
            "{message}.{}",
            URL_SAFE_NO_PAD.encode(signature)
        )))
    }
}
