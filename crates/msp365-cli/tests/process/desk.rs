//! A database of an operator, filled without any cloud.

use std::{fs, path::PathBuf};

use msp365::{
    TenantId,
    store::{PageCommit, PassEnd, PassStart, Resource, SignInRow, Store, TenantRecord, UserRow},
};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    command::{Answer, ended},
    office::{command_on, open},
};

pub(crate) const CONTOSO: &str = "11111111-2222-3333-4444-555555555555";
pub(crate) const FABRIKAM: &str = "22222222-2222-3333-4444-555555555555";
pub(crate) const NOWHERE: &str = "33333333-2222-3333-4444-555555555555";

/// A database with two tenants. Of Contoso users and sign-ins were read, of Fabrikam users alone, without the licence for
/// sign-ins; roles of nobody.
pub(crate) struct Desk {
    pub(crate) folder: TempDir,
    pub(crate) db: PathBuf,
}

impl Desk {
    pub(crate) async fn open() -> Self {
        let folder = msp365_stores::folder();
        let db = folder.path().join("desk.db");
        let store = open(&db).await;
        let mut tenants = [
            TenantRecord::new(CONTOSO.parse().unwrap(), "Contoso"),
            TenantRecord::new(FABRIKAM.parse().unwrap(), "Fabrikam"),
        ];
        for (tenant, name) in tenants.iter_mut().zip(["contoso", "fabrikam"]) {
            tenant.default_domain = Some(format!("{name}.example"));
            tenant.initial_domain = Some(format!("{name}.onmicrosoft.com"));
        }
        store.upsert_tenants(&tenants).await.unwrap();
        people(&*store, CONTOSO, &["Ada;=1+1", "Bo", "Cleo", "Dan", "Eve"]).await;
        people(&*store, FABRIKAM, &["Ada", "Fay"]).await;
        let mut seen = SignInRow::new("1");
        seen.last_sign_in_at = Some(noon());
        let rows = vec![seen];
        pass(&*store, CONTOSO, Resource::SignIns, rows.into()).await;
        let (tenant, sign_ins) = (FABRIKAM.parse().unwrap(), Resource::SignIns);
        store.stale(&tenant, sign_ins, "not_licensed").await.unwrap();
        Self { folder, db }
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> Answer {
        ended(command_on(&self.db, arguments)).await
    }

    pub(crate) async fn json(&self, arguments: &[&str]) -> Value {
        let whole = [arguments, &["--json"]].concat();
        self.run(&whole).await.ended(0).json()
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// Options of a technician who may look at Contoso alone, or at nothing where the site is another.
    pub(crate) fn as_bo(&self) -> Vec<String> {
        let levels = self.path("levels.json");
        let text = format!(
            r#"{{"levels":{{"desk":{{"areas":{{"users":"view","tenants":"view"}}}}}},
                "technicians":{{"bo":{{"level":"desk","tenants":{{"only":["{CONTOSO}"]}},"sites":{{"only":["s1"]}}}}}}}}"#
        );
        fs::write(&levels, text).unwrap();
        ["--technician", "bo", "--levels", &levels, "--site", "s1"]
            .map(str::to_owned)
            .to_vec()
    }
}

fn noon() -> jiff::Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

async fn people(store: &dyn Store, tenant: &str, names: &[&str]) {
    let row = |(number, name): (u32, &&str)| {
        let mut row = UserRow::new(number.to_string());
        row.display_name = Some((*name).to_owned());
        row.user_principal_name = format!("{number}@{tenant}.example");
        row.account_enabled = Some(true);
        row.created_at = Some("2026-01-01T00:00:00Z".parse().unwrap());
        row
    };
    let rows: Vec<_> = (1..).zip(names).map(row).collect();
    pass(store, tenant, Resource::Users, rows.into()).await;
}

pub(crate) async fn pass(store: &dyn Store, tenant: &str, resource: Resource, rows: msp365::store::Rows) {
    let tenant: TenantId = tenant.parse().unwrap();
    let start = PassStart::new(tenant, 0, resource, "all", noon());
    let generation = store.begin(&start).await.unwrap().generation;
    let page = PageCommit::new(tenant, 0, resource, generation).rows(rows);
    store.commit(page).await.unwrap();
    let end = PassEnd::new(tenant, 0, resource, generation, noon());
    store.finish(end).await.unwrap();
}

/// Tenant and id of each user of an answer.
pub(crate) fn who(answer: &Value) -> Vec<(String, String)> {
    let rows = answer["rows"].as_array().unwrap().iter();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    rows.map(|row| (text(row, "tenant_id"), text(row, "id")))
        .collect()
}

pub(crate) fn with<'a>(one: &[&'a str], more: &'a [String]) -> Vec<&'a str> {
    one.iter()
        .copied()
        .chain(more.iter().map(String::as_str))
        .collect()
}
