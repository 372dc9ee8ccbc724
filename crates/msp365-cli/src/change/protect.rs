//! `msp365 users protect`: the accounts that every plan leaves alone.

use msp365::actions::Protection;
use serde_json::json;

use crate::{
    Ended,
    args::{Global, Protect},
    failure::Failure,
    output, session,
};

/// Adds to the list and takes from it where that is asked for, and shows it.
pub(crate) async fn protect(global: &Global, command: &Protect) -> Result<Ended, Failure> {
    let (msp, _) = session::acting(global).await?;
    let msp = msp.in_name_of(command.by.name());
    let mut list = msp.actions().protection().await?;
    if !command.users.is_empty() || !command.remove.is_empty() {
        let is_taken = |one: &String| {
            let mut taken = command.remove.iter();
            taken.any(|user| user.eq_ignore_ascii_case(one))
        };
        list.break_glass.retain(|one| !is_taken(one));
        let added = command
            .users
            .iter()
            .fold(Protection::new(), Protection::break_glass);
        list = list.with(&added);
        msp.actions().protect(&list).await?;
    }
    if global.json {
        output::json(&json!({ "count": list.break_glass.len(), "users": list.break_glass }))?;
        return Ok(Ended::Done);
    }
    for user in &list.break_glass {
        output::line(&output::shown(user))?;
    }
    let count = output::many(list.break_glass.len(), "account");
    output::line(&format!("{count} left alone by every plan."))?;
    Ok(Ended::Done)
}
