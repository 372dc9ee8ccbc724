//! Which properties may be set, to what, and how that is refused.

use serde_json::Value;

use crate::{odata::Refused, world::Json};

/// What a property may be set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// A text of at most so many characters.
    Text(usize),
    /// A text that cannot be taken away again.
    Kept(usize),
    Flag,
    /// A moment.
    Instant,
    /// So many texts of at most so many characters.
    Texts(usize, usize),
    /// A country of two letters, which cannot be taken away again.
    Country,
    /// What its own rules are about.
    Ruled,
    /// An object or list that is kept as it is.
    Whole,
}

/// Names apart by blanks, and what they take.
pub(super) type Fields = [(Takes, &'static str)];

pub(super) const USER: &Fields = &[
    (Takes::Kept(256), "displayName"),
    (
        Takes::Text(64),
        "givenName surname department companyName mobilePhone employeeType faxNumber preferredLanguage \
         preferredDataLocation ageGroup consentProvidedForMinor onPremisesImmutableId passwordPolicies userType",
    ),
    (Takes::Text(128), "jobTitle city state country officeLocation"),
    (Takes::Text(40), "postalCode"),
    (Takes::Text(1_024), "streetAddress"),
    (Takes::Text(16), "employeeId"),
    (Takes::Text(113), "mail"),
    (Takes::Flag, "showInAddressList"),
    (Takes::Instant, "employeeHireDate employeeLeaveDateTime"),
    (Takes::Texts(250, 250), "otherMails"),
    (Takes::Texts(1, 64), "businessPhones"),
    (Takes::Country, "usageLocation"),
    (
        Takes::Ruled,
        "accountEnabled userPrincipalName mailNickname passwordProfile",
    ),
    (
        Takes::Whole,
        "identities employeeOrgData onPremisesExtensionAttributes customSecurityAttributes",
    ),
];

/// Kept by another service than the directory.
pub(super) const ELSEWHERE: &Fields = &[
    (Takes::Text(1_024), "aboutMe mySite preferredName"),
    (Takes::Instant, "birthday hireDate"),
    (
        Takes::Texts(250, 250),
        "interests pastProjects responsibilities schools skills",
    ),
];

pub(super) const GROUP: &Fields = &[
    (Takes::Kept(256), "displayName"),
    (Takes::Text(1_024), "description"),
    (
        Takes::Text(64),
        "classification preferredDataLocation preferredLanguage theme uniqueName visibility",
    ),
    (Takes::Text(3_072), "membershipRule membershipRuleProcessingState"),
    (
        Takes::Ruled,
        "mailNickname mailEnabled securityEnabled groupTypes isAssignableToRole",
    ),
    (
        Takes::Whole,
        "resourceBehaviorOptions resourceProvisioningOptions assignedLabels",
    ),
];

/// What a property takes; `None` if it cannot be set.
pub(super) fn takes(fields: &Fields, name: &str) -> Option<Takes> {
    fields
        .iter()
        .find(|(_, names)| names.split_ascii_whitespace().any(|own| own == name))
        .map(|(takes, _)| *takes)
}

/// Refuses a body that sets what cannot be set, or to what it cannot be. `kind` is the type's name for messages.
pub(super) fn check(body: &Json, fields: &[&Fields], shape: &crate::odata::Shape) -> Result<(), Refused> {
    for (name, value) in body.iter().filter(|(name, _)| !name.contains('@')) {
        match fields.iter().find_map(|fields| takes(fields, name)) {
            Some(takes) => fits(takes, name, value)?,
            None if shape.member(name).is_some() => {
                return Err(Refused::bad(format!(
                    "Property '{name}' is read-only and cannot be set."
                )));
            }
            None => return Err(Refused::unknown_property(name, shape.name)),
        }
    }
    Ok(())
}

fn fits(takes: Takes, name: &str, value: &Value) -> Result<(), Refused> {
    let text = |most: usize| match value {
        Value::String(text) if text.is_empty() => Err(invalid(name)),
        Value::String(text) if text.chars().count() > most => Err(too_long(name)),
        Value::String(_) => Ok(()),
        _ => Err(wrong_type(name, "Edm.String")),
    };
    match (takes, value) {
        (Takes::Ruled, _)
        | (Takes::Text(_) | Takes::Flag | Takes::Instant | Takes::Whole, Value::Null)
        | (Takes::Flag, Value::Bool(_))
        | (Takes::Whole, Value::Object(_) | Value::Array(_)) => Ok(()),
        (Takes::Kept(_) | Takes::Country, Value::Null) => Err(invalid(name)),
        (Takes::Text(most) | Takes::Kept(most), _) => text(most),
        (Takes::Country, Value::String(code)) => {
            let fine = code.len() == 2 && code.chars().all(|letter| letter.is_ascii_uppercase());
            if fine { Ok(()) } else { Err(invalid(name)) }
        }
        (Takes::Instant, Value::String(text)) => match text.parse::<jiff::Timestamp>() {
            Ok(_) => Ok(()),
            Err(_) => Err(wrong_type(name, "Edm.DateTimeOffset")),
        },
        (Takes::Texts(most, _), Value::Array(all)) if all.len() > most => Err(invalid(name)),
        (Takes::Texts(_, length), Value::Array(all)) => all.iter().try_for_each(|one| match one.as_str() {
            Some(text) if text.chars().count() <= length => Ok(()),
            Some(_) => Err(too_long(name)),
            None => Err(wrong_type(name, "Edm.String")),
        }),
        (Takes::Flag, _) => Err(wrong_type(name, "Edm.Boolean")),
        (Takes::Instant, _) => Err(wrong_type(name, "Edm.DateTimeOffset")),
        (Takes::Texts(..), _) => Err(wrong_type(name, "Collection(Edm.String)")),
        (Takes::Country, _) => Err(wrong_type(name, "Edm.String")),
        (Takes::Whole, _) => Err(wrong_type(name, "Edm.ComplexType")),
    }
}

/// A text of a body; `None` if it is missing.
pub(super) fn text<'a>(body: &'a Json, name: &str) -> Result<Option<&'a str>, Refused> {
    match body.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(Value::Null) => Err(invalid(name)),
        Some(_) => Err(wrong_type(name, "Edm.String")),
    }
}

/// A yes or no of a body; `None` if it is missing.
pub(super) fn flag(body: &Json, name: &str) -> Result<Option<bool>, Refused> {
    match body.get(name) {
        None => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(Value::Null) => Err(invalid(name)),
        Some(_) => Err(wrong_type(name, "Edm.Boolean")),
    }
}

pub(super) fn invalid(name: &str) -> Refused {
    Refused::bad(format!("Invalid value specified for property '{name}'."))
}

pub(super) fn required(name: &str) -> Refused {
    Refused::bad(format!("A value is required for property '{name}'."))
}

fn too_long(name: &str) -> Refused {
    Refused::bad(format!("Property '{name}' exceeds the maximum length allowed."))
}

fn wrong_type(name: &str, wanted: &str) -> Refused {
    Refused::bad(format!(
        "Cannot convert the value of property '{name}' to the expected type '{wanted}'."
    ))
}

/// Refuses a mail nickname that no address could begin with.
pub(super) fn nickname(name: &str) -> Result<(), Refused> {
    let fine = |letter: char| letter.is_ascii() && !"@()/[]\"';:<>, \\".contains(letter);
    if name.is_empty() || !name.chars().all(fine) {
        return Err(invalid("mailNickname"));
    }
    if name.len() > 64 {
        return Err(too_long("mailNickname"));
    }
    Ok(())
}

/// Refuses a password that is too easy: 8 to 256 characters of three of four kinds.
pub(crate) fn password(text: &str) -> Result<(), Refused> {
    let kinds: [fn(char) -> bool; 4] = [
        |letter| letter.is_lowercase(),
        |letter| letter.is_uppercase(),
        |letter| letter.is_numeric(),
        |letter| !letter.is_alphanumeric(),
    ];
    let held = kinds.iter().filter(|kind| text.chars().any(kind)).count();
    if (8..=256).contains(&text.chars().count()) && held >= 3 {
        #[cfg(feature = "recorded")]
        crate::recording::seek(text);
        return Ok(());
    }
    Err(Refused::bad(
        "The specified password does not comply with password complexity requirements. Please provide a different \
         password.",
    ))
}
