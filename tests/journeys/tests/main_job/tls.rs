//! The main job over HTTPS.

use bytes::Bytes;
use http::Request;
use msp365::{
    Msp365,
    client::HttpTransport,
    core::{Transport, TransportError},
    sim::{self, Server, Sim},
    store::{TenantKind, TenantStatus},
};

async fn ask(server: &Server, transport: &HttpTransport) -> Result<u16, TransportError> {
    let request = Request::get(format!("{}/v1.0/users", server.endpoints().graph));
    let reply = transport.send(request.body(Bytes::new()).unwrap()).await?;
    Ok(reply.status.as_u16())
}

#[tokio::test]
async fn who_trusts_the_root_certificate_connects_and_syncs() {
    let server = Sim::seeded(7)
        .customers(5)
        .users_each(10)
        .real_time()
        .tls()
        .start()
        .await
        .unwrap();
    let root = server.root_certificate().unwrap();
    let msp = Msp365::builder(sim::app(&server))
        .cloud(server.endpoints())
        .root_certificate(root)
        .in_memory()
        .build()
        .unwrap();

    let consent = msp
        .begin_connect(server.partner_tenant(), &server.app().redirect_uri)
        .unwrap();
    let pages = HttpTransport::trusting(root).unwrap();
    let callback = sim::sign_in::walk(&pages, consent.url()).await.unwrap();
    msp.connect(consent, &sim::callback_query(&callback))
        .await
        .unwrap();
    let listed = msp.tenants().refresh().await.unwrap();
    let customers = listed.iter().filter(|one| one.kind == TenantKind::Customer);
    msp.tenants()
        .sync(&customers.map(|one| one.id).collect::<Vec<_>>())
        .await
        .unwrap();
    let report = msp.sync().run(&[]).await.unwrap();

    assert_eq!(report.count(TenantStatus::Synced), 2);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn who_does_not_trust_the_root_certificate_sends_nothing() {
    let server = Sim::seeded(7).customers(0).tls().start().await.unwrap();

    let refused = ask(&server, &HttpTransport::new().unwrap()).await;

    assert!(
        matches!(refused, Err(TransportError::NotSent { .. })),
        "{refused:?}"
    );
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn answers_are_lost_and_cut_over_https_too() {
    let server = Sim::seeded(7).customers(0).tls().start().await.unwrap();
    let transport = HttpTransport::trusting(server.root_certificate().unwrap()).unwrap();

    for id in ["F003", "F005"] {
        let script = server.faults().script(id).unwrap().size(9).install();
        let broken = ask(&server, &transport).await;
        assert!(
            matches!(broken, Err(TransportError::MaybeSent { .. })),
            "{id}: {broken:?}"
        );
        assert_eq!(script.hits(), 1, "{id}");
    }
    assert_eq!(ask(&server, &transport).await.unwrap(), 401);
}
