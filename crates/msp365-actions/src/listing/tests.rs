use std::{io, sync::Arc};

use msp365_core::ErrorKind;
use msp365_store::{
    DeviceRow, Direction, DirectoryStore, JournalFilter, JournalRecord, MemoryStore, PageCommit, PassEnd,
    PassStart, Resource, RowColumn, RowQuery, TenantColumn, TenantRecord, TenantStore, UserColumn,
    UserFilter, UserQuery, UserRow,
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
            r#""Bo","01-03-2026 13:00","unknown""#,
            r#""Ada, ""Countess""","01-03-2026 13:00","unknown""#,
            r#""'@Cleo","01-03-2026 13:00","unknown""#,
            r#""'=cmd()","01-03-2026 13:00","unknown""#,
        ]
    );
    assert_eq!((done.rows, done.is_cut), (4, false));
    let (text, _) = written(&export.without_headers(), &store, &query).await;
    assert!(text.starts_with("\"Bo\","), "{text}");
}

/// Takes so many bytes, and fails from then on.
struct Full {
    room: usize,
    kind: io::ErrorKind,
}

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.room = self
            .room
            .checked_sub(bytes.len())
            .ok_or_else(|| io::Error::from(self.kind))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn log(store: &Arc<MemoryStore>) -> ActivityLog {
    let noon = "2026-03-01T12:00:00Z".parse().unwrap();
    let clock = Arc::new(msp365_core::manual::ManualClock::at(noon));
    ActivityLog::new(Arc::clone(store) as _, clock, crate::AuditKey::new(&[7; 32]))
}

async fn records(log: &ActivityLog) -> Vec<JournalRecord> {
    log.query(&JournalFilter::all()).await.unwrap()
}

fn said(records: &[JournalRecord]) -> Vec<String> {
    let said = records
        .iter()
        .map(|record| format!("{} {} {}", record.actor, record.target, record.outcome));
    said.collect()
}

#[tokio::test]
async fn no_name_can_begin_a_formula_whatever_separates_cells() {
    let store = with_users(&["Ada;=HYPERLINK(\"x\")", "\n=1+1", "＝1+1"]).await;
    let export = Export::default()
        .columns([UserColumn::DisplayName])
        .without_headers();

    let (text, _) = written(
        &export,
        &store,
        &UserQuery::all().sort(UserColumn::Id, Direction::Ascending),
    )
    .await;

    assert_eq!(
        text,
        "\"Ada;'=HYPERLINK(\"\"x\"\")\"\r\n\"'\n'=1+1\"\r\n\"'＝1+1\"\r\n"
    );
}

#[tokio::test]
async fn a_file_begins_with_the_mark_of_its_encoding_where_that_is_wanted() {
    let store = with_users(&["Zoë"]).await;
    let export = Export::default().columns([UserColumn::DisplayName]);

    let (marked, _) = written(&export.clone().with_bom(), &store, &UserQuery::all()).await;
    let (plain, _) = written(&export, &store, &UserQuery::all()).await;

    assert_eq!(marked, format!("\u{feff}{plain}"));
    assert!(plain.starts_with("display_name\r\n"), "{plain}");
}

#[tokio::test]
async fn start_and_end_are_on_record_with_what_was_asked() {
    let store = Arc::new(with_users(&["Ada", "Bo"]).await);
    let log = log(&store);
    let filter = UserFilter::parse("name~ada%", "2026-03-01T12:00:00Z".parse().unwrap()).unwrap();
    let export = Export::default().columns([UserColumn::Mail]).at_most(5);

    let mut out = Vec::new();
    let query = UserQuery::all().filter(filter);
    export
        .recorded((&log, "bo"), &*store, &query, &mut out)
        .await
        .unwrap();

    let records = records(&log).await;
    assert_eq!(said(&records), ["bo users started", "bo users, 1 rows finished"]);
    for record in &records {
        assert_eq!(
            record.detail["asked"],
            json!({ "conditions": ["display_name~ada%", "sort display_name"], "columns": ["mail"], "most": 5 })
        );
    }
}

#[tokio::test]
async fn what_failed_is_on_record_with_its_reason_and_what_was_written() {
    let store = Arc::new(with_users(&vec!["Ada"; 2_500]).await);
    let log = log(&store);
    let mut full = Full {
        room: BUFFER,
        kind: io::ErrorKind::StorageFull,
    };

    let error = Export::default()
        .recorded((&log, "bo"), &*store, &UserQuery::all(), &mut full)
        .await
        .unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Storage);
    let records = records(&log).await;
    assert!(said(&records)[1].ends_with(" rows failed"), "{records:?}");
    assert_eq!(
        records[1].detail["reason"],
        "the list could not be written: no storage space"
    );
}

#[tokio::test]
async fn a_reader_that_goes_away_is_no_failure() {
    let store = Arc::new(with_users(&vec!["Ada"; 2_500]).await);
    let log = log(&store);
    let mut closed = Full {
        room: BUFFER,
        kind: io::ErrorKind::BrokenPipe,
    };

    let done = Export::default()
        .recorded((&log, "bo"), &*store, &UserQuery::all(), &mut closed)
        .await
        .unwrap();

    assert!(done.is_abandoned, "{done:?}");
    assert!(said(&records(&log).await)[1].ends_with(" rows finished, reader gone"));
}

/// Lets a log be begun and no more.
struct Once(MemoryStore);

#[async_trait::async_trait]
impl msp365_store::Journal for Once {
    async fn append_journal(&self, records: &[JournalRecord]) -> msp365_store::Result<()> {
        if self.0.journal_head().await?.is_some() {
            return Err(msp365_store::Error::Value { column: "mac" });
        }
        self.0.append_journal(records).await
    }

    async fn journal_head(&self) -> msp365_store::Result<Option<JournalRecord>> {
        self.0.journal_head().await
    }

    async fn journal(&self, filter: &JournalFilter) -> msp365_store::Result<Vec<JournalRecord>> {
        self.0.journal(filter).await
    }
}

#[tokio::test]
async fn an_end_that_cannot_be_recorded_is_told_apart_from_a_failure() {
    let store = with_users(&["Ada"]).await;
    let noon = "2026-03-01T12:00:00Z".parse().unwrap();
    let clock = Arc::new(msp365_core::manual::ManualClock::at(noon));
    let once = Arc::new(Once(MemoryStore::new()));
    let log = ActivityLog::new(once, clock, crate::AuditKey::new(&[7; 32]));

    let mut out = Vec::new();
    let error = Export::default()
        .recorded((&log, "bo"), &store, &UserQuery::all(), &mut out)
        .await
        .unwrap_err();

    assert!(
        matches!(&error, Error::Unrecorded { done, .. } if done.rows == 1),
        "{error}"
    );
    assert!(String::from_utf8(out).unwrap().contains("Ada"));
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

async fn with_devices() -> MemoryStore {
    let store = with_users(&[]).await;
    let contoso = "11111111-2222-3333-4444-555555555555".parse().unwrap();
    let now = "2026-03-01T12:00:00Z".parse().unwrap();
    let start = PassStart::new(contoso, 0, Resource::Devices, "all", now);
    let generation = store.begin(&start).await.unwrap().generation;
    let mut laptop = DeviceRow::new("1");
    laptop.display_name = Some("=LT-Ada".to_owned());
    laptop.is_compliant = Some(true);
    laptop.last_sign_in_at = Some(now);
    let rows = vec![laptop, DeviceRow::new("2")];
    let page = PageCommit::new(contoso, 0, Resource::Devices, generation).rows(rows);
    store.commit(page).await.unwrap();
    let end = PassEnd::new(contoso, 0, Resource::Devices, generation, now);
    store.finish(end).await.unwrap();
    store
}

#[tokio::test]
async fn rows_of_a_resource_are_written_and_recorded_as_users_are() {
    let store = Arc::new(with_devices().await);
    let log = log(&store);
    let columns = ["display_name", "tenant", "is_compliant", "last_sign_in_at"];
    let columns = columns.map(|name| RowColumn::parse(Resource::Devices, name).unwrap());
    let times = Times::dates("Europe/Amsterdam", "%H:%M").unwrap();
    let query = RowQuery::of(Resource::Devices)
        .sort("display_name", Direction::Descending)
        .unwrap();

    let mut out = Vec::new();
    let done = Export::default()
        .columns(columns)
        .times(times)
        .recorded((&log, "bo"), &*store, &query, &mut out)
        .await
        .unwrap();

    assert_eq!((done.rows, done.incomplete.count()), (2, 0));
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "display_name,tenant,is_compliant,last_sign_in_at\r\n\
         \"'=LT-Ada\",\"Contoso\",\"true\",\"13:00\"\r\n\
         \"\",\"Contoso\",\"\",\"never\"\r\n"
    );
    let records = records(&log).await;
    assert_eq!(
        said(&records),
        ["bo devices started", "bo devices, 2 rows finished"]
    );
    assert_eq!(records[0].action, "export_devices");
    assert_eq!(
        records[0].detail["asked"]["conditions"],
        json!(["sort -display_name"])
    );
}

#[tokio::test]
async fn a_column_of_another_list_is_refused_before_anything_is_written() {
    let store = with_devices().await;
    let column = RowColumn::parse(Resource::Mailboxes, "item_count").unwrap();

    let mut out = Vec::new();
    let error = Export::default()
        .columns([column])
        .write(&store, &RowQuery::of(Resource::Devices), &mut out)
        .await
        .unwrap_err();

    assert_eq!((error.kind(), out.len()), (ErrorKind::Invalid, 0));
}

#[tokio::test]
async fn tenants_that_are_not_complete_are_told_with_what_was_written() {
    let store = with_users(&["Ada"]).await;
    let contoso = "11111111-2222-3333-4444-555555555555".parse().unwrap();
    store.set_selected(&[contoso], true).await.unwrap();
    store.stale(&contoso, Resource::Users, "throttled").await.unwrap();

    let (_, done) = written(&Export::default(), &store, &UserQuery::all()).await;

    let told = &done.incomplete.tenants[0];
    assert_eq!(
        (told.tenant_name.as_str(), told.reason.as_deref()),
        ("Contoso", Some("throttled"))
    );
}

#[tokio::test]
async fn tenants_are_written_and_recorded_as_users_are() {
    let store = Arc::new(with_users(&[]).await);
    let log = log(&store);
    let tenants = store.tenants(&msp365_store::TenantFilter::all()).await.unwrap();
    let export = TenantsExport::default().columns([TenantColumn::Name, TenantColumn::SyncedAt]);

    let mut out = Vec::new();
    let done = export
        .write(&tenants, Some((&log, "bo")), &mut out)
        .await
        .unwrap();

    assert_eq!(done.rows, 1);
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "name,synced_at\r\n\"Contoso\",\"never\"\r\n"
    );
    assert_eq!(
        said(&records(&log).await),
        ["bo tenants started", "bo tenants, 1 rows finished"]
    );
}
