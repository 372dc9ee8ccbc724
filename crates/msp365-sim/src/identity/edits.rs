//! Changes that tests and stories make to how sign-in works.

use jiff::Timestamp;
use msp365_core::TenantId;
use secrecy::SecretString;

use super::policy::AccessPolicy;
use crate::{
    Edit,
    world::{
        apps::AppSecret,
        change::derived_id,
        registration::{Platform, Redirect},
    },
};

impl Edit<'_> {
    /// Lets the next key sign tokens from now on. The one before stays published until the turn after.
    pub fn rotate_keys(&mut self) {
        self.desk.keys.rotate();
    }

    /// Changes what a tenant asks of those who sign in. Access tokens for it that can be recalled are recalled.
    pub fn set_access_policy(&mut self, tenant: TenantId, policy: AccessPolicy) {
        self.desk.watch.set_policy(tenant, policy, self.now);
    }

    /// Gives an app one more secret, good from now until it ends. `false` if there is no such app.
    pub fn add_secret(&mut self, client_id: &str, text: SecretString, ends: Timestamp) -> bool {
        let (now, version) = (self.now, self.world.next_version());
        let Some(owner) = self.world.registration(client_id).map(|one| one.owner) else {
            return false;
        };
        let secret = AppSecret {
            key_id: derived_id(owner, &format!("secret {client_id} {version}")),
            name: None,
            text,
            starts: now,
            ends,
        };
        let own = self.world.secrets.entry(client_id.to_owned()).or_default();
        own.push(secret);
        true
    }

    /// Lets all present secrets of an app end now. `false` if it has none.
    pub fn expire_secrets(&mut self, client_id: &str) -> bool {
        let now = self.now;
        self.world.secrets.get_mut(client_id).is_some_and(|own| {
            for secret in own {
                secret.ends = secret.ends.min(now);
            }
            true
        })
    }

    /// Registers one more address that sign-in may return to: a server's, which proves itself.
    pub fn add_web_redirect(&mut self, client_id: &str, uri: &str) -> bool {
        self.add_redirect(client_id, uri, Platform::Web)
    }

    /// Registers one more address that sign-in may return to: that of a program on somebody's device, which has no
    /// secret.
    pub fn add_native_redirect(&mut self, client_id: &str, uri: &str) -> bool {
        self.add_redirect(client_id, uri, Platform::Native)
    }

    /// Registers one more address that sign-in may return to: that of a script in a browser, which has no secret and
    /// whose refresh tokens end a day after the sign-in.
    pub fn add_spa_redirect(&mut self, client_id: &str, uri: &str) -> bool {
        self.add_redirect(client_id, uri, Platform::Spa)
    }

    fn add_redirect(&mut self, client_id: &str, uri: &str, platform: Platform) -> bool {
        let redirect = Redirect {
            uri: uri.to_owned(),
            platform,
        };
        self.world.add_redirect(client_id, &redirect)
    }
}
