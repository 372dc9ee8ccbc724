use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use msp365_core::{ErrorKind, random};

use super::*;
use crate::{SystemRandom, testing};

fn minted(life: Duration, refresh_in: Option<Duration>, tenant: TenantId) -> Minted {
    minted_at(testing::noon(), life, refresh_in, tenant)
}

fn minted_at(at: Timestamp, life: Duration, refresh_in: Option<Duration>, tenant: TenantId) -> Minted {
    let granted = Granted {
        access: "canary-access".into(),
        life,
        refresh_in,
        refresh: None,
        id_token: None,
        scopes: None,
    };
    Minted::new(&granted, &TokenRequest::new(tenant, Audience::Graph), at)
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

    async fn mint(&self, (): (), order: Order<'_>) -> Result<Minted, Refusal> {
        let wanted = order.wanted;
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

    async fn mint(&self, (): (), _order: Order<'_>) -> Result<Minted, Refusal> {
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
    cache.forget(&wall, &*clock, testing::customer()).await;
    cache.token(&wall, &*clock, &wanted).await.unwrap_err();
    assert_eq!(asked(), 3);
    let challenged = wanted.fresh(Some("{}".to_owned()));
    cache.token(&wall, &*clock, &challenged).await.unwrap_err();
    assert_eq!(asked(), 4);
}

#[tokio::test]
async fn f139_after_a_consent_the_service_is_asked_again_soon_and_ever_less_often() {
    let (cache, wall, clock) = (Cache::new(), Wall::default(), testing::clock());
    let wanted = TokenRequest::new(testing::customer(), Audience::Graph);
    cache.forget(&wall, &*clock, testing::customer()).await;
    let began = clock.now();

    let mut asked_at = Vec::new();
    for _ in 0..20 * 60 {
        let before = wall.0.load(Ordering::SeqCst);
        cache.token(&wall, &*clock, &wanted).await.unwrap_err();
        if wall.0.load(Ordering::SeqCst) > before {
            asked_at.push(clock.now().duration_since(began).as_secs());
        }
        clock.advance(Duration::from_secs(1));
    }

    assert_eq!(asked_at[..6], [0, 5, 10, 20, 40, 80]);
    assert!(
        asked_at.windows(2).skip(5).all(|pair| pair[1] - pair[0] == 60),
        "{asked_at:?}"
    );
}

#[tokio::test]
async fn f151_a_clock_that_goes_back_renews_each_token_once() {
    let (cache, press, clock) = (Cache::new(), Timely::default(), ClockAt::default());
    let wanted = TokenRequest::new(testing::customer(), Audience::Graph);

    for (hours, expected) in [(0, 1), (-5, 2), (-5, 2), (3, 3), (3, 3)] {
        clock.0.store(hours, Ordering::SeqCst);
        press.hours.store(hours, Ordering::SeqCst);
        cache.token(&press, &clock, &wanted).await.unwrap();
        assert_eq!(press.made.load(Ordering::SeqCst), expected, "{hours}");
    }
}

/// Makes tokens of its own time.
#[derive(Default)]
struct Timely {
    made: AtomicU32,
    hours: AtomicI64,
}

#[async_trait]
impl Mint for Timely {
    type Basis = ();

    async fn basis(&self) -> Result<((), String), Refusal> {
        Ok(((), String::new()))
    }

    async fn mint(&self, (): (), order: Order<'_>) -> Result<Minted, Refusal> {
        self.made.fetch_add(1, Ordering::SeqCst);
        let at = testing::noon() + SignedDuration::from_hours(self.hours.load(Ordering::SeqCst));
        Ok(minted_at(at, Duration::from_hours(1), None, order.wanted.tenant))
    }
}

/// A clock that is so many hours from noon.
#[derive(Default)]
struct ClockAt(AtomicI64);

#[async_trait]
impl Clock for ClockAt {
    fn now(&self) -> Timestamp {
        testing::noon() + SignedDuration::from_hours(self.0.load(Ordering::SeqCst))
    }

    async fn sleep(&self, _span: Duration) {}
}
