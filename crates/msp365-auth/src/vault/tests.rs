use msp365_core::ErrorKind;

use super::*;
use crate::Credential;
use crate::testing::{self, CLIENT, MemoryVault};

const AUTHORITY: &str = "https://login.microsoftonline.com";

#[tokio::test]
async fn a_connection_comes_back_as_it_was_saved() {
    let kept = Arc::default();
    let vault = testing::vault(&kept);
    vault.save_connection(&testing::connection()).await.unwrap();

    let loaded = vault
        .load_connection(AUTHORITY, testing::partner(), CLIENT)
        .await
        .unwrap()
        .unwrap();

    let saved = testing::connection();
    assert_eq!(
        loaded.refresh_token.expose_secret(),
        saved.refresh_token.expose_secret()
    );
    assert_eq!(
        (loaded.account_id, loaded.account_name),
        (saved.account_id, saved.account_name)
    );
    assert_eq!(
        (loaded.scopes, loaded.mfa, loaded.signed_in_at),
        (saved.scopes, saved.mfa, saved.signed_in_at)
    );
    assert_eq!(
        (loaded.tenant, loaded.client_id, loaded.authority),
        (saved.tenant, saved.client_id, saved.authority)
    );
}

#[tokio::test]
async fn nothing_at_rest_can_be_read() {
    let kept: Arc<MemoryVault> = Arc::default();
    testing::vault(&kept)
        .save_connection(&testing::connection())
        .await
        .unwrap();

    let bytes = kept.only().bytes;

    for secret in ["canary", "ada@", "refresh"] {
        assert!(
            !bytes.windows(secret.len()).any(|part| part == secret.as_bytes()),
            "{secret}"
        );
    }
}

#[tokio::test]
async fn a_record_moved_to_another_tenant_does_not_open() {
    let kept: Arc<MemoryVault> = Arc::default();
    let vault = testing::vault(&kept);
    vault.save_connection(&testing::connection()).await.unwrap();
    let other = Slot::new(AUTHORITY, testing::customer(), CLIENT);
    let moved = kept.only();
    kept.records.lock().unwrap().insert(other.record, moved);

    let error = vault
        .load_connection(AUTHORITY, testing::customer(), CLIENT)
        .await
        .unwrap_err();

    assert!(matches!(error, Error::Integrity { .. }));
}

#[tokio::test]
async fn a_new_key_is_noticed_by_name() {
    let kept: Arc<MemoryVault> = Arc::default();
    testing::vault(&kept)
        .save_connection(&testing::connection())
        .await
        .unwrap();
    let ring = crate::StaticKeyRing::new(crate::VaultKey::from_bytes("new", [2; 32]));
    let vault = TokenVault::new(
        Arc::clone(&kept) as Arc<dyn Vault>,
        Arc::new(ring),
        Arc::new(crate::SystemRandom),
    );

    let error = vault
        .load_connection(AUTHORITY, testing::partner(), CLIENT)
        .await
        .unwrap_err();

    assert!(matches!(&error, Error::OtherKey { sealed_with, .. } if sealed_with == "k"));
    assert_eq!(error.kind(), ErrorKind::Storage);
}

#[tokio::test]
async fn a_new_sign_in_takes_the_place_of_the_old() {
    let kept = Arc::default();
    let vault = testing::vault(&kept);
    let slot = Slot::of(&testing::connection());
    vault.save_connection(&testing::connection()).await.unwrap();
    let first = vault.load(&slot).await.unwrap().unwrap();

    vault.save_connection(&testing::connection()).await.unwrap();

    let second = vault.load(&slot).await.unwrap().unwrap();
    assert_ne!(first.sign_in, second.sign_in);
    let late = vault
        .rotate(&slot, &first, "canary-late".into())
        .await
        .unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn what_is_forgotten_is_gone() {
    let kept = Arc::default();
    let vault = testing::vault(&kept);
    vault.save_connection(&testing::connection()).await.unwrap();

    vault.forget(AUTHORITY, testing::partner(), CLIENT).await.unwrap();

    let loaded = vault
        .load_connection(AUTHORITY, testing::partner(), CLIENT)
        .await
        .unwrap();
    assert!(loaded.is_none());
}

#[tokio::test]
async fn the_secret_of_the_app_is_sealed_for_its_tenant() {
    let kept: Arc<MemoryVault> = Arc::default();
    let vault = testing::vault(&kept);
    let (own, other) = (testing::partner(), testing::customer());
    for secret in ["canary-client-secret-1", "canary-client-secret-2"] {
        let secret = Credential::Secret(secret.into());
        vault
            .save_credential(AUTHORITY, own, CLIENT, &secret)
            .await
            .unwrap();
    }

    let loaded = vault
        .load_credential(AUTHORITY, own, CLIENT)
        .await
        .unwrap()
        .unwrap();

    assert!(
        matches!(loaded, Credential::Secret(secret) if secret.expose_secret() == "canary-client-secret-2")
    );
    assert!(!kept.only().bytes.windows(6).any(|part| part == b"canary"));
    assert!(
        vault
            .load_credential(AUTHORITY, other, CLIENT)
            .await
            .unwrap()
            .is_none()
    );
    let elsewhere = format!("client_secret/{AUTHORITY}/{other}/{CLIENT}");
    let moved = kept.only();
    kept.records.lock().unwrap().insert(elsewhere, moved);
    let error = vault.load_credential(AUTHORITY, other, CLIENT).await.unwrap_err();
    assert!(matches!(error, Error::Integrity { .. }));
}

#[tokio::test]
async fn a_record_of_an_older_key_is_sealed_anew_with_the_present_one() {
    let kept: Arc<MemoryVault> = Arc::default();
    testing::vault(&kept)
        .save_connection(&testing::connection())
        .await
        .unwrap();
    let (old, new) = (
        crate::VaultKey::from_bytes("k", [1; 32]),
        crate::VaultKey::from_bytes("k2", [2; 32]),
    );
    let with = |ring: crate::StaticKeyRing| {
        TokenVault::new(
            Arc::clone(&kept) as Arc<dyn Vault>,
            Arc::new(ring),
            Arc::new(crate::SystemRandom),
        )
    };

    let both = with(crate::StaticKeyRing::new(new.clone()).older(old));
    let loaded = both
        .load_connection(AUTHORITY, testing::partner(), CLIENT)
        .await
        .unwrap()
        .unwrap();

    assert_eq!(loaded.refresh_token.expose_secret(), testing::REFRESH);
    assert_eq!((kept.only().key_id.as_str(), kept.only().version), ("k2", 2));
    let alone = with(crate::StaticKeyRing::new(new));
    let again = alone
        .load_connection(AUTHORITY, testing::partner(), CLIENT)
        .await
        .unwrap();
    assert!(again.is_some());
    assert_eq!(kept.only().version, 2);
}

#[tokio::test]
async fn a_certificate_takes_the_place_of_a_secret() {
    let kept: Arc<MemoryVault> = Arc::default();
    let vault = testing::vault(&kept);
    let tenant = testing::partner();
    let secret = Credential::Secret("canary-client-secret".into());
    vault
        .save_credential(AUTHORITY, tenant, CLIENT, &secret)
        .await
        .unwrap();
    let pem = crate::certificate::tests::pem();
    let certificate = crate::Certificate::from_pem(&pem.as_str().into()).unwrap();
    let thumbprint = certificate.thumbprint().to_owned();

    vault
        .save_credential(AUTHORITY, tenant, CLIENT, &certificate.into())
        .await
        .unwrap();

    let loaded = vault.load_credential(AUTHORITY, tenant, CLIENT).await.unwrap();
    assert!(matches!(loaded, Some(Credential::Certificate(found)) if found.thumbprint() == thumbprint));
    vault.forget_credential(AUTHORITY, tenant, CLIENT).await.unwrap();
    assert!(kept.records.lock().unwrap().is_empty());
}
