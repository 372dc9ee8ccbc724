//! What is sent to create or change a user.

use jiff::Timestamp;
use msp365_core::Change;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::UserType;

/// The longest texts that the service accepts, in characters, by property.
const LONGEST: [(&str, usize); 16] = [
    ("displayName", 256),
    ("givenName", 64),
    ("surname", 64),
    ("department", 64),
    ("companyName", 64),
    ("mobilePhone", 64),
    ("mailNickname", 64),
    ("jobTitle", 128),
    ("city", 128),
    ("state", 128),
    ("country", 128),
    ("officeLocation", 128),
    ("postalCode", 40),
    ("streetAddress", 1024),
    ("employeeId", 16),
    ("userPrincipalName", 1024),
];
/// Most further addresses, and the length of the longest.
const OTHER_MAILS: (usize, usize) = (250, 250);
/// Characters allowed in the local part of a sign-in name besides letters and digits.
const NAME_MARKS: &str = "'.-_!#^~";
/// Characters that an alias cannot contain.
const NO_ALIAS: &str = "@()/[]';:<>, \\\"";
/// Shortest and longest password.
const PASSWORD: std::ops::RangeInclusive<usize> = 8..=256;

/// Changes to a user: each field is left, cleared or set. Fields that cannot be cleared are left or set.
///
/// ```
/// use msp365_core::Change;
/// use msp365_graph::users::{self, UserEdit};
///
/// let mut edit = UserEdit::default();
/// edit.job_title = Change::Set("Engineer".into());
/// edit.department = Change::Clear;
///
/// assert_eq!(users::update("ada", &edit).to_string(), "PATCH users/ada");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct UserEdit {
    /// Whether the user may sign in. Sessions last up to another hour; revoke them as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_enabled: Option<bool>,
    /// The display name, which cannot be cleared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The sign-in name, in a verified domain of the tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
    /// The alias of the mailbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_nickname: Option<String>,
    /// Two-letter country code for the use of services, which cannot be cleared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage_location: Option<String>,
    /// Member or guest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_type: Option<UserType>,
    /// First name.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub given_name: Change<String>,
    /// Family name.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub surname: Change<String>,
    /// Job title.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub job_title: Change<String>,
    /// Department.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub department: Change<String>,
    /// Company.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub company_name: Change<String>,
    /// Employee number.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub employee_id: Change<String>,
    /// Kind of employment.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub employee_type: Change<String>,
    /// When employment began or begins.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub employee_hire_date: Change<Timestamp>,
    /// Office.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub office_location: Change<String>,
    /// Street.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub street_address: Change<String>,
    /// City.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub city: Change<String>,
    /// State or province.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub state: Change<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub postal_code: Change<String>,
    /// Country or region.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub country: Change<String>,
    /// Language, such as `en-US`.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub preferred_language: Change<String>,
    /// Mobile number.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub mobile_phone: Change<String>,
    /// Fax number.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub fax_number: Change<String>,
    /// Rules that the password is exempt from.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub password_policies: Change<String>,
    /// What connects the user to an on-premises object; federated domains need it.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub on_premises_immutable_id: Change<String>,
    /// Business phone numbers, at most one; an empty list clears.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_phones: Option<Vec<String>>,
    /// Further addresses; an empty list clears.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_mails: Option<Vec<String>>,
}

impl UserEdit {
    /// An edit that only allows or forbids signing in.
    pub fn enabling(allowed: bool) -> Self {
        Self {
            account_enabled: Some(allowed),
            ..Self::default()
        }
    }

    /// What is sent, or why the service would refuse it.
    pub(super) fn body(&self) -> Result<Map<String, Value>, &'static str> {
        let Ok(Value::Object(body)) = serde_json::to_value(self) else {
            return Err("the change cannot be written as JSON");
        };
        match refusal(&body) {
            Some(reason) => Err(reason),
            None => Ok(body),
        }
    }
}

/// A user to be created, with what the service requires.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NewUser {
    /// The display name.
    pub display_name: String,
    /// The sign-in name, in a verified domain of the tenant.
    pub user_principal_name: String,
    /// The alias of the mailbox.
    pub mail_nickname: String,
    /// The first password.
    pub password: Password,
    /// Whether the user may sign in from the beginning.
    pub account_enabled: bool,
    /// Everything else; the names and `account_enabled` above take precedence.
    pub profile: UserEdit,
}

impl NewUser {
    /// A user who may sign in with this password and then has to change it. The alias is the part of the name before
    /// the `@`.
    pub fn new(
        display_name: impl Into<String>,
        user_principal_name: impl Into<String>,
        password: SecretString,
    ) -> Self {
        let user_principal_name = user_principal_name.into();
        let alias = user_principal_name
            .split('@')
            .next()
            .unwrap_or_default()
            .to_owned();
        Self {
            display_name: display_name.into(),
            user_principal_name,
            mail_nickname: alias,
            password: Password::new(password),
            account_enabled: true,
            profile: UserEdit::default(),
        }
    }

    pub(super) fn body(&self) -> Result<Value, &'static str> {
        let mut all = self.profile.clone();
        all.account_enabled = Some(self.account_enabled);
        all.display_name = Some(self.display_name.clone());
        all.user_principal_name = Some(self.user_principal_name.clone());
        all.mail_nickname = Some(self.mail_nickname.clone());
        let mut body = all.body()?;
        // A new user has nothing to clear.
        body.retain(|_, value| !value.is_null());
        body.insert("passwordProfile".to_owned(), self.password.body()?);
        Ok(Value::Object(body))
    }
}

/// A password and what has to happen at the next sign-in.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Password {
    /// The password. The caller generates it; the service does not.
    pub password: SecretString,
    /// What has to happen.
    pub next_sign_in: NextSignIn,
}

/// What has to happen to a password at the next sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NextSignIn {
    /// Nothing.
    Keep,
    /// It has to be changed.
    Change,
    /// It has to be changed, after a second factor has been proved.
    ChangeWithSecondFactor,
}

impl Password {
    /// A password that has to be changed at the next sign-in.
    pub const fn new(password: SecretString) -> Self {
        Self {
            password,
            next_sign_in: NextSignIn::Change,
        }
    }

    pub(super) fn body(&self) -> Result<Value, &'static str> {
        let password = self.password.expose_secret();
        if !PASSWORD.contains(&password.chars().count()) {
            return Err("a password has 8 to 256 characters");
        }
        Ok(match self.next_sign_in {
            NextSignIn::Keep => json!({ "password": password, "forceChangePasswordNextSignIn": false }),
            NextSignIn::Change => json!({ "password": password, "forceChangePasswordNextSignIn": true }),
            NextSignIn::ChangeWithSecondFactor => {
                json!({ "password": password, "forceChangePasswordNextSignInWithMfa": true })
            }
        })
    }
}

fn refusal(body: &Map<String, Value>) -> Option<&'static str> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let list = |name: &str| {
        body.get(name)
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice)
    };
    let too_long = LONGEST
        .iter()
        .any(|(name, most)| text(name).is_some_and(|text| text.chars().count() > *most));
    if body.is_empty() {
        Some("nothing is changed")
    } else if too_long {
        Some("a text is longer than the directory holds")
    } else if body
        .values()
        .any(|value| value.as_str().is_some_and(str::is_empty))
    {
        Some("an empty text is refused; clear the field instead")
    } else if list("businessPhones").len() > 1 {
        Some("the directory holds one business number")
    } else if list("otherMails").len() > OTHER_MAILS.0
        || list("otherMails")
            .iter()
            .any(|mail| mail.as_str().is_some_and(|mail| mail.len() > OTHER_MAILS.1))
    {
        Some("the directory holds 250 further addresses of 250 characters")
    } else {
        refused_name(
            text("userPrincipalName"),
            text("mailNickname"),
            text("usageLocation"),
        )
    }
}

fn refused_name(sign_in: Option<&str>, alias: Option<&str>, location: Option<&str>) -> Option<&'static str> {
    let is_name = |name: &str| {
        name.split_once('@').is_some_and(|(local, domain)| {
            let fits = |c: char| c.is_ascii_alphanumeric() || NAME_MARKS.contains(c);
            !local.is_empty() && local.chars().all(fits) && domain.contains('.') && !domain.contains('@')
        })
    };
    let is_alias =
        |alias: &str| alias.is_ascii() && !alias.contains(|c: char| NO_ALIAS.contains(c) || c.is_control());
    let is_country = |code: &str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
    if sign_in.is_some_and(|name| !is_name(name)) {
        Some("a name for signing in is `name@domain`, without accents and spaces")
    } else if alias.is_some_and(|alias| !is_alias(alias)) {
        Some("an alias is plain ASCII without spaces and brackets")
    } else if location.is_some_and(|code| !is_country(code)) {
        Some("a usage location is a two-letter country")
    } else {
        None
    }
}
