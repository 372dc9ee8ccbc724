//! Each way to connect, from nothing to a stored connection that a program started anew goes on with.

use std::sync::Arc;

use msp365::{
    Connected, Endpoints, ErrorKind, Msp365, TenantId,
    auth::{App, Certificate, Credential, DeviceSignIn, Mfa, StaticKeyRing, VaultKey},
    core::Cloud as NationalCloud,
    graph::organization,
    sim::{self, Cloud, Sim, SimApp},
    store::{MemoryStore, Store},
};
use secrecy::ExposeSecret;

const CLOUDS: [NationalCloud; 4] = [
    NationalCloud::Public,
    NationalCloud::UsGov,
    NationalCloud::UsGovDod,
    NationalCloud::China,
];

fn world(cloud: NationalCloud) -> Cloud {
    Sim::seeded(7)
        .customers(3)
        .users_each(3)
        .national(cloud)
        .manual_clock()
        .build()
}

fn ring() -> Arc<StaticKeyRing> {
    Arc::new(StaticKeyRing::new(VaultKey::from_bytes("test", [7; 32])))
}

pub(crate) fn facade(cloud: &Cloud, app: App, store: &Arc<dyn Store>) -> Msp365 {
    Msp365::builder(app)
        .cloud(cloud.endpoints())
        .transport(cloud.transport())
        .clock(cloud.clock())
        .seed(7)
        .store(Arc::clone(store), ring())
        .build()
        .unwrap()
}

pub(crate) fn store() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}

pub(crate) fn certificate(app: &SimApp) -> App {
    let pem = app.certificate().unwrap();
    App::proven_by(&app.client_id, Certificate::from_pem(&pem).unwrap())
}

/// Lists customers with a facade that knows nothing but the store, the key and the cloud.
async fn goes_on(cloud: &Cloud, store: &Arc<dyn Store>) {
    let connected = Connected::of(&**store).await.unwrap().unwrap();
    assert_eq!(
        (connected.partner, &connected.endpoints),
        (cloud.partner_tenant(), &cloud.endpoints())
    );
    let app = connected.app(store, ring()).await.unwrap();

    let listed = facade(cloud, app, store).tenants().refresh().await.unwrap();

    assert_eq!(listed.len(), 4, "three customers and the partner");
}

#[tokio::test]
async fn a_partner_connects_by_a_browser_in_every_cloud() {
    for nation in CLOUDS {
        for is_certificate in [false, true] {
            let (cloud, store) = (world(nation), store());
            let app = if is_certificate {
                certificate(&cloud.app())
            } else {
                sim::app(&cloud)
            };
            let msp = facade(&cloud, app, &store);

            let connection = sim::connect(&cloud, &msp).await.unwrap();

            assert_eq!(
                (connection.mfa, connection.tenant),
                (Mfa::Proven, cloud.partner_tenant())
            );
            goes_on(&cloud, &store).await;
        }
    }
}

#[tokio::test]
async fn a_partner_connects_by_a_code_on_another_device_in_every_cloud() {
    for nation in CLOUDS {
        let (cloud, store) = (world(nation), store());
        let msp = facade(&cloud, sim::app(&cloud), &store);
        let sign_in: DeviceSignIn = msp.begin_device_connect(cloud.partner_tenant()).await.unwrap();
        let said = sim::sign_in::enter_code(&*cloud.transport(), sign_in.page(), sign_in.code()).await;

        let connection = msp.connect_device(sign_in).await.unwrap();

        assert!(!said.unwrap().is_empty());
        assert_eq!(
            (connection.mfa, connection.tenant),
            (Mfa::Proven, cloud.partner_tenant())
        );
        goes_on(&cloud, &store).await;
    }
}

#[tokio::test]
async fn a_code_that_nobody_types_ends_after_its_quarter_of_an_hour() {
    let (cloud, store) = (world(NationalCloud::Public), store());
    let msp = facade(&cloud, sim::app(&cloud), &store);
    let sign_in = msp.begin_device_connect(cloud.partner_tenant()).await.unwrap();

    let error = msp.connect_device(sign_in).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(Connected::of(&*store).await.unwrap().is_none());
}

#[tokio::test]
async fn a_refresh_token_of_another_program_is_taken_over_in_every_cloud() {
    for nation in CLOUDS {
        let (cloud, first, second) = (world(nation), store(), store());
        let other = facade(&cloud, sim::app(&cloud), &first);
        let token = sim::connect(&cloud, &other).await.unwrap().refresh_token;
        let msp = facade(&cloud, sim::app(&cloud), &second);

        let connection = msp
            .connect_with_refresh_token(cloud.partner_tenant(), token)
            .await
            .unwrap();

        assert_eq!(
            (connection.mfa, connection.account_name.as_str()),
            (Mfa::Proven, cloud.service_account())
        );
        goes_on(&cloud, &second).await;
    }
}

#[tokio::test]
async fn f159_a_refresh_token_is_not_taken_over_for_another_tenant() {
    let (cloud, first, second) = (world(NationalCloud::Public), store(), store());
    let token = sim::connect(&cloud, &facade(&cloud, sim::app(&cloud), &first))
        .await
        .unwrap()
        .refresh_token;
    let msp = facade(&cloud, sim::app(&cloud), &second);

    let error = msp
        .connect_with_refresh_token(cloud.customer_ids()[0], token)
        .await
        .unwrap_err();

    assert!(!error.to_string().is_empty());
    assert!(Connected::of(&*second).await.unwrap().is_none());
}

#[tokio::test]
async fn data_sources_stand_side_by_side_in_every_cloud() {
    for nation in CLOUDS {
        let (cloud, store) = (world(nation), store());
        let msp = facade(&cloud, sim::app(&cloud), &store);
        let own = cloud.app_only();
        let [one, two] = [cloud.customer_ids()[0], cloud.customer_ids()[1]];
        let secret = App::new(&own.client_id, own.client_secret.clone());

        let first = msp.connect_app(one, secret).await.unwrap();
        let second = msp.connect_app(two, certificate(&own)).await.unwrap();

        assert_eq!((first.credential_ends_at, first.tenant), (None, one));
        assert_eq!(
            second.credential_ends_at.unwrap().to_string(),
            "2099-12-31T00:00:00Z"
        );
        // A program started anew, with an app that has nothing to do with theirs.
        let again = facade(&cloud, App::proven_by("other", Credential::Public), &store);
        assert_eq!(again.data_sources().await.unwrap().len(), 2);
        for source in [&first, &second] {
            let read = again
                .tenant(&source.tenant)
                .send(organization::get())
                .await
                .unwrap();
            assert_eq!(read.display_name.as_deref(), Some(source.name.as_str()));
        }
        assert!(again.forget_app(one).await.unwrap() && !again.forget_app(one).await.unwrap());
        let refused = again.tenant(&one).send(organization::get()).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::SignIn);
    }
}

#[tokio::test]
async fn a_data_source_that_does_not_work_is_not_stored() {
    let (cloud, store) = (world(NationalCloud::Public), store());
    let msp = facade(&cloud, sim::app(&cloud), &store);
    let own = cloud.app_only();
    let unknown: TenantId = "99999999-0000-4000-8000-000000000009".parse().unwrap();
    let wrong = App::new(&own.client_id, "canary-wrong".into());
    let right = App::new(&own.client_id, own.client_secret.clone());

    for (tenant, app) in [(cloud.customer_ids()[0], wrong), (unknown, right)] {
        let error = msp.connect_app(tenant, app).await.unwrap_err();

        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
        assert_eq!(msp.data_sources().await.unwrap(), []);
    }
}

#[tokio::test]
async fn f174_what_was_connected_in_one_cloud_is_not_used_in_another() {
    let (cloud, store) = (world(NationalCloud::UsGov), store());
    let msp = facade(&cloud, sim::app(&cloud), &store);
    let (tenant, own) = (cloud.customer_ids()[0], cloud.app_only());
    msp.connect_app(tenant, App::new(&own.client_id, own.client_secret.clone()))
        .await
        .unwrap();
    let before = cloud.requests();

    let elsewhere = Msp365::builder(sim::app(&cloud))
        .cloud(Endpoints::public())
        .transport(cloud.transport())
        .clock(cloud.clock())
        .store(Arc::clone(&store), ring())
        .build()
        .unwrap();
    let error = elsewhere
        .tenant(&tenant)
        .send(organization::get())
        .await
        .unwrap_err();

    assert_eq!((error.kind(), cloud.requests()), (ErrorKind::SignIn, before));
}

#[tokio::test]
async fn a_key_that_was_changed_opens_what_the_old_one_sealed() {
    let (cloud, store) = (world(NationalCloud::Public), store());
    sim::connect(&cloud, &facade(&cloud, sim::app(&cloud), &store))
        .await
        .unwrap();
    let new = VaultKey::from_bytes("new", [8; 32]);
    let both = StaticKeyRing::new(new.clone()).older(VaultKey::from_bytes("test", [7; 32]));
    let with = |ring: StaticKeyRing| {
        sim::builder(&cloud)
            .store(Arc::clone(&store), Arc::new(ring))
            .build()
            .unwrap()
    };

    with(both).tenants().refresh().await.unwrap();
    // All that was read is sealed with the new key, and opens without the old one.
    let connected = Connected::of(&*store).await.unwrap().unwrap();
    let alone = || Arc::new(StaticKeyRing::new(new.clone()));
    with(StaticKeyRing::new(new.clone()))
        .tenants()
        .refresh()
        .await
        .unwrap();

    let unread = connected.app(&store, alone()).await.unwrap_err();
    assert_eq!(
        unread.kind(),
        ErrorKind::Storage,
        "the secret was not read with both keys, and keeps the old one"
    );
    let both = StaticKeyRing::new(new.clone()).older(VaultKey::from_bytes("test", [7; 32]));
    connected.app(&store, Arc::new(both)).await.unwrap();
    let app = connected.app(&store, alone()).await.unwrap();
    assert!(matches!(app.credential(), Credential::Secret(secret) if !secret.expose_secret().is_empty()));
}
