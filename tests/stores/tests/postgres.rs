//! The suite on PostgreSQL, each behaviour in a schema of its own, and what only a server can do.
//!
//! Where no server answers, the tests are reported as ignored.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{process::ExitCode, sync::Arc};

use libtest_mimic::{Arguments, Trial};
use msp365_core::{ErrorKind, Sealed, Vault, VaultError};
use msp365_store::{
    PageCommit, PassStart, PostgresStore, Resource, Store, TenantFilter, TenantRecord, TenantStore,
    suite::{both_tenants, contoso, noon, pass, user},
};
use msp365_stores::{Schema, on_postgres, plain};

async fn open(schema: &Schema) -> Arc<dyn Store> {
    msp365_store::open(&schema.url()).await.unwrap()
}

macro_rules! suite {
    ($($behaviour:ident)+) => {
        fn suite() -> Vec<Trial> {
            vec![$(
                on_postgres(stringify!($behaviour), async |schema: &Schema| {
                    msp365_store::suite::$behaviour(&*open(schema).await).await;
                })
            ),+]
        }
    };
}

msp365_store::behaviours!(suite =>);

/// Tests by their names.
macro_rules! own {
    ($make:path: $($test:ident)+) => {
        [$($make(stringify!($test), $test)),+]
    };
}

fn main() -> ExitCode {
    let mut tests = suite();
    tests.extend(own!(on_postgres:
        a_schema_of_others_is_left_as_it_is
        a_newer_schema_is_refused
        many_processes_may_open_a_new_schema_at_once
        of_many_writers_of_one_sealed_record_one_is_first
        f172_no_page_is_stored_once_the_epoch_has_moved
        a_page_larger_than_a_statement_comes_back_whole
    ));
    tests.extend(own!(plain: a_server_that_is_not_there_is_named_without_its_password));
    libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
}

async fn a_schema_of_others_is_left_as_it_is(schema: &Schema) {
    schema.run("CREATE TABLE users (name TEXT)").await.unwrap();

    let error = PostgresStore::open(&schema.url()).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Storage);
    assert!(error.to_string().contains("is not an msp365 database"), "{error}");
    schema.run("DROP TABLE users").await.unwrap();
}

async fn a_newer_schema_is_refused(schema: &Schema) {
    drop(open(schema).await);
    schema.run("UPDATE msp365_schema SET version = 99").await.unwrap();

    let error = PostgresStore::open(&schema.url()).await.unwrap_err();

    assert!(error.to_string().contains("schema version 99"), "{error}");
}

async fn many_processes_may_open_a_new_schema_at_once(schema: &Schema) {
    let url = schema.url();

    let stores = futures_util::future::join_all((0..8).map(|_| PostgresStore::open(&url))).await;

    for store in stores {
        assert_eq!(store.unwrap().tenants(&TenantFilter::all()).await.unwrap(), []);
    }
}

async fn of_many_writers_of_one_sealed_record_one_is_first(schema: &Schema) {
    let stores = [
        PostgresStore::open(&schema.url()).await.unwrap(),
        PostgresStore::open(&schema.url()).await.unwrap(),
    ];
    let sealed = |byte: u8| Sealed::new("key-1", vec![byte]);

    for expected in [None, Some(1), Some(2)] {
        let writers = (0..16_u8).map(|number| {
            let store = &stores[usize::from(number % 2)];
            async move { store.store("token", &sealed(number), expected).await }
        });
        let results = futures_util::future::join_all(writers).await;

        let won: Vec<_> = results.iter().filter_map(|result| result.as_ref().ok()).collect();
        assert_eq!(won, [&(expected.unwrap_or(0) + 1)]);
        let lost = results
            .iter()
            .filter(|result| matches!(result, Err(VaultError::Conflict { .. })));
        assert_eq!(lost.count(), 15);
    }
}

async fn f172_no_page_is_stored_once_the_epoch_has_moved(schema: &Schema) {
    let (pages, fence) = (open(schema).await, open(schema).await);
    both_tenants(&*pages).await;
    let start = PassStart::new(contoso(), 0, Resource::Users, "all", noon());
    let begun = pages.begin(&start).await.unwrap();

    let writing = async {
        for number in 0..200 {
            let rows = vec![user(&number.to_string(), "Ada")];
            let page = PageCommit::new(contoso(), 0, Resource::Users, begun.generation).rows(rows);
            if let Err(error) = pages.commit(page).await {
                return error.kind();
            }
        }
        ErrorKind::Other
    };
    let fencing = async {
        while pages.count(&[], Resource::Users).await.unwrap() < 5 {}
        fence.new_epoch(&contoso()).await.unwrap();
        fence.purge(&contoso()).await.unwrap();
    };
    let (ended, ()) = tokio::join!(writing, fencing);

    assert_eq!(ended, ErrorKind::Conflict);
    assert_eq!(fence.count(&[], Resource::Users).await.unwrap(), 0);
}

async fn a_page_larger_than_a_statement_comes_back_whole(schema: &Schema) {
    let store = open(schema).await;
    let other = TenantRecord::new(contoso(), "Contoso");
    store.upsert_tenants(&[other]).await.unwrap();
    let many: Vec<_> = (0..4_500)
        .map(|number| user(&format!("{number:05}"), "Ada"))
        .collect();

    pass(&*store, contoso(), Resource::Users, vec![many.clone().into()]).await;
    let swept = pass(
        &*store,
        contoso(),
        Resource::Users,
        vec![many[..4_000].to_vec().into()],
    )
    .await;

    assert_eq!(swept, 500);
    assert_eq!(store.count(&[], Resource::Users).await.unwrap(), 4_000);
}

async fn a_server_that_is_not_there_is_named_without_its_password() {
    let url = "postgres://ada:canary-password@127.0.0.1:1/none?options=-cx%3Dcanary";

    let error = PostgresStore::open(url).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Storage);
    let said = format!("{error} {error:?}");
    assert!(said.contains("127.0.0.1:1") && !said.contains("canary"), "{said}");
}
