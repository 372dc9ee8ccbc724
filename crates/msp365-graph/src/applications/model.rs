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
        /// The name shown.
        display_name, DISPLAY_NAME = "displayName": Option<String> [filters::DISPLAY_NAME],
        /// What it is for.
        description, DESCRIPTION = "description": Option<String>,
        /// Whose accounts may sign in.
        sign_in_audience, SIGN_IN_AUDIENCE = "signInAudience": Option<String>,
        /// The domain of who publishes it.
        publisher_domain, PUBLISHER_DOMAIN = "publisherDomain": Option<String>,
        /// Its identifiers.
        identifier_uris, IDENTIFIER_URIS = "identifierUris": Vec<String> [filters::LIST],
        /// Tags.
        tags, TAGS = "tags": Vec<String> [filters::LIST],
        /// Client secrets.
        password_credentials, PASSWORD_CREDENTIALS = "passwordCredentials": Vec<PasswordCredential>,
        /// Certificates.
        key_credentials, KEY_CREDENTIALS = "keyCredentials": Vec<KeyCredential>,
        /// What it asks for.
        required_resource_access, REQUIRED_RESOURCE_ACCESS = "requiredResourceAccess": Vec<RequiredResource>,
        /// The roles it offers.
        app_roles, APP_ROLES = "appRoles": Vec<AppRole>,
        /// Its addresses.
        web, WEB = "web": Option<WebAddresses>,
        /// Notes.
        notes, NOTES = "notes": Option<String>,
        /// Set where Microsoft disabled it.
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
    /// When the first of its secrets and certificates ends, if it has any with an end.
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
        /// What it was called.
        display_name, DISPLAY_NAME = "displayName": Option<String>,
        /// Its first three characters.
        hint, HINT = "hint": Option<String>,
        /// The secret, in the answer that made it alone.
        secret_text, SECRET_TEXT = "secretText": Option<Secret>,
        /// From when on.
        start_date_time, START_DATE_TIME = "startDateTime": Option<Timestamp>,
        /// Until when.
        end_date_time, END_DATE_TIME = "endDateTime": Option<Timestamp>,
        /// Bytes of the caller's own, in base 64.
        custom_key_identifier, CUSTOM_KEY_IDENTIFIER = "customKeyIdentifier": Option<String>,
    }
}

msp365_core::model! {
    /// A certificate.
    pub struct KeyCredential {
        /// The key id.
        key_id, KEY_ID = "keyId": Option<String>,
        /// What it was called.
        display_name, DISPLAY_NAME = "displayName": Option<String>,
        /// Kind, such as `AsymmetricX509Cert`.
        key_type, KEY_TYPE = "type": Option<String>,
        /// `Verify` or `Sign`.
        usage, USAGE = "usage": Option<String>,
        /// From when on.
        start_date_time, START_DATE_TIME = "startDateTime": Option<Timestamp>,
        /// Until when.
        end_date_time, END_DATE_TIME = "endDateTime": Option<Timestamp>,
        /// The thumbprint or the caller's own bytes, in base 64.
        custom_key_identifier, CUSTOM_KEY_IDENTIFIER = "customKeyIdentifier": Option<String>,
        /// The certificate, where it was selected for one object.
        key, KEY = "key": Option<String>,
    }
}

msp365_core::model! {
    /// What an application asks of one resource.
    pub struct RequiredResource {
        /// The client id of the resource.
        resource_app_id, RESOURCE_APP_ID = "resourceAppId": Option<String>,
        /// What it asks for.
        resource_access, RESOURCE_ACCESS = "resourceAccess": Vec<ResourceAccess>,
    }
}

msp365_core::model! {
    /// A permission that is asked for.
    pub struct ResourceAccess {
        /// The id of the permission.
        id, ID = "id": Option<String>,
        /// `Scope` for one of people, `Role` for one of the application.
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
        /// The name shown.
        display_name, DISPLAY_NAME = "displayName": Option<String>,
        /// What it allows.
        description, DESCRIPTION = "description": Option<String>,
        /// `User`, `Application` or both.
        allowed_member_types, ALLOWED_MEMBER_TYPES = "allowedMemberTypes": Vec<String>,
        /// Whether it can be given.
        is_enabled, IS_ENABLED = "isEnabled": Option<bool>,
        /// Where it was defined.
        origin, ORIGIN = "origin": Option<String>,
    }
}

msp365_core::model! {
    /// Where an application is on the web.
    pub struct WebAddresses {
        /// Its front page.
        home_page_url, HOME_PAGE_URL = "homePageUrl": Option<String>,
        /// Where one is signed out.
        logout_url, LOGOUT_URL = "logoutUrl": Option<String>,
        /// Where sign-ins may lead back to.
        redirect_uris, REDIRECT_URIS = "redirectUris": Vec<String>,
    }
}
