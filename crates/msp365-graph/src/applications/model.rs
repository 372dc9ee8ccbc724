//! Applications and their credentials as the service describes them.

use jiff::Timestamp;
use msp365_core::model::Secret;

use crate::filters;

msp365_core::model! {
    /// A registered application.
    pub struct Application {
        /// The object id.
        id, ID = "id": String [filters::ID],
        /// The client id.
        app_id, APP_ID = "appId": Option<String> [filters::ID],
        /// The display name.
        display_name, DISPLAY_NAME = "displayName": Option<String> [filters::DISPLAY_NAME],
        /// What it is for.
        description, DESCRIPTION = "description": Option<String>,
        /// Whose accounts may sign in.
        sign_in_audience, SIGN_IN_AUDIENCE = "signInAudience": Option<String>,
        /// The domain of the publisher.
        publisher_domain, PUBLISHER_DOMAIN = "publisherDomain": Option<String>,
        /// Its identifiers.
        identifier_uris, IDENTIFIER_URIS = "identifierUris": Vec<String> [filters::LIST],
        /// Tags.
        tags, TAGS = "tags": Vec<String> [filters::LIST],
        /// Client secrets.
        password_credentials, PASSWORD_CREDENTIALS = "passwordCredentials": Vec<PasswordCredential>,
        /// Certificates.
        key_credentials, KEY_CREDENTIALS = "keyCredentials": Vec<KeyCredential>,
        /// The permissions it requests.
        required_resource_access, REQUIRED_RESOURCE_ACCESS = "requiredResourceAccess": Vec<RequiredResource>,
        /// The roles it offers.
        app_roles, APP_ROLES = "appRoles": Vec<AppRole>,
        /// Its addresses.
        web, WEB = "web": Option<WebAddresses>,
        /// Notes.
        notes, NOTES = "notes": Option<String>,
        /// Set if Microsoft disabled it.
        disabled_by_microsoft_status, DISABLED_BY_MICROSOFT_STATUS = "disabledByMicrosoftStatus": Option<String>,
        /// Whether it is disabled.
        is_disabled, IS_DISABLED = "isDisabled": Option<bool>,
        /// When it was registered.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp> [filters::CREATED],
        /// When it was deleted.
        deleted_date_time, DELETED_DATE_TIME = "deletedDateTime": Option<Timestamp>,
    }
}

impl Application {
    /// When the first of its secrets and certificates expires, if any of them does.
    pub fn first_end(&self) -> Option<Timestamp> {
        let secrets = self
            .password_credentials
            .iter()
            .filter_map(|secret| secret.end_date_time);
        let keys = self.key_credentials.iter().filter_map(|key| key.end_date_time);
        secrets.chain(keys).min()
    }
}

msp365_core::model! {
    /// A client secret.
    pub struct PasswordCredential {
        /// The key id.
        key_id, KEY_ID = "keyId": Option<String>,
        /// Its name.
        display_name, DISPLAY_NAME = "displayName": Option<String>,
        /// Its first three characters.
        hint, HINT = "hint": Option<String>,
        /// The secret; only in the reply that created it.
        secret_text, SECRET_TEXT = "secretText": Option<Secret>,
        /// When it starts.
        start_date_time, START_DATE_TIME = "startDateTime": Option<Timestamp>,
        /// When it ends.
        end_date_time, END_DATE_TIME = "endDateTime": Option<Timestamp>,
        /// The caller's own bytes, in base64.
        custom_key_identifier, CUSTOM_KEY_IDENTIFIER = "customKeyIdentifier": Option<String>,
    }
}

msp365_core::model! {
    /// A certificate.
    pub struct KeyCredential {
        /// The key id.
        key_id, KEY_ID = "keyId": Option<String>,
        /// Its name.
        display_name, DISPLAY_NAME = "displayName": Option<String>,
        /// Kind, such as `AsymmetricX509Cert`.
        key_type, KEY_TYPE = "type": Option<String>,
        /// `Verify` or `Sign`.
        usage, USAGE = "usage": Option<String>,
        /// When it starts.
        start_date_time, START_DATE_TIME = "startDateTime": Option<Timestamp>,
        /// When it ends.
        end_date_time, END_DATE_TIME = "endDateTime": Option<Timestamp>,
        /// The thumbprint or the caller's own bytes, in base64.
        custom_key_identifier, CUSTOM_KEY_IDENTIFIER = "customKeyIdentifier": Option<String>,
        /// The certificate, if it was selected for a single object.
        key, KEY = "key": Option<String>,
    }
}

msp365_core::model! {
    /// What an application requests of one resource.
    pub struct RequiredResource {
        /// The client id of the resource.
        resource_app_id, RESOURCE_APP_ID = "resourceAppId": Option<String>,
        /// The permissions it requests.
        resource_access, RESOURCE_ACCESS = "resourceAccess": Vec<ResourceAccess>,
    }
}

msp365_core::model! {
    /// A requested permission.
    pub struct ResourceAccess {
        /// The id of the permission.
        id, ID = "id": Option<String>,
        /// `Scope` for a delegated permission, `Role` for one of the application.
        access_type, ACCESS_TYPE = "type": Option<String>,
    }
}

msp365_core::model! {
    /// A role that an application offers.
    pub struct AppRole {
        /// The id.
        id, ID = "id": Option<String>,
        /// The name in tokens, such as `User.Read.All`.
        value, VALUE = "value": Option<String>,
        /// The display name.
        display_name, DISPLAY_NAME = "displayName": Option<String>,
        /// What it allows.
        description, DESCRIPTION = "description": Option<String>,
        /// `User`, `Application` or both.
        allowed_member_types, ALLOWED_MEMBER_TYPES = "allowedMemberTypes": Vec<String>,
        /// Whether it can be granted.
        is_enabled, IS_ENABLED = "isEnabled": Option<bool>,
        /// Where it was defined.
        origin, ORIGIN = "origin": Option<String>,
    }
}

msp365_core::model! {
    /// An application's addresses on the web.
    pub struct WebAddresses {
        /// Its front page.
        home_page_url, HOME_PAGE_URL = "homePageUrl": Option<String>,
        /// Where users are signed out.
        logout_url, LOGOUT_URL = "logoutUrl": Option<String>,
        /// Where sign-ins may lead back to.
        redirect_uris, REDIRECT_URIS = "redirectUris": Vec<String>,
    }
}
