//! A look into tokens that are opaque by contract: for checks and diagnosis, never for trust.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use msp365_core::{Audience, Endpoints, TenantId};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::Mfa;

/// The application id of Microsoft Graph.
const GRAPH_APP: &str = "00000003-0000-0000-c000-000000000000";
/// The application id of Partner Center.
const PARTNER_CENTER_APP: &str = "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd";

/// What a token says about itself, if it can be read.
pub(crate) struct Peek(Value);

impl Peek {
    pub(crate) fn into_token(token: &SecretString) -> Option<Self> {
        let mut parts = token.expose_secret().split('.');
        let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
        let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        serde_json::from_slice::<Value>(&bytes)
            .ok()
            .filter(Value::is_object)
            .map(Self)
    }

    pub(crate) fn mfa(&self) -> Mfa {
        match self.0.get("amr").and_then(Value::as_array) {
            Some(proofs) if proofs.iter().any(|proof| proof == "mfa") => Mfa::Proven,
            Some(_) => Mfa::NotProven,
            None => Mfa::Unknown,
        }
    }

    /// Whether the token does not say that it belongs to another tenant.
    pub(crate) fn fits_tenant(&self, tenant: TenantId) -> bool {
        self.0
            .get("tid")
            .and_then(Value::as_str)
            .is_none_or(|tid| tid.parse() == Ok(tenant))
    }

    /// Whether the token does not say that it is issued for another service.
    pub(crate) fn fits_audience(&self, audience: Audience, endpoints: &Endpoints) -> bool {
        let scope = endpoints.default_scope(audience);
        let resource = scope.trim_end_matches("/.default");
        let app = match audience {
            Audience::Graph => Some(GRAPH_APP),
            Audience::PartnerCenter => Some(PARTNER_CENTER_APP),
            _ => None,
        };
        self.0.get("aud").and_then(Value::as_str).is_none_or(|aud| {
            aud.trim_end_matches('/') == resource || app.is_some_and(|app| aud.eq_ignore_ascii_case(app))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn peek(claims: Value) -> Peek {
        Peek(claims)
    }

    #[test]
    fn an_opaque_token_cannot_be_read() {
        for opaque in ["", "abc", "a.b.c", "a.W10.c"] {
            assert!(Peek::into_token(&opaque.into()).is_none(), "{opaque}");
        }
    }

    #[test]
    fn a_second_factor_is_proven_only_by_the_word_mfa() {
        assert_eq!(peek(json!({"amr": ["pwd", "mfa"]})).mfa(), Mfa::Proven);
        assert_eq!(peek(json!({"amr": ["pwd", "rsa"]})).mfa(), Mfa::NotProven);
        assert_eq!(peek(json!({})).mfa(), Mfa::Unknown);
        assert_eq!(peek(json!({"amr": "mfa"})).mfa(), Mfa::Unknown);
    }

    #[test]
    fn an_audience_is_a_resource_or_the_id_of_its_application() {
        let fits = |aud: &str| {
            peek(json!({ "aud": aud })).fits_audience(Audience::PartnerCenter, &Endpoints::public())
        };

        assert!(fits("https://api.partnercenter.microsoft.com"));
        assert!(fits("https://api.partnercenter.microsoft.com/"));
        assert!(fits("FA3D9A0C-3fb0-42cc-9193-47c7ecd2edbd"));
        assert!(!fits("https://graph.microsoft.com"));
        assert!(!fits("00000003-0000-0000-c000-000000000000"));
    }
}
