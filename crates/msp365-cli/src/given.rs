//! Properties and roles of users, as they are typed.

use msp365::{
    graph::{roles, users::UserEdit},
    partner::privilege::Feature,
};
use serde_json::{Map, Value, json};

use crate::failure::Failure;

/// Properties that hold several values, divided by semicolons.
const LISTS: [&str; 2] = ["businessPhones", "otherMails"];

/// A role by its template id or its name.
pub(crate) fn role(text: &str) -> String {
    let named = roles::all().find(|role| role.name.eq_ignore_ascii_case(text));
    named.map_or(text, |role| role.id).to_owned()
}

/// What a host does, by the names of features.
pub(crate) fn features(names: &[String]) -> Result<Vec<Feature>, Failure> {
    let read = |name: &String| {
        let name = name.trim();
        serde_json::from_value(Value::from(name)).map_err(|_| {
            let known: Vec<_> = Feature::ALL
                .iter()
                .filter_map(|one| Some(json!(one).as_str()?.to_owned()))
                .collect();
            Failure::usage(format!("`{name}` is no feature"))
                .remedy(format!("there are {}", known.join(", ")))
        })
    };
    names.iter().map(read).collect()
}

/// The edit that sets these properties, each `NAME=VALUE`; without a value a property is cleared.
pub(crate) fn edit(set: &[String]) -> Result<UserEdit, Failure> {
    let mut fields = Map::new();
    for pair in set {
        let (name, text) = pair
            .split_once('=')
            .ok_or_else(|| Failure::usage(format!("`{pair}` is no NAME=VALUE")))?;
        let value = match text {
            "" if LISTS.contains(&name) => Value::Array(Vec::new()),
            "" => Value::Null,
            _ if LISTS.contains(&name) => text.split(';').map(|part| Value::from(part.trim())).collect(),
            _ => text.into(),
        };
        fields.insert(name.to_owned(), value);
    }
    let names: Vec<String> = fields.keys().cloned().collect();
    let edit: UserEdit = serde_json::from_value(Value::Object(fields))
        .map_err(|error| Failure::usage(format!("a property cannot be set so: {error}")).remedy(known()))?;
    let kept = serde_json::to_value(&edit).unwrap_or_default();
    match names.iter().find(|name| kept.get(name.as_str()).is_none()) {
        Some(name) => Err(Failure::usage(format!("`{name}` cannot be cleared"))),
        None => Ok(edit),
    }
}

/// Some of the names that are there.
fn known() -> &'static str {
    "there are displayName, userPrincipalName, usageLocation, jobTitle, department, officeLocation, mobilePhone, \
     businessPhones, otherMails and more, as Microsoft Graph calls them"
}

#[cfg(test)]
mod tests {
    use msp365::core::Change;

    use super::*;

    fn edited(pair: &str) -> Result<UserEdit, Failure> {
        edit(&[pair.to_owned()])
    }

    #[test]
    fn a_property_is_set_or_cleared() {
        assert_eq!(
            edited("jobTitle=A=B").unwrap().job_title,
            Change::Set("A=B".into())
        );
        assert_eq!(edited("jobTitle=").unwrap().job_title, Change::Clear);
        let phones = edited("businessPhones=+1 555; +2").unwrap().business_phones;
        assert_eq!(phones.unwrap(), ["+1 555", "+2"]);
    }

    #[test]
    fn what_cannot_be_is_wrong_usage() {
        for wrong in ["jobTitle", "shoeSize=43", "displayName="] {
            assert_eq!(edited(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }

    #[test]
    fn a_role_goes_by_name_or_id() {
        let id = "62e90394-69f5-4237-9190-012177145e10";

        assert_eq!(role("global administrator"), id);
        assert_eq!(role(id), id);
    }
}
