//! Sign-in of a person: by authorization code with PKCE, state and nonce; by a code for another device; or by an
//! existing refresh token.

mod callback;
mod device;
mod held;

pub use device::DeviceSignIn;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use msp365_core::{Endpoints, ErrorKind, Random, TenantId};
use secrecy::{SecretString, zeroize::Zeroize};

use self::callback::Callback;
use crate::{
    App, CallbackFlaw, Connection, Error, Exchange, IdTokenFlaw, Mfa, aadsts,
    authority::{self, Authority},
    id_token::{self, Expected},
    oauth::{self, Granted, Refusal, Secrets},
    peek::Peek,
    wording,
};

/// How long a person may take to sign in.
const LIFE: Duration = Duration::from_mins(10);
/// Random bytes in each of state, nonce and verifier.
const SECRET_BYTES: usize = 32;
/// Always requested: who signed in, and a refresh token.
const OPENID_SCOPES: [&str; 3] = ["openid", "profile", "offline_access"];

/// How a sign-in is to begin.
#[derive(Debug, Clone)]
#[must_use]
pub struct ConsentRequest {
    pub(crate) app: App,
    pub(crate) endpoints: Endpoints,
    pub(crate) tenant: TenantId,
    pub(crate) redirect: String,
    scopes: Vec<String>,
    pub(crate) prompt: Prompt,
}

impl ConsentRequest {
    /// A sign-in to one tenant for these permissions, given by their full names. The redirect address must be
    /// registered with the app, letter by letter.
    pub fn new<S: Into<String>>(
        app: App,
        endpoints: Endpoints,
        tenant: TenantId,
        redirect: impl Into<String>,
        scopes: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            app,
            endpoints,
            tenant,
            redirect: redirect.into(),
            scopes: scopes.into_iter().map(Into::into).collect(),
            prompt: Prompt::SelectAccount,
        }
    }

    /// Sets what the person is asked first; by default, which account to use.
    pub const fn prompt(mut self, prompt: Prompt) -> Self {
        self.prompt = prompt;
        self
    }
}

/// These permissions and those that every sign-in needs, each once.
fn all_scopes(mut scopes: Vec<String>) -> Vec<String> {
    for scope in OPENID_SCOPES {
        if !scopes.iter().any(|present| present == scope) {
            scopes.push(scope.to_owned());
        }
    }
    scopes
}

/// What the person is asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Prompt {
    /// Which account to use: for the first connect.
    SelectAccount,
    /// To accept the permissions again: for when more are needed.
    Consent,
    /// For password and second factor, even if there is a session.
    Login,
}

impl Prompt {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::SelectAccount => "select_account",
            Self::Consent => "consent",
            Self::Login => "login",
        }
    }
}

/// A sign-in that has begun: keep it in the person's session, on the server's side, until the callback.
///
/// It lives ten minutes and can be finished once; its clones count as one.
#[derive(Clone)]
pub struct Consent {
    client_id: String,
    authority: String,
    tenant: TenantId,
    redirect: String,
    scopes: Vec<String>,
    url: SecretString,
    secrets: Secrets,
    began_at: Timestamp,
    is_used: Arc<AtomicBool>,
}

impl Consent {
    /// Begins a sign-in. The randomness must be the operating system's outside tests
    /// ([`SystemRandom`](crate::SystemRandom)).
    ///
    /// # Errors
    /// `Invalid` if the authority or the redirect address is neither `https:` nor on this machine.
    pub fn begin(request: &ConsentRequest, random: &dyn Random, now: Timestamp) -> Result<Self, Error> {
        if !authority::is_safe(&request.redirect) {
            return Err(Error::Redirect {
                redirect: request.redirect.clone(),
            });
        }
        let secrets = Secrets {
            state: secret(random),
            nonce: secret(random),
            verifier: secret(random),
        };
        let scopes = all_scopes(request.scopes.clone());
        let url = oauth::authorize_url(request, &scopes, &secrets)?;
        Ok(Self {
            client_id: request.app.client_id().to_owned(),
            authority: request.endpoints.authority.clone(),
            tenant: request.tenant,
            redirect: request.redirect.clone(),
            scopes,
            url: url.into(),
            secrets,
            began_at: now,
            is_used: Arc::new(AtomicBool::new(false)),
        })
    }

    /// The address to send the browser to.
    pub fn url(&self) -> &str {
        use secrecy::ExposeSecret;

        self.url.expose_secret()
    }

    /// The tenant that was entered.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Finishes the sign-in with the query of the callback: checks that the callback belongs to this sign-in, redeems
    /// its code once, and checks who signed in, and where. Nothing is stored.
    ///
    /// If it is cancelled half-way, the sign-in has to begin again.
    ///
    /// # Errors
    /// `Denied` if the callback or the id token is not as it should be, or the person refused or signed in to another
    /// tenant; `Invalid` if the app or cloud is another one than the sign-in began with; `Consent` if permissions are
    /// missing; otherwise the kind of what kept the service from giving a token.
    pub async fn finish(self, callback_query: &str, exchange: &Exchange) -> Result<Connection, Error> {
        if exchange.app.client_id() != self.client_id || exchange.endpoints.authority != self.authority {
            return Err(Error::OtherApp { tenant: self.tenant });
        }
        let authority = Authority::new(&exchange.endpoints, self.tenant)?;
        let code = self.code(callback_query, &authority, exchange.clock.now())?;
        let granted = oauth::redeem_code(
            exchange,
            self.tenant,
            &self.redirect,
            code,
            &self.secrets.verifier,
        )
        .await
        .map_err(|refusal| unredeemed(self.tenant, refusal))?;
        connected(
            exchange,
            self.tenant,
            Some(&self.secrets.nonce),
            (granted, self.scopes),
        )
        .await
    }

    /// The code of the callback, if the callback belongs to this sign-in, is in time, and is the first.
    fn code(&self, query: &str, authority: &Authority, now: Timestamp) -> Result<SecretString, Error> {
        let refused = |flaw| Error::Callback {
            tenant: self.tenant,
            flaw,
        };
        let callback = callback::read(query, &self.secrets.state, &authority.issuer()).map_err(refused)?;
        let age = now.duration_since(self.began_at);
        if age.is_negative() || age > SignedDuration::try_from(LIFE).unwrap_or(SignedDuration::ZERO) {
            return Err(refused(CallbackFlaw::TooOld));
        }
        if self.is_used.swap(true, Ordering::SeqCst) {
            return Err(refused(CallbackFlaw::Used));
        }
        match callback {
            Callback::Code(code) => Ok(code),
            Callback::Declined { error, text } => Err(self.declined(&error, &text)),
        }
    }

    fn declined(&self, error: &str, text: &str) -> Error {
        let refusal = oauth::meaning(error, &[], aadsts::number_in(text));
        let kind = match refusal.kind {
            // This machine asked for nothing wrong: only the person can act.
            ErrorKind::Other => ErrorKind::Denied,
            kind => kind,
        };
        Error::Declined {
            tenant: self.tenant,
            kind,
            code: refusal.code.into(),
            text: wording::tamed(text),
        }
    }
}

impl std::fmt::Debug for Consent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Consent")
            .field("tenant", &self.tenant)
            .field("client_id", &self.client_id)
            .field("began_at", &self.began_at)
            .finish_non_exhaustive()
    }
}

/// The connection that a grant gives, once its id token says who signed in, and where. Nothing is stored.
async fn connected(
    exchange: &Exchange,
    tenant: TenantId,
    nonce: Option<&SecretString>,
    (granted, asked): (Granted, Vec<String>),
) -> Result<Connection, Error> {
    let authority = Authority::new(&exchange.endpoints, tenant)?;
    let id_token = granted.id_token.as_ref().ok_or(Error::IdToken {
        tenant,
        flaw: IdTokenFlaw::Missing,
    })?;
    let keys = id_token::fetch_keys(exchange, tenant).await?;
    let now = exchange.clock.now();
    let identity = keys.check(
        id_token,
        &Expected {
            issuer: &authority.issuer(),
            client_id: exchange.app.client_id(),
            tenant,
            nonce,
            now,
        },
    )?;
    let mfa = Peek::into_token(&granted.access).map_or(Mfa::Unknown, |peek| peek.mfa());
    Ok(Connection {
        authority: exchange.endpoints.authority.clone(),
        tenant,
        client_id: exchange.app.client_id().to_owned(),
        account_id: identity.account_id,
        account_name: identity.account_name,
        // A reply without scopes means that all were granted (RFC 6749, 5.1).
        scopes: granted.scopes.unwrap_or(asked),
        mfa,
        signed_in_at: now,
        refresh_token: granted.refresh.ok_or(Error::NoRefreshToken { tenant })?,
    })
}

fn unredeemed(tenant: TenantId, refusal: Refusal) -> Error {
    Error::Redeem {
        tenant,
        source: Box::new(refusal.into_error(tenant)),
    }
}

/// 256 random bits as text, which has the length that PKCE requires.
fn secret(random: &dyn Random) -> SecretString {
    let mut bytes = [0; SECRET_BYTES];
    random.fill(&mut bytes);
    let text = URL_SAFE_NO_PAD.encode(bytes);
    bytes.zeroize();
    text.into()
}

#[cfg(test)]
mod tests;
