use std::sync::atomic::{AtomicU32, Ordering};

use msp365_core::{ErrorKind, random};

use super::*;
use crate::{SystemRandom, testing};

fn minted(life: Duration, refresh_in: Option<Duration>, tenant: TenantId) -> Minted {
    let granted = Granted {
        access: "canary-access".into(),
        life,
        refresh_in,
        refresh: None,
        id_token: None,
        scopes: None,
    };
    Minted::new(
        &granted,
        &TokenRequest::new(tenant, Audience::Graph),
        testing::noon(),
    )
}

fn renewed_after(life: Duration, refresh_in: Option<Duration>) -> i64 {
    let minted = minted(life, refresh_in, testing::customer());
    minted.renew_at.duration_since(testing::noon()).as_secs()
}

#[test]
fn a_token_is_renewed_minutes_or_a_tenth_of_its_life_ahead() {
    let within = |seconds: i64, latest: i64, spread: i64| (latest - spread..=latest).contains(&seconds);

    assert!(within(renewed_after(Duration::from_mins(30), None), 1_500, 30));
    assert!(within(
        renewed_after(Duration::from_hours(28), None),
        90_720,
        1_008
    ));
}

#[test]
fn a_short_token_serves_for_half_its_life() {
    let seconds = renewed_after(Duration::from_mins(5), None);

    assert!((135..=150).contains(&seconds), "{seconds}");
}

#[test]
fn the_service_may_ask_for_an_earlier_renewal_but_not_for_a_later_one() {
    let hour = Duration::from_hours(1);

    assert_eq!(renewed_after(hour, Some(Duration::from_mins(20))), 1_200);
    assert_eq!(
        renewed_after(hour, Some(Duration::from_mins(59))),
        renewed_after(hour, None)
    );
}

#[test]
fn tenants_renew_at_different_moments() {
    let at = |tenant| minted(Duration::from_hours(1), None, tenant).renew_at;

    assert_ne!(at(testing::partner()), at(testing::customer()));
}

/// Makes tokens of thin air.
#[derive(Default)]
struct Press(AtomicU32);

#[async_trait]
impl Mint for Press {
    type Basis = ();

    async fn basis(&self) -> Result<((), String), Refusal> {
        Ok(((), String::new()))
    }

    async fn mint(&self, (): (), wanted: &TokenRequest, _attempts: u32) -> Result<Minted, Refusal> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(minted(Duration::from_hours(1), None, wanted.tenant))
    }
}

#[tokio::test]
async fn the_token_used_longest_ago_makes_room() {
    let (cache, press, clock) = (Cache::new(), Press::default(), testing::clock());
    let wanted = |tenant| TokenRequest::new(tenant, Audience::Graph);
    let (first, second) = (wanted(testing::partner()), wanted(testing::customer()));
    cache.token(&press, &*clock, &first).await.unwrap();
    clock.advance(Duration::from_millis(1));
    cache.token(&press, &*clock, &second).await.unwrap();
    clock.advance(Duration::from_millis(1));
    cache.token(&press, &*clock, &first).await.unwrap();
    clock.advance(Duration::from_millis(1));

    for _ in 0..SLOTS - 1 {
        let tenant = TenantId::new(random::uuid(&SystemRandom));
        cache.token(&press, &*clock, &wanted(tenant)).await.unwrap();
    }

    let made = || press.0.load(Ordering::SeqCst);
    let before = made();
    cache.token(&press, &*clock, &first).await.unwrap();
    assert_eq!(made(), before);
    cache.token(&press, &*clock, &second).await.unwrap();
    assert_eq!(made(), before + 1);
}

/// Says no, and counts how often.
#[derive(Default)]
struct Wall(AtomicU32);

#[async_trait]
impl Mint for Wall {
    type Basis = ();

    async fn basis(&self) -> Result<((), String), Refusal> {
        Ok(((), String::new()))
    }

    async fn mint(&self, (): (), _wanted: &TokenRequest, _attempts: u32) -> Result<Minted, Refusal> {
        self.0.fetch_add(1, Ordering::SeqCst);
        let mut refusal = Refusal::new(ErrorKind::Consent, "AADSTS65001", "no consent");
        refusal.stands = Duration::from_mins(1);
        Err(refusal)
    }
}

#[tokio::test]
async fn a_refusal_is_told_again_until_its_time_is_over_or_the_tenant_forgotten() {
    let (cache, wall, clock) = (Cache::new(), Wall::default(), testing::clock());
    let wanted = TokenRequest::new(testing::customer(), Audience::Graph);
    let asked = || wall.0.load(Ordering::SeqCst);

    for _ in 0..3 {
        cache.token(&wall, &*clock, &wanted).await.unwrap_err();
    }
    assert_eq!(asked(), 1);
    clock.advance(Duration::from_mins(1));
    cache.token(&wall, &*clock, &wanted).await.unwrap_err();
    assert_eq!(asked(), 2);
    cache.forget_tenant(testing::customer());
    cache.token(&wall, &*clock, &wanted).await.unwrap_err();
    assert_eq!(asked(), 3);
    let challenged = wanted.fresh(Some("{}".to_owned()));
    cache.token(&wall, &*clock, &challenged).await.unwrap_err();
    assert_eq!(asked(), 4);
}
