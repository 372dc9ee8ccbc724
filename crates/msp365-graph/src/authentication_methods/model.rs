//! Authentication methods as the service describes them.

use jiff::Timestamp;
use msp365_core::open_enum;

msp365_core::model! {
    /// A method of some kind. Fields that the kind does not have are absent.
    pub struct AuthenticationMethod {
        /// The id; for phones and the password the same for every user.
        id, ID = "id": String,
        /// Its kind.
        kind, KIND = "@odata.type": Option<MethodKind>,
        /// When it was registered.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp>,
        /// The name of the device or key.
        display_name, DISPLAY_NAME = "displayName": Option<String>,
        /// For phones: the number; masked for some roles.
        phone_number, PHONE_NUMBER = "phoneNumber": Option<String>,
        /// For phones: which one it is.
        phone_type, PHONE_TYPE = "phoneType": Option<PhoneType>,
        /// For phones: whether the user can sign in by text message.
        sms_sign_in_state, SMS_SIGN_IN_STATE = "smsSignInState": Option<String>,
        /// For mail: the address.
        email_address, EMAIL_ADDRESS = "emailAddress": Option<String>,
        /// For Authenticator: its version.
        phone_app_version, PHONE_APP_VERSION = "phoneAppVersion": Option<String>,
        /// For Authenticator: the name of the device.
        device_tag, DEVICE_TAG = "deviceTag": Option<String>,
        /// For keys: the model.
        model, MODEL = "model": Option<String>,
        /// For keys: the id of the model.
        aa_guid, AA_GUID = "aaGuid": Option<String>,
        /// For keys: whether the manufacturer vouches for it.
        attestation_level, ATTESTATION_LEVEL = "attestationLevel": Option<String>,
        /// For keys: the manufacturer's certificates.
        attestation_certificates, ATTESTATION_CERTIFICATES = "attestationCertificates": Vec<String>,
        /// For Windows Hello and platform credentials: how strong the key is.
        key_strength, KEY_STRENGTH = "keyStrength": Option<String>,
        /// For platform credentials: the platform.
        platform, PLATFORM = "platform": Option<String>,
        /// For external methods: the id of their settings.
        configuration_id, CONFIGURATION_ID = "configurationId": Option<String>,
        /// For temporary passes: whether it can be used.
        is_usable, IS_USABLE = "isUsable": Option<bool>,
        /// For temporary passes: how many minutes it lasts.
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
    /// The collection that methods of this kind are removed from; `None` for those that cannot be removed.
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
    /// Which of a user's phones it is.
    pub enum PhoneType { Mobile = "mobile", AlternateMobile = "alternateMobile", Office = "office" }
}

msp365_core::model! {
    /// Something that the service does in the background.
    pub struct LongOperation {
        /// The id.
        id, ID = "id": String,
        /// The status.
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
    /// The status of a long operation.
    pub enum OperationStatus {
        NotStarted = "notStarted",
        Running = "running",
        Succeeded = "succeeded",
        Failed = "failed",
    }
}
