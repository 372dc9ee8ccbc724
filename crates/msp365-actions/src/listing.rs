//! Users of a list as a file for spreadsheets, row by row as they are read.

use std::io::Write;

use msp365_store::{DirectoryReader, SavedView, Times, UserColumn, UserQuery};

use crate::{Activity, ActivityLog, Error, activity::safe};

/// Rows that are in memory at a time.
const PAGE: usize = 1_000;

/// How users are written: which columns, how moments look, and how many at most.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Export {
    columns: Vec<UserColumn>,
    times: Times,
    has_headers: bool,
    most: Option<u64>,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Exported {
    /// Users in the file.
    pub rows: u64,
    /// Whether there are more, which a limit left out.
    pub is_cut: bool,
}

impl Default for Export {
    fn default() -> Self {
        Self {
            columns: SavedView::COLUMNS.to_vec(),
            times: Times::default(),
            has_headers: true,
            most: None,
        }
    }
}

impl Export {
    /// These columns, in this order; those that a view has by itself if none is given.
    pub fn columns(mut self, columns: impl IntoIterator<Item = UserColumn>) -> Self {
        self.columns = columns.into_iter().collect();
        if self.columns.is_empty() {
            self.columns = SavedView::COLUMNS.to_vec();
        }
        self
    }

    /// How moments are written; as RFC 3339 in UTC unless told otherwise.
    pub fn times(mut self, times: Times) -> Self {
        self.times = times;
        self
    }

    /// Leaves out the line of headers.
    pub const fn without_headers(mut self) -> Self {
        self.has_headers = false;
        self
    }

    /// Ends after so many users.
    pub const fn at_most(mut self, users: u64) -> Self {
        self.most = Some(users);
        self
    }

    /// Writes the users that a query finds as CSV, in its order, whatever page it names. A page of a thousand is in memory
    /// at a time. Cells that a spreadsheet would run as a formula begin with a quote.
    ///
    /// # Errors
    /// `Invalid` for a query that cannot be; `Storage` if the database failed, or what is written cannot be taken.
    pub async fn write(
        &self,
        store: &dyn DirectoryReader,
        query: &UserQuery,
        out: &mut (dyn Write + Send),
    ) -> Result<Exported, Error> {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        if self.has_headers {
            writer.write_record(self.columns.iter().map(|column| column.as_str()))?;
        }
        let mut done = Exported {
            rows: 0,
            is_cut: false,
        };
        let mut asked = query.clone().page(1, PAGE);
        loop {
            let page = store.user_page(&asked).await?;
            for user in &page.rows {
                if self.most.is_some_and(|most| done.rows >= most) {
                    done.is_cut = true;
                    break;
                }
                let cells = self
                    .columns
                    .iter()
                    .map(|column| page.value(user, *column).show(&self.times));
                writer.write_record(cells.map(safe))?;
                done.rows += 1;
            }
            match page.next {
                Some(mark) if !done.is_cut => asked = asked.after(mark),
                _ => break,
            }
        }
        writer.flush().map_err(csv::Error::from)?;
        Ok(done)
    }
}

impl Export {
    /// The same in the name of this person, with a record in the activity log when it starts and when it has ended.
    ///
    /// # Errors
    /// As of [`write`](Self::write); `Storage` where the log cannot be written, and then nothing is exported.
    pub async fn recorded(
        &self,
        (log, actor): (&ActivityLog, &str),
        store: &dyn DirectoryReader,
        query: &UserQuery,
        out: &mut (dyn Write + Send),
    ) -> Result<Exported, Error> {
        let mut activity = Activity::new(actor, "export_users", "started");
        activity.target.push_str("users");
        log.add(&activity).await?;
        let done = self.write(store, query, out).await;
        activity.outcome = match &done {
            Ok(done) if done.is_cut => "finished, cut".to_owned(),
            Ok(_) => "finished".to_owned(),
            Err(_) => "failed".to_owned(),
        };
        if let Ok(done) = &done {
            activity.target = format!("users, {} rows", done.rows);
        }
        log.add(&activity).await?;
        done
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use msp365_store::{
        Direction, DirectoryStore, MemoryStore, PageCommit, PassEnd, PassStart, Resource, TenantRecord,
        TenantStore, UserRow,
    };

    use super::*;

    async fn with_users(names: &[&str]) -> MemoryStore {
        let store = MemoryStore::new();
        let contoso = "11111111-2222-3333-4444-555555555555".parse().unwrap();
        store
            .upsert_tenants(&[TenantRecord::new(contoso, "Contoso")])
            .await
            .unwrap();
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let start = PassStart::new(contoso, 0, Resource::Users, "all", now);
        let pass = store.begin(&start).await.unwrap();
        let rows: Vec<_> = (0..)
            .zip(names)
            .map(|(number, name)| {
                let mut row = UserRow::new(format!("{number:05}"));
                row.display_name = Some((*name).to_owned());
                row.created_at = Some(now);
                row
            })
            .collect();
        let page = PageCommit::new(contoso, 0, Resource::Users, pass.generation).rows(rows);
        store.commit(page).await.unwrap();
        let end = PassEnd::new(contoso, 0, Resource::Users, pass.generation, now);
        store.finish(end).await.unwrap();
        store
    }

    async fn written(export: &Export, store: &MemoryStore, query: &UserQuery) -> (String, Exported) {
        let mut out = Vec::new();
        let done = export.write(store, query, &mut out).await.unwrap();
        (String::from_utf8(out).unwrap(), done)
    }

    #[tokio::test]
    async fn a_file_follows_columns_order_zone_and_headers() {
        let store = with_users(&["Bo", "Ada, \"Countess\"", "=cmd()", "@Cleo"]).await;
        let query = UserQuery::all().sort(UserColumn::DisplayName, Direction::Descending);
        let export = Export::default()
            .columns([
                UserColumn::DisplayName,
                UserColumn::CreatedAt,
                UserColumn::LastSignIn,
            ])
            .times(Times::dates("Europe/Amsterdam", "%d-%m-%Y %H:%M").unwrap());

        let (text, done) = written(&export, &store, &query).await;

        assert_eq!(
            text.lines().collect::<Vec<_>>(),
            [
                "display_name,created_at,last_sign_in",
                "Bo,01-03-2026 13:00,unknown",
                "\"Ada, \"\"Countess\"\"\",01-03-2026 13:00,unknown",
                "'@Cleo,01-03-2026 13:00,unknown",
                "'=cmd(),01-03-2026 13:00,unknown",
            ]
        );
        assert_eq!((done.rows, done.is_cut), (4, false));
        let (text, _) = written(&export.without_headers(), &store, &query).await;
        assert!(text.starts_with("Bo,"), "{text}");
    }

    #[tokio::test]
    async fn start_and_end_are_on_record() {
        let store = Arc::new(with_users(&["Ada"]).await);
        let clock = Arc::new(msp365_core::manual::ManualClock::at(
            "2026-03-01T12:00:00Z".parse().unwrap(),
        ));
        let log = ActivityLog::new(Arc::clone(&store) as _, clock, crate::AuditKey::new(&[7; 32]));

        let mut out = Vec::new();
        let export = Export::default();
        let query = UserQuery::all();
        export
            .recorded((&log, "bo"), &*store, &query, &mut out)
            .await
            .unwrap();

        let records = log.query(&msp365_store::JournalFilter::all()).await.unwrap();
        let said: Vec<_> = records
            .iter()
            .map(|record| {
                format!(
                    "{} {} {} {}",
                    record.actor, record.action, record.target, record.outcome
                )
            })
            .collect();
        assert_eq!(
            said,
            [
                "bo export_users users started",
                "bo export_users users, 1 rows finished"
            ]
        );
    }

    #[tokio::test]
    async fn all_pages_are_written_and_a_limit_says_that_it_cut() {
        let names = vec!["Ada"; 2_500];
        let store = with_users(&names).await;
        let query = UserQuery::all();

        let (text, done) = written(&Export::default(), &store, &query).await;
        assert_eq!(
            (text.lines().count(), done.rows, done.is_cut),
            (2_501, 2_500, false)
        );

        let (text, done) = written(&Export::default().at_most(1_000), &store, &query).await;
        assert_eq!(
            (text.lines().count(), done.rows, done.is_cut),
            (1_001, 1_000, true)
        );
    }
}
