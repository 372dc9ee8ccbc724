//! Authentication methods as the service describes them.

use jiff::Timestamp;
use msp365_core::open_enum;

msp365_core::model! {
    /// A method of some kind. What a kind does not have is absent.
    pub struct AuthenticationMethod {
        /// The id; of phones and the password the same for every user.
        id, ID = "id": String,
        /// Its kind.
        kind, KIND = "@odata.type": Option<MethodKind>,
        /// When it was registered.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp>,
        /// The name of the device or key.
        display_name, DISPLAY_NAME = "displayName": Option<String>,
        /// Of phones, the number; masked for some roles.
        phone_number, PHONE_NUMBER = "phoneNumber": Option<String>,
        /// Of phones, which one it is.
        phone_type, PHONE_TYPE = "phoneType": Option<PhoneType>,
        /// Of phones, whether messages serve for signing in.
        sms_sign_in_state, SMS_SIGN_IN_STATE = "smsSignInState": Option<String>,
        /// Of mail, the address.
        email_address, EMAIL_ADDRESS = "emailAddress": Option<String>,
        /// Of Authenticator, its version.
        phone_app_version, PHONE_APP_VERSION = "phoneAppVersion": Option<String>,
        /// Of Authenticator, what the device was called.
        device_tag, DEVICE_TAG = "deviceTag": Option<String>,
        /// Of keys, the model.
        model, MODEL = "model": Option<String>,
        /// Of keys, the id of the model.
        aa_guid, AA_GUID = "aaGuid": Option<String>,
        /// Of keys, whether the maker vouches for it.
        attestation_level, ATTESTATION_LEVEL = "attestationLevel": Option<String>,
        /// Of keys, the certificates of the maker.
        attestation_certificates, ATTESTATION_CERTIFICATES = "attestationCertificates": Vec<String>,
        /// Of Windows Hello and platform credentials, how strong the key is.
        key_strength, KEY_STRENGTH = "keyStrength": Option<String>,
        /// Of platform credentials, the platform.
        platform, PLATFORM = "platform": Option<String>,
        /// Of external methods, the id of their settings.
        configuration_id, CONFIGURATION_ID = "configurationId": Option<String>,
        /// Of temporary passes, whether it can be used.
        is_usable, IS_USABLE = "isUsable": Option<bool>,
        /// Of temporary passes, minutes it lasts.
        lifetime_in_minutes, LIFETIME_IN_MINUTES = "lifetimeInMinutes": Option<i64>,
        /// The password, null in listings.
        password, PASSWORD = "password": Option<msp365_core::model::Secret>,
    }
}

open_enum! {
    /// The kind of an authentication method.
    pub enum MethodKind {
        Password = "#microsoft.graph.passwordAuthenticationMethod",
        Phone = "#microsoft.graph.phoneAuthenticationMethod",
        Email = "#microsoft.graph.emailAuthenticationMethod",
        Fido2 = "#microsoft.graph.fido2AuthenticationMethod",
        MicrosoftAuthenticator = "#microsoft.graph.microsoftAuthenticatorAuthenticationMethod",
        SoftwareOath = "#microsoft.graph.softwareOathAuthenticationMethod",
        WindowsHello = "#microsoft.graph.windowsHelloForBusinessAuthenticationMethod",
        TemporaryAccessPass = "#microsoft.graph.temporaryAccessPassAuthenticationMethod",
        PlatformCredential = "#microsoft.graph.platformCredentialAuthenticationMethod",
        External = "#microsoft.graph.externalAuthenticationMethod",
    }
}

impl MethodKind {
    /// The collection that methods of this kind are removed from; `None` for those that stay.
    pub const fn collection(&self) -> Option<&'static str> {
        Some(match self {
            Self::Phone => "phoneMethods",
            Self::Email => "emailMethods",
            Self::Fido2 => "fido2Methods",
            Self::MicrosoftAuthenticator => "microsoftAuthenticatorMethods",
            Self::SoftwareOath => "softwareOathMethods",
            Self::WindowsHello => "windowsHelloForBusinessMethods",
            Self::TemporaryAccessPass => "temporaryAccessPassMethods",
            Self::PlatformCredential => "platformCredentialMethods",
            Self::External => "externalAuthenticationMethods",
            Self::Password | Self::Other(_) => return None,
        })
    }

    /// Whether it counts as a second factor.
    pub const fn is_second_factor(&self) -> bool {
        !matches!(
            self,
            Self::Password | Self::Email | Self::TemporaryAccessPass | Self::Other(_)
        )
    }
}

open_enum! {
    /// Which of the phones of a user it is.
    pub enum PhoneType { Mobile = "mobile", AlternateMobile = "alternateMobile", Office = "office" }
}

msp365_core::model! {
    /// Something that the service carries out in the background.
    pub struct LongOperation {
        /// The id.
        id, ID = "id": String,
        /// Where it stands.
        status, STATUS = "status": Option<OperationStatus>,
        /// Why it failed.
        status_detail, STATUS_DETAIL = "statusDetail": Option<String>,
        /// What it works on.
        resource_location, RESOURCE_LOCATION = "resourceLocation": Option<String>,
        /// When it began.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp>,
        /// When something last happened.
        last_action_date_time, LAST_ACTION_DATE_TIME = "lastActionDateTime": Option<Timestamp>,
    }
}

open_enum! {
    /// Where a long operation stands.
    pub enum OperationStatus {
        NotStarted = "notStarted",
        Running = "running",
        Succeeded = "succeeded",
        Failed = "failed",
    }
}
