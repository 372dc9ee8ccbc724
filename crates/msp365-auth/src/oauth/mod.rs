//! URL, PKCE and grants through the `oauth2` crate, whose types stay in here.

pub(crate) mod device;
mod granted;
mod post;
mod refusal;

use std::borrow::Cow;

use msp365_core::TenantId;
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, Client, ClientId, CsrfToken, EndpointNotSet, EndpointSet,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope,
    StandardRevocableToken, TokenUrl,
    basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse},
};
use secrecy::{ExposeSecret, SecretString};

pub(crate) use self::{
    granted::Granted,
    refusal::{Refusal, meaning},
};
use self::{granted::TokenReply, post::Post};
use crate::{App, ConsentRequest, Error, Exchange, authority::Authority};

/// Attempts at a token, including the first.
pub(crate) const ATTEMPTS: u32 = 3;
/// A code is never sent twice.
const ONCE: u32 = 1;

type Unset<HasToken = EndpointNotSet> = Client<
    BasicErrorResponse,
    TokenReply,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    HasToken,
>;

/// The secrets of one sign-in.
#[derive(Debug, Clone)]
pub(crate) struct Secrets {
    pub(crate) state: SecretString,
    pub(crate) nonce: SecretString,
    /// The PKCE verifier.
    pub(crate) verifier: SecretString,
}

/// The address that the browser is sent to.
///
/// # Errors
/// `Invalid` if the authority or the redirect address is not an address.
pub(crate) fn authorize_url(
    request: &ConsentRequest,
    scopes: &[String],
    secrets: &Secrets,
) -> Result<String, Error> {
    let authority = Authority::new(&request.endpoints, request.tenant)?;
    let authorize = AuthUrl::new(authority.authorize()).map_err(|_| Error::Authority {
        authority: request.endpoints.authority.clone(),
    })?;
    let redirect = RedirectUrl::new(request.redirect.clone()).map_err(|_| Error::Redirect {
        redirect: request.redirect.clone(),
    })?;
    let verifier = PkceCodeVerifier::new(secrets.verifier.expose_secret().to_owned());
    let client = plain(&request.app)
        .set_auth_uri(authorize)
        .set_redirect_uri(redirect);
    let (url, _) = client
        .authorize_url(|| CsrfToken::new(secrets.state.expose_secret().to_owned()))
        .add_scopes(scopes.iter().cloned().map(Scope::new))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
        .add_extra_param("response_mode", "query")
        .add_extra_param("nonce", secrets.nonce.expose_secret())
        .add_extra_param("prompt", request.prompt.as_str())
        .url();
    Ok(url.into())
}

/// Redeems a code, once.
///
/// # Errors
/// Why the service, or the way to it, gave no token.
pub(crate) async fn redeem_code(
    exchange: &Exchange,
    tenant: TenantId,
    redirect: &str,
    code: SecretString,
    verifier: &SecretString,
) -> Result<Granted, Refusal> {
    let client = client(exchange, tenant)?;
    let redirect = RedirectUrl::new(redirect.to_owned()).map_err(|_| Error::Redirect {
        redirect: redirect.to_owned(),
    })?;
    let post = Post {
        exchange: exchange.clone(),
        attempts: ONCE,
    };
    let reply = client
        .exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose_secret().to_owned()))
        .set_redirect_uri(Cow::Owned(redirect))
        .request_async(&post)
        .await;
    granted(reply)
}

/// What a token is wanted for.
#[derive(Debug, Clone)]
pub(crate) struct Want<'a> {
    pub(crate) tenant: TenantId,
    pub(crate) scope: String,
    pub(crate) claims: Option<&'a str>,
    pub(crate) attempts: u32,
}

/// Exchanges a refresh token for an access token in any tenant that its person can reach.
///
/// # Errors
/// Why the service, or the way to it, gave no token.
pub(crate) async fn redeem_refresh_token(
    exchange: &Exchange,
    token: &SecretString,
    want: &Want<'_>,
) -> Result<Granted, Refusal> {
    let client = client(exchange, want.tenant)?;
    let token = RefreshToken::new(token.expose_secret().to_owned());
    let post = Post {
        exchange: exchange.clone(),
        attempts: want.attempts,
    };
    let mut request = client
        .exchange_refresh_token(&token)
        .add_scope(Scope::new(want.scope.clone()));
    if let Some(claims) = want.claims {
        request = request.add_extra_param("claims", claims);
    }
    granted(request.request_async(&post).await)
}

/// Asks for a token of the app itself.
///
/// # Errors
/// Why the service, or the way to it, gave no token.
pub(crate) async fn client_credentials(exchange: &Exchange, want: &Want<'_>) -> Result<Granted, Refusal> {
    let client = client(exchange, want.tenant)?;
    let post = Post {
        exchange: exchange.clone(),
        attempts: want.attempts,
    };
    let mut request = client
        .exchange_client_credentials()
        .add_scope(Scope::new(want.scope.clone()));
    if let Some(claims) = want.claims {
        request = request.add_extra_param("claims", claims);
    }
    granted(request.request_async(&post).await)
}

fn plain(app: &App) -> Unset {
    Client::new(ClientId::new(app.client_id().to_owned())).set_auth_type(AuthType::RequestBody)
}

fn client(exchange: &Exchange, tenant: TenantId) -> Result<Unset<EndpointSet>, Error> {
    let authority = Authority::new(&exchange.endpoints, tenant)?;
    let token = TokenUrl::new(authority.token()).map_err(|_| Error::Authority {
        authority: exchange.endpoints.authority.clone(),
    })?;
    // `Post` proves who is asking, anew in each attempt.
    Ok(plain(&exchange.app).set_token_uri(token))
}

/// The crate's own errors may hold the bytes of a reply, and so tokens: only a path is kept of them.
fn granted(
    reply: Result<TokenReply, RequestTokenError<Box<Refusal>, BasicErrorResponse>>,
) -> Result<Granted, Refusal> {
    match reply {
        Ok(reply) => reply.try_into(),
        Err(RequestTokenError::Request(refusal)) => Err(*refusal),
        Err(RequestTokenError::Parse(error, _)) => Err(Refusal::unreadable(format!(
            "the answer of the sign-in service has an unexpected shape at `{}`",
            error.path()
        ))),
        Err(_) => Err(Refusal::unreadable(
            "the sign-in service gave an answer that cannot be read",
        )),
    }
}

#[cfg(test)]
mod tests;
