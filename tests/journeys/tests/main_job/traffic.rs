//! What is recorded of traffic over HTTP holds no secret, and fits Microsoft's schema.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::Arc,
};

use msp365::{
    Msp365,
    client::HttpTransport,
    sim::{self, Sim},
    store::{TenantKind, TenantStatus},
};
use secrecy::ExposeSecret;
use tempfile::TempDir;

use crate::spy::Spy;

/// A recording of connecting and syncing, with the secrets that went over the wire.
struct Recorded {
    _folder: TempDir,
    file: PathBuf,
    secrets: Vec<String>,
    requests: usize,
}

async fn recorded() -> Recorded {
    let folder = msp365_stores::folder();
    let file = folder.path().join("traffic.jsonl");
    let server = Sim::seeded(7)
        .customers(12)
        .users_each(10)
        .real_time()
        .record(Box::new(File::create(&file).unwrap()))
        .start()
        .await
        .unwrap();
    let spy = Spy::new(Arc::new(HttpTransport::new().unwrap()));
    let msp = Msp365::builder(sim::app(&server))
        .cloud(server.endpoints())
        .transport(Arc::<Spy>::clone(&spy))
        .in_memory()
        .build()
        .unwrap();

    let redirect = server.app().redirect_uri;
    let consent = msp.begin_connect(server.partner_tenant(), &redirect).unwrap();
    let callback = sim::sign_in::walk(&*spy, consent.url()).await.unwrap();
    msp.connect(consent, &sim::callback_query(&callback))
        .await
        .unwrap();
    let listed = msp.tenants().refresh().await.unwrap();
    let customers = listed.iter().filter(|one| one.kind == TenantKind::Customer);
    let ids: Vec<_> = customers.map(|one| one.id).collect();
    msp.tenants().sync(&ids).await.unwrap();
    let report = msp.sync().run(&[]).await.unwrap();
    assert_eq!(
        (report.tenants.len(), report.count(TenantStatus::Blocked)),
        (12, 7)
    );

    let (mut secrets, requests) = (spy.secrets(), server.requests());
    secrets.push(server.app().client_secret.expose_secret().to_owned());
    secrets.push(server.app_only().client_secret.expose_secret().to_owned());
    drop(msp);
    server.stop().await.unwrap();
    Recorded {
        _folder: folder,
        file,
        secrets,
        requests,
    }
}

#[tokio::test]
async fn no_line_of_a_recording_holds_a_secret() {
    let recorded = recorded().await;
    assert!(recorded.secrets.len() > 20, "{}", recorded.secrets.len());
    assert!(recorded.secrets.iter().any(|secret| secret.starts_with("eyJ")));

    let text = fs::read_to_string(&recorded.file).unwrap();

    assert_eq!(text.lines().count(), recorded.requests);
    assert!(text.contains("/v1.0/users?$select=") || text.contains("/v1.0/users?%24select="));
    assert!(text.contains("/oauth2/v2.0/token"));
    let shapes = [
        "eyJ",
        "refresh_token",
        "client_secret",
        "code_verifier",
        "code=",
        "Bearer ",
    ];
    for (number, line) in text.lines().enumerate() {
        for shape in shapes {
            assert!(!line.contains(shape), "line {number} holds `{shape}`: {line}");
        }
        let leaked = recorded
            .secrets
            .iter()
            .any(|secret| line.contains(secret.as_str()));
        assert!(!leaked, "line {number} holds a secret: {line}");
    }
}

#[tokio::test]
#[cfg_attr(
    not(contract),
    ignore = "the checker of Microsoft's schema is not beside the workspace"
)]
async fn what_was_recorded_fits_the_schema_of_microsoft_graph() {
    let checker = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contract/check_traffic.py");
    let recorded = recorded().await;

    let answer = std::process::Command::new("python3")
        .arg(checker)
        .arg(&recorded.file)
        .output()
        .unwrap();

    let said = String::from_utf8_lossy(&answer.stdout);
    assert!(answer.status.success(), "{said}");
    assert!(said.contains("0 violations"), "{said}");
}
