//! The same for many users: a plan for each, told line by line, and a summary.

use std::path::Path;

use msp365::{
    Msp365, TenantId,
    actions::{
        Runner,
        bulk::{Bulk, Chosen, Mode, Row},
    },
    core::random,
    store::{SavedView, Selection, UserRef},
};
use serde_json::json;

use super::{Desk, moment, show, waiting, wish};
use crate::{
    Ended,
    args::{self, Asker, Change, ChangeCommand, Global, Many, Narrowing},
    failure::Failure,
    lists, output,
    session::{self, actor},
};

/// What is wished, and for whom.
pub(super) struct ForMany {
    bulk: Bulk,
    chosen: Chosen,
}

/// What was typed, where it is for many users.
pub(super) async fn of(desk: &Desk, command: &ChangeCommand) -> Result<Option<ForMany>, Failure> {
    let change = command.change();
    let tenant = match &change.tenant {
        Some(_) => Some(desk.tenant(change, None).await?),
        None => None,
    };
    let (bulk, chosen) = match (command, command.many()) {
        (ChangeCommand::Create(own @ args::Create { csv: Some(path), .. }), _) => {
            let users = wish::newcomers(own, path)?;
            let bulk = Bulk::creating(actor(change.actor.as_ref()));
            (bulk, Chosen::Newcomers(desk.tenant(change, None).await?, users))
        }
        (other, Some(many)) if many.is_chosen() => {
            let run = match &many.go_on {
                Some(id) => id
                    .parse()
                    .map_err(|_| Failure::usage(format!("`{id}` is no id of a run")))?,
                None => random::uuid(&msp365::auth::SystemRandom),
            };
            let bulk = Bulk::new(run, wish::wish(other)?, actor(change.actor.as_ref()));
            (bulk, chosen(many, tenant)?)
        }
        _ => return Ok(None),
    };
    let mut bulk = bulk.protection(desk.protection.clone());
    if change.take_over {
        bulk = bulk.taking_over();
    }
    if let Some(at) = moment(change)? {
        bulk = bulk.not_before(at);
    }
    Ok(Some(ForMany { bulk, chosen }))
}

fn chosen(many: &Many, tenant: Option<TenantId>) -> Result<Chosen, Failure> {
    if let Some(path) = &many.users {
        return Ok(Chosen::Named(listed(path, tenant)?));
    }
    let narrowing = Narrowing {
        tenant: tenant.iter().map(ToString::to_string).collect(),
        filter: many.filter.clone(),
        like: Vec::new(),
        sort: None,
        columns: Vec::new(),
        view: many.view.clone(),
        zone: None,
        format: None,
        asker: Asker {
            technician: None,
            levels: None,
            site: Vec::new(),
        },
    };
    let view = lists::view(SavedView::default(), &narrowing)?;
    let times = lists::times(&view)?;
    let all = Selection::all(view, session::now(), times.zone());
    Ok(Chosen::Selected(all))
}

/// The users that a file names: a tenant and a user on each line, or the user alone.
fn listed(path: &Path, tenant: Option<TenantId>) -> Result<Vec<UserRef>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", path.display())))?;
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut users = Vec::new();
    for (line, row) in (1..).zip(reader.records()) {
        let odd = |words: String| Failure::usage(format!("`{}`, line {line}: {words}", path.display()));
        let row = row.map_err(|error| odd(error.to_string()))?;
        let cells: Vec<_> = row.iter().filter(|cell| !cell.is_empty()).collect();
        let (tenant_id, user) = match (cells.as_slice(), tenant) {
            ([], _) => continue,
            (["user"] | ["tenant", "user"], _) if line == 1 => continue,
            ([user], Some(tenant)) => (tenant, *user),
            ([of, user], _) => (of.parse().map_err(|error| odd(format!("{error}")))?, *user),
            _ => {
                return Err(odd(
                    "write `TENANT,USER`, or `USER` alone with `--tenant`".to_owned()
                ));
            }
        };
        users.push(UserRef {
            tenant_id,
            id: user.to_owned(),
        });
    }
    Ok(users)
}

/// Shows the plans of all, stores them, or runs them: a line for each user as soon as it stands, and one for all.
pub(super) async fn run(
    global: &Global,
    msp: &Msp365,
    runner: Runner,
    (many, change): (ForMany, &Change),
) -> Result<Ended, Failure> {
    let ForMany { bulk, chosen } = many;
    chosen.check(&bulk).map_err(wish::refused)?;
    let mode = match (&change.at, change.apply, change.second_person) {
        (_, true, _) => Mode::Run,
        (None, false, false) => Mode::Look,
        _ => Mode::Keep,
    };
    let is_named = mode == Mode::Run && !matches!(chosen, Chosen::Newcomers(..));
    let runner = waiting::gated(runner, change);
    let run = bulk.run();
    if is_named && global.json {
        output::json(&json!({ "run": run }))?;
    } else if is_named {
        output::note(global, &format!("Run {run}; `--go-on {run}` goes on with it."));
    }
    let mut printed = Ok(());
    let mut told = |row: Row| {
        if printed.is_ok() {
            printed = show::row(global, row);
        }
    };
    let going = msp.many_users();
    let tally = Box::pin(going.run_by((&bulk, &runner), (&chosen, mode), &mut told)).await?;
    printed?;
    if global.json {
        output::json(&json!({ "summary": tally, "run": is_named.then_some(run) }))?;
    } else {
        output::line(&format!("{tally}."))?;
        if mode == Mode::Look {
            output::line("Nothing was changed; `--apply` runs the plans.")?;
        }
    }
    Ok(if tally.is_fine() {
        Ended::Done
    } else {
        Ended::InPart
    })
}
