//! What can go wrong while connecting a tenant and keeping the connection.

use msp365_core::{ErrorKind, TenantId, TokenError, TransportError, VaultError};

/// Why a sign-in, a sealed record or a key cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address of a sign-in service to which secrets must not be sent.
    #[error("the sign-in service `{authority}` is not reached by https")]
    Authority {
        /// The address.
        authority: String,
    },
    /// A redirect address to which codes must not be sent.
    #[error("the redirect address `{redirect}` is neither https nor on this machine")]
    Redirect {
        /// The address.
        redirect: String,
    },
    /// A sign-in finished with another app or cloud than it began with.
    #[error("the sign-in to `{tenant}` was begun with another app or cloud")]
    OtherApp {
        /// The tenant that was entered.
        tenant: TenantId,
    },
    /// A callback that does not belong to this sign-in.
    #[error("the answer to the sign-in to `{tenant}` was refused: {flaw}")]
    Callback {
        /// The tenant that was entered.
        tenant: TenantId,
        /// What is wrong with it.
        flaw: CallbackFlaw,
    },
    /// The person or the service said no.
    #[error("the sign-in to `{tenant}` ended with `{code}`: {text}")]
    Declined {
        /// The tenant that was entered.
        tenant: TenantId,
        /// What it means to a caller.
        kind: ErrorKind,
        /// The service's number, or the name of the error.
        code: String,
        /// The service's words, without markup and control characters.
        text: String,
    },
    /// The service gave no token for the code.
    #[error("the sign-in to `{tenant}` gave no token")]
    Redeem {
        /// The tenant that was entered.
        tenant: TenantId,
        /// Why not.
        #[source]
        source: Box<TokenError>,
    },
    /// The keys that id tokens are checked with could not be read.
    #[error("the signing keys of `{tenant}` could not be read")]
    Keys {
        /// The tenant that was entered.
        tenant: TenantId,
        /// What it means to a caller.
        kind: ErrorKind,
        /// What went wrong in transport, if something did.
        #[source]
        source: Option<Box<TransportError>>,
    },
    /// An id token that proves nothing.
    #[error("the id token of the sign-in to `{tenant}` was refused: {flaw}")]
    IdToken {
        /// The tenant that was entered.
        tenant: TenantId,
        /// What is wrong with it.
        flaw: IdTokenFlaw,
    },
    /// The person signed in to a tenant other than the one entered.
    #[error("signed in to `{signed_in}`, but `{entered}` was entered")]
    OtherTenant {
        /// The tenant that was entered.
        entered: TenantId,
        /// The tenant of the id token.
        signed_in: TenantId,
    },
    /// A sign-in without a refresh token cannot be used later.
    #[error("the sign-in to `{tenant}` gave no refresh token: `offline_access` was not granted")]
    NoRefreshToken {
        /// The tenant that was entered.
        tenant: TenantId,
    },
    /// A text that cannot serve as a key.
    #[error("a vault key has 64 hex characters or at least 16 of any kind; `openssl rand -hex 32` makes one")]
    WeakKey,
    /// A certificate with which an app cannot prove its identity.
    #[error("the certificate cannot be used: {flaw}")]
    Certificate {
        /// What is wrong with it.
        flaw: CertificateFlaw,
    },
    /// A code for another device that expired without a sign-in.
    #[error("the code for `{tenant}` was not used within its time")]
    CodeExpired {
        /// The tenant that was entered.
        tenant: TenantId,
    },
    /// A sealed record whose key is not in the key ring.
    #[error("`{record}` was sealed with key `{sealed_with}`, which is not among the keys given now")]
    OtherKey {
        /// The record.
        record: String,
        /// The id of the key it was sealed with.
        sealed_with: String,
    },
    /// A sealed record that was altered, or belongs elsewhere.
    #[error("`{record}` does not open: it was altered, or moved here from another place")]
    Integrity {
        /// The record.
        record: String,
    },
    /// A record that could not be sealed.
    #[error("`{record}` could not be sealed")]
    Seal {
        /// The record.
        record: String,
    },
    /// The vault failed.
    #[error("the vault failed at `{record}`")]
    Vault {
        /// The record.
        record: String,
        /// What went wrong.
        #[source]
        source: VaultError,
    },
}

impl Error {
    /// What it means to a caller.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Authority { .. }
            | Self::Redirect { .. }
            | Self::OtherApp { .. }
            | Self::Certificate { .. }
            | Self::WeakKey => ErrorKind::Invalid,
            Self::CodeExpired { .. } => ErrorKind::Timeout,
            Self::Callback { .. } | Self::IdToken { .. } | Self::OtherTenant { .. } => ErrorKind::Denied,
            Self::Declined { kind, .. } | Self::Keys { kind, .. } => *kind,
            Self::Redeem { source, .. } => source.kind,
            Self::NoRefreshToken { .. } => ErrorKind::Consent,
            Self::OtherKey { .. } | Self::Integrity { .. } | Self::Seal { .. } => ErrorKind::Storage,
            Self::Vault { source, .. } => match source {
                VaultError::Conflict { .. } => ErrorKind::Conflict,
                _ => ErrorKind::Storage,
            },
        }
    }

    /// Why there is no token, if the service was asked for one.
    pub fn token(&self) -> Option<&TokenError> {
        match self {
            Self::Redeem { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// What is wrong with a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackFlaw {
    /// It carries no state, a different one, or several.
    #[error("its state is not the one that was sent")]
    State,
    /// This sign-in was finished before.
    #[error("it was answered before")]
    Used,
    /// The sign-in began more than ten minutes ago.
    #[error("it came too late")]
    TooOld,
    /// It names another sign-in service.
    #[error("it comes from another sign-in service")]
    Issuer,
    /// It carries no code, or several.
    #[error("it carries no code")]
    Code,
}

/// What is wrong with an id token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdTokenFlaw {
    /// There is none.
    #[error("there is none")]
    Missing,
    /// It is not a token, or lacks a claim.
    #[error("it cannot be read")]
    Malformed,
    /// It is not signed with RS256.
    #[error("it is signed by another method than RS256")]
    Algorithm,
    /// Its key is not one of the tenant's.
    #[error("its key is not among the tenant's")]
    Key,
    /// The signature was not made with that key.
    #[error("its signature is wrong")]
    Signature,
    /// It was issued by another service.
    #[error("its issuer is another one")]
    Issuer,
    /// It is issued for another app.
    #[error("it is made out to another app")]
    Audience,
    /// It belongs to another sign-in.
    #[error("it answers another sign-in")]
    Nonce,
    /// It has expired.
    #[error("it has expired")]
    Expired,
    /// It is not valid yet.
    #[error("it is not valid yet")]
    NotYetValid,
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateFlaw {
    /// It is neither PEM nor PKCS#12, or is damaged.
    #[error("it is neither PEM nor PKCS#12, or damaged")]
    Malformed,
    /// The certificate is missing.
    #[error("there is no certificate beside the private key; give both in one file")]
    NoCertificate,
    /// The private key is missing.
    #[error("there is no private key beside the certificate; give both in one file")]
    NoKey,
    /// The key is encrypted.
    #[error(
        "its private key is encrypted; decrypt it with `openssl pkey`, or give a PKCS#12 file and its password"
    )]
    Encrypted,
    /// The password does not open the file.
    #[error("the password does not open it")]
    Password,
    /// The key is not RSA.
    #[error("its key is no RSA key, the only kind that Microsoft takes")]
    NotRsa,
    /// Certificate and key do not belong together.
    #[error("certificate and private key do not belong together")]
    OtherKey,
}
