//! `msp365 users`.

use msp365::{
    TenantId,
    actions::explain::Area,
    store::{SavedView, Store, Times, UserColumn, UserFilter, UserQuery, UserView, Users},
};
use serde_json::json;

use crate::{
    Ended,
    args::{Asker, Finding, Global, UsersCommand, UsersExport, UsersList},
    cards::{self, Eyes},
    change,
    failure::Failure,
    lists::{self, Asked, Told, refused},
    output, preview, session,
};

/// Users of one name that are looked at.
const WHOLE: usize = 1_000;

pub(crate) async fn run(global: &Global, command: UsersCommand) -> Result<Ended, Failure> {
    match command {
        UsersCommand::List(command) => list(global, &command).await,
        UsersCommand::Export(command) => export(global, &command).await,
        UsersCommand::Recent(command) => recent(global, &command.asker).await,
        UsersCommand::Show(command) => cards::show(global, &command).await,
        UsersCommand::Preview(command) => preview::show(global, &command).await,
        UsersCommand::Change(command) => change::run(global, &command).await,
        UsersCommand::Plans(command) => change::plans(global, &command).await,
        UsersCommand::Protect(command) => change::protect(global, &command).await,
        UsersCommand::Approve(command) => change::approve(global, &command).await,
        UsersCommand::Cancel(command) => change::cancel(global, &command).await,
    }
}

async fn list(global: &Global, command: &UsersList) -> Result<Ended, Failure> {
    let asked = asked(SavedView::default(), &command.finding, Area::Users)?;
    lists::show(global, asked, &command.paging).await
}

async fn export(global: &Global, command: &UsersExport) -> Result<Ended, Failure> {
    let asked = asked(SavedView::default(), &command.finding, Area::Users)?;
    let file = lists::File {
        filing: &command.filing,
        most: command.max,
        out: command.out.as_deref(),
    };
    lists::export(global, asked, &file).await
}

/// What was asked of users; `usual` is how they are shown where nothing else is said.
pub(crate) fn asked(usual: SavedView, finding: &Finding, area: Area) -> Result<Asked<Users>, Failure> {
    let mut view = lists::view(usual, &finding.narrowing)?;
    if let Some(text) = &finding.search {
        view.filters.push(UserFilter::any_name(text).to_string());
    }
    Asked::new(view, &finding.narrowing, area)
}

/// The users who were looked at last, as far as they may still be seen.
async fn recent(global: &Global, asker: &Asker) -> Result<Ended, Failure> {
    let eyes = Eyes::asking(asker)?;
    let store = session::store(global).await?;
    let seen = store.recently_viewed(eyes.viewer().id()).await.map_err(refused)?;
    let place = |row: &UserView| {
        let is_it = |one: &UserView| (one.tenant_id, &one.user.id) == (row.tenant_id, &row.user.id);
        seen.iter().position(is_it)
    };
    let query = UserQuery::all().only(seen.iter().map(|one| (one.tenant_id, one.user.id.clone())));
    let query = eyes.confine(&*store, query, Area::Users).await?;
    let mut page = store.user_page(&query).await.map_err(refused)?;
    page.rows.sort_by_key(place);
    let pages = [page];
    if global.json {
        let rows: Vec<_> = pages.iter().flat_map(|page| Users::rows(page, None)).collect();
        output::json(&json!({
            "count": rows.len(), "rows": rows, "sources": lists::sources(&pages),
        }))?;
    } else {
        lists::table::<Users>(&pages, &SavedView::COLUMNS, &Times::ages(session::now()))?;
    }
    Ok(Ended::Done)
}

/// Users of this sign-in name, or else of this id, or else of this address.
pub(crate) async fn named(
    store: &dyn Store,
    tenants: &[TenantId],
    name: &str,
) -> Result<Vec<UserView>, Failure> {
    for column in [UserColumn::UserPrincipalName, UserColumn::Id, UserColumn::Mail] {
        let filter =
            UserFilter::parse(&format!("{}={name}", column.as_str()), session::now()).map_err(refused)?;
        let query = UserQuery::all()
            .tenants(tenants.iter().copied())
            .filter(filter)
            .page(1, WHOLE);
        let page = store.users(&query).await.map_err(refused)?;
        if !page.rows.is_empty() {
            return Ok(page.rows);
        }
    }
    Ok(Vec::new())
}
