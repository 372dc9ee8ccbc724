//! The ways to connect from a terminal.

use std::{fs, process::Stdio, time::Duration};

use msp365::{
    Msp365,
    client::HttpTransport,
    sim::{self, Cloud},
};
use secrecy::ExposeSecret;
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::{
    command::{Answer, answer, ended},
    office::Office,
};

async fn office() -> Office {
    Office::open(2, 3, Duration::ZERO).await
}

impl Office {
    fn connecting(&self, tenant: &str, more: &[&str]) -> tokio::process::Command {
        let mut arguments = vec![
            "connect",
            "--cloud",
            self.cloud.to_str().unwrap(),
            "--partner",
            tenant,
            "--json",
        ];
        arguments.extend(more);
        self.command(&arguments)
    }

    async fn connect_by(&self, tenant: &str, more: &[&str]) -> Answer {
        ended(self.connecting(tenant, more)).await
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn partner(&self) -> String {
        self.server.partner_tenant().to_string()
    }
}

#[tokio::test]
async fn a_code_is_typed_on_another_device() {
    let office = office().await;
    let mut command = office.connecting(&office.partner(), &["--device-code"]);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let told = lines.next_line().await.unwrap().unwrap();
    let page = told
        .split_whitespace()
        .find(|word| word.starts_with("http"))
        .unwrap();
    let code = told.rsplit(' ').next().unwrap();

    let pages = HttpTransport::new().unwrap();
    sim::sign_in::enter_code(&pages, page, code).await.unwrap();
    let connected = answer(child).await.ended(0).json();

    assert_eq!(
        (&connected["mfa"], &connected["customers"]),
        (&"proven".into(), &2.into())
    );
    office
        .run(&["tenants", "list", "--refresh", "--json"])
        .await
        .ended(0);
}

#[tokio::test]
async fn a_tenant_is_connected_by_the_secret_or_the_certificate_of_an_app() {
    let office = office().await;
    let tenant = office.server.customer_ids()[0].to_string();
    let pem = office.server.app_only().certificate().unwrap();
    let file = office.write("app.pem", pem.expose_secret());

    let by_secret = office.connect_by(&tenant, &["--app-only"]).await.ended(0).json();
    let by_certificate = office
        .connect_by(&tenant, &["--app-only", "--certificate", &file])
        .await
        .ended(0)
        .json();

    assert_eq!(
        (&by_secret["tenant"], &by_secret["credential_ends_at"]),
        (&tenant.clone().into(), &().into())
    );
    assert_eq!(
        (&by_certificate["tenant"], &by_certificate["name"]),
        (&tenant.into(), &by_secret["name"])
    );
    assert_eq!(by_certificate["credential_ends_at"], "2099-12-31T00:00:00Z");
}

#[tokio::test]
async fn a_partner_is_connected_by_a_certificate_or_by_a_refresh_token() {
    let office = office().await;
    let app = office.server.app();
    let file = office.write("app.pem", app.certificate().unwrap().expose_secret());
    let token = office.write("token", refresh_token(&office.server).await.as_str());

    for way in [
        ["--certificate", file.as_str()].as_slice(),
        &["--refresh-token-file", &token],
    ] {
        let more: Vec<&str> = way
            .iter()
            .copied()
            .chain(way[0].contains("certificate").then_some("--auto"))
            .collect();

        let connected = office.connect_by(&office.partner(), &more).await.ended(0).json();

        assert_eq!(connected["customers"], 2, "{way:?}");
        office
            .run(&["tenants", "list", "--refresh", "--json"])
            .await
            .ended(0);
    }
}

/// A refresh token that another program got.
async fn refresh_token(cloud: &Cloud) -> String {
    let other = Msp365::builder(sim::app(cloud))
        .cloud(cloud.endpoints())
        .in_memory()
        .build()
        .unwrap();
    let pages = HttpTransport::new().unwrap();
    let consent = other
        .begin_connect(cloud.partner_tenant(), &cloud.app().redirect_uri)
        .unwrap();
    let callback = sim::sign_in::walk(&pages, consent.url()).await.unwrap();
    let connection = other
        .connect(consent, &sim::callback_query(&callback))
        .await
        .unwrap();
    connection.refresh_token.expose_secret().to_owned()
}

#[tokio::test]
async fn a_file_that_is_no_certificate_is_refused_with_advice() {
    let office = office().await;
    let file = office.write(
        "app.pem",
        "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n",
    );

    for (path, expected) in [
        (file.as_str(), "no private key"),
        ("/nowhere.pfx", "cannot read the certificate"),
    ] {
        let refused = office
            .connect_by(&office.partner(), &["--certificate", path, "--auto"])
            .await
            .ended(2)
            .json();

        let said = refused["error"]["message"].as_str().unwrap();
        assert!(said.contains(expected) && said.contains(path), "{said}");
    }
}

#[tokio::test]
async fn tenants_connected_directly_are_listed_checked_and_synced_without_a_partner() {
    let office = office().await;
    for tenant in office.server.customer_ids() {
        office
            .connect_by(&tenant.to_string(), &["--app-only"])
            .await
            .ended(0);
    }

    let listed = office
        .run(&["tenants", "list", "--refresh", "--json"])
        .await
        .ended(0)
        .json();
    let found = office.run(&["doctor", "--json"]).await.ended(0);
    office.run(&["tenants", "sync", "--all"]).await.ended(0);
    let synced = office.run(&["sync", "--json"]).await;
    let users = office.run(&["users", "list", "--json"]).await.ended(0).json();

    assert_eq!(listed["count"], 2);
    for tenant in listed["tenants"].as_array().unwrap() {
        assert_eq!(tenant["kind"], "direct");
    }
    let found: Vec<serde_json::Value> = found.lines();
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|one| one["ready"] == true), "{found:?}");
    let total = synced.lines();
    assert_eq!(total.last().unwrap()["tenants"], 2);
    assert!(
        total[..2]
            .iter()
            .all(|one| one["status"] == "synced" || one["status"] == "degraded"),
        "{total:?}"
    );
    assert!(users["count"].as_u64().unwrap() > 0);
}
