//! `msp365 users preview`: what a change of groups would bring and take.

use msp365::actions::details::{Change, Effect, Named, Preview, What};

use crate::{
    Ended,
    args::{Global, UsersPreview},
    cards::{self, Eyes},
    failure::Failure,
    output, session, which,
};

pub(crate) async fn show(global: &Global, command: &UsersPreview) -> Result<Ended, Failure> {
    let eyes = Eyes::of(&command.looking)?;
    let change = command.join.iter().fold(Change::default(), Change::joining);
    let change = command.leave.iter().fold(change, Change::leaving);
    let msp = session::connected(global).await?;
    let typed = (command.tenant.as_deref(), Some(command.user.as_str()));
    let tenant = which::tenant(&**msp.store(), eyes.viewer(), typed).await?;
    let cards = msp.details(eyes.viewer());
    let said = Box::pin(cards.preview(&tenant, &command.user, &change)).await?;
    if global.json {
        output::json(&said)?;
    } else {
        print(&said)?;
    }
    Ok(if said.unchanged.is_empty() {
        Ended::Done
    } else {
        Ended::InPart
    })
}

fn print(said: &Preview) -> Result<(), Failure> {
    for (sign, effects) in [("+", &said.gained), ("-", &said.lost), ("=", &said.kept)] {
        for effect in effects {
            output::line(&output::shown(&line(sign, effect)))?;
        }
    }
    for left in &said.unchanged {
        let text = format!("! {}: {}", left.group.label(), left.why.words());
        output::line(&output::shown(&text))?;
    }
    cards::gaps(&said.gaps)?;
    output::line(&format!(
        "{} gained, {} lost. Nothing was changed.",
        said.gained.len(),
        said.lost.len()
    ))
}

fn line(sign: &str, effect: &Effect) -> String {
    let what = match effect.what {
        What::License { .. } => "licence",
        What::Team { .. } => "team",
        What::Application { .. } => "application",
        What::Role {
            is_eligible: true, ..
        } => "role to be activated",
        What::Role { .. } => "role",
        _ => "something",
    };
    let groups: Vec<_> = effect.through.iter().map(Named::label).collect();
    let also = if effect.also.is_empty() {
        String::new()
    } else {
        format!(", also {}", effect.also.join(", "))
    };
    let remark = effect
        .remark
        .map(|remark| format!("; {remark}"))
        .unwrap_or_default();
    format!(
        "{sign} {what} {} (through {}{also}){remark}",
        effect.name,
        groups.join(", ")
    )
}
