//! One resource of one tenant, read page by page into the store.
//!
//! A pass resumes where the last one was cut: each page's rows and the cursor to the next are one transaction.

use std::{pin::pin, sync::Arc};

use futures_util::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use msp365_client::{Meter, TenantClient};
use msp365_core::{Clock, Cursor, Lenient, Page, Request, TenantId};
use msp365_graph::groups::Group;
use msp365_store::{OddRow, PageCommit, PassStart, Phase, Removal, Resource, Rows, Store, StreamState};

use crate::{
    Error,
    ending::Look,
    pass::products,
    report::{Observer, Progress, ResourceReport},
    shrink,
};

/// How old a delta link may be. The service keeps them for seven days; a day is left for clocks and queues.
const DELTA_AGE: SignedDuration = SignedDuration::from_hours(6 * 24);
/// How long rounds of changes are followed before all is read anew: a change that was never told shows then.
const AUDIT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How often a listing starts over because its page links ended or its delta link was too old.
const RESTARTS: u32 = 3;

/// What every pass of one tenant needs.
pub(crate) struct Tenant<'a> {
    pub(crate) id: TenantId,
    pub(crate) epoch: i64,
    pub(crate) client: TenantClient,
    pub(crate) store: &'a dyn Store,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) observer: &'a Observer,
}

/// What one page becomes.
#[derive(Default)]
pub(crate) struct Converted {
    pub(crate) rows: Vec<Rows>,
    /// Groups, of which a round of changes may show a part.
    pub(crate) groups: Vec<Group>,
    pub(crate) removed: Vec<Removal>,
}

/// A listing and what its rows become.
pub(crate) struct Source<T> {
    /// The stream's name in the store.
    pub(crate) resource: Resource,
    /// The listing from its beginning.
    pub(crate) request: Request<Page<Lenient<T>>>,
    /// What a page of records becomes.
    pub(crate) convert: fn(Vec<T>) -> Converted,
    /// The tables that a complete listing proves.
    pub(crate) covers: &'static [Resource],
    /// The request that proves that an object is gone, by its key, where the listing alone does not.
    pub(crate) look: Option<Look>,
}

/// Why a round ended early.
pub(crate) enum Cut {
    /// The listing has to start over.
    Restart,
    /// It came to its end, and is too short to be believed.
    Doubt(Error),
    Failed(Error),
}

/// One reading of a source, from its beginning or from where it stopped.
pub(crate) struct Round<'a> {
    pub(crate) client: &'a TenantClient,
    pub(crate) state: &'a StreamState,
    /// When the listing before this was made, if it was in doubt.
    pub(crate) doubted: Option<Timestamp>,
}

/// What a round has come to.
pub(crate) struct SoFar<'a> {
    /// The moment that its rows show.
    pub(crate) started: Timestamp,
    /// The cursor that stands in the store.
    pub(crate) at: Option<String>,
    /// Records that were shown, if it was read from its beginning.
    pub(crate) shown: Option<u64>,
    /// Records that there are, if the first page says so.
    pub(crate) counted: Option<u64>,
    pub(crate) report: &'a mut ResourceReport,
}

impl Tenant<'_> {
    /// Reads a source to its end and reports what it did.
    pub(crate) async fn read<T: Send + 'static>(&self, source: Source<T>) -> Result<ResourceReport, Error> {
        let meter = Arc::new(Meter::new());
        let client = self.client.clone().metered(Arc::clone(&meter));
        let fingerprint = source.request.to_string();
        let mut report = ResourceReport::default();
        let mut state = self.store.stream(&self.id, source.resource).await?;
        let doubted = shrink::doubted_at(&state);
        if !resumes(&state, &fingerprint, self.clock.now()) {
            state = self
                .store
                .begin(&self.start(source.resource, &fingerprint))
                .await?;
        }
        for _ in 0..=RESTARTS {
            let round = Round {
                client: &client,
                state: &state,
                doubted,
            };
            match self.follow(&source, &round, &mut report).await {
                Ok(()) => {
                    report.requests = meter.total().requests;
                    report.throttled = meter.total().throttled;
                    report.rows = self.store.count(&[self.id], source.resource).await?;
                    return Ok(report);
                }
                Err(Cut::Restart) => {
                    state = self
                        .store
                        .begin(&self.start(source.resource, &fingerprint))
                        .await?;
                }
                Err(Cut::Doubt(error)) => {
                    // The next pass reads anew, and the age of the doubt is that of the first listing.
                    let mut start = self.start(source.resource, &fingerprint);
                    start.at = doubted.unwrap_or(start.at);
                    self.store.begin(&start).await?;
                    return Err(error);
                }
                Err(Cut::Failed(error)) => return Err(error),
            }
        }
        Err(Error::Restarted {
            resource: source.resource.as_str(),
            times: RESTARTS,
        })
    }

    fn start(&self, resource: Resource, fingerprint: &str) -> PassStart {
        PassStart::new(self.id, self.epoch, resource, fingerprint, self.clock.now())
    }

    async fn follow<T: Send + 'static>(
        &self,
        source: &Source<T>,
        round: &Round<'_>,
        report: &mut ResourceReport,
    ) -> Result<(), Cut> {
        let state = round.state;
        let cursor = state
            .cursor
            .as_deref()
            .map(str::parse::<Cursor>)
            .transpose()
            .map_err(|_| Cut::Restart)?;
        let mut so_far = SoFar {
            // A listing that was cut and goes on is as old as its first page.
            started: match state.phase {
                Phase::Tracking => self.clock.now(),
                _ => state.begun_at.unwrap_or_else(|| self.clock.now()),
            },
            at: state.cursor.clone(),
            // What a listing showed before it was cut is not known.
            shown: cursor.is_none().then_some(0),
            counted: None,
            report,
        };
        let mut pages = pin!(round.client.pages_from(source.request.clone(), cursor));
        while let Some(page) = pages
            .try_next()
            .await
            .map_err(|error| cut(source.resource, state.phase, error))?
        {
            let (is_last, delta) = (page.next.is_none(), page.delta.clone());
            self.keep(source, round, page, &mut so_far).await?;
            if is_last {
                self.end(source, round, delta, &mut so_far).await?;
            }
        }
        Ok(())
    }

    /// Stores a page.
    async fn keep<T: Send + 'static>(
        &self,
        source: &Source<T>,
        round: &Round<'_>,
        page: Page<Lenient<T>>,
        so_far: &mut SoFar<'_>,
    ) -> Result<(), Cut> {
        let (state, report) = (round.state, &mut *so_far.report);
        let (rows, odd) = part(source.resource, page.items);
        let seen = rows.len();
        report.odd += odd.len() as u64;
        // Later pages count anew, or what is left; of pages without rows the first one counts.
        if so_far.shown == Some(0) {
            so_far.counted = so_far.counted.or(page.count);
        }
        so_far.shown = so_far.shown.map(|shown| shown + (seen + odd.len()) as u64);
        let mut converted = (source.convert)(rows);
        self.complete(round.client, state.phase, &mut converted)
            .await
            .map_err(Cut::Failed)?;
        products::call_by_parts(self.store, &self.id, &mut converted.rows)
            .await
            .map_err(failed)?;
        let mut commit = PageCommit::new(self.id, self.epoch, source.resource, state.generation);
        commit.rows = converted.rows;
        commit.removed = converted.removed;
        commit.odd = odd;
        // On the last page the cursor stays until the pass is finished: a kill in between reads it once more.
        if let Some(next) = page.next {
            so_far.at = Some(next.to_string());
        }
        commit.cursor.clone_from(&so_far.at);
        commit.phase = state.phase;
        let counts = self.store.commit(commit).await.map_err(failed)?;
        report.added += counts.added;
        report.changed += counts.changed;
        report.removed += counts.removed;
        (self.observer)(&Progress::Stored {
            tenant: self.id,
            resource: source.resource,
            rows: seen,
        });
        Ok(())
    }
}

pub(crate) fn failed(error: msp365_store::Error) -> Cut {
    Cut::Failed(Error::Store(error))
}

/// Whether a stream goes on where it stopped: in the middle of a listing, or from a delta link young enough.
fn resumes(state: &StreamState, fingerprint: &str, now: Timestamp) -> bool {
    let within = |age, since: Option<Timestamp>| since.is_some_and(|then| now.duration_since(then) < age);
    state.fingerprint.as_deref() == Some(fingerprint)
        && state.cursor.is_some()
        && match state.phase {
            Phase::Reading => true,
            Phase::Tracking => within(DELTA_AGE, state.fresh_as_of) && within(AUDIT, state.begun_at),
            _ => false,
        }
}

fn cut(resource: Resource, phase: Phase, error: msp365_client::Error) -> Cut {
    let restart = error.service().is_some_and(|service| {
        // Of a delta link alone these say nothing: the listing tells whether the resource itself is refused.
        let is_link_refused = phase == Phase::Tracking && matches!(service.status, 403 | 404);
        service.is_resync() || service.is_page_expired() || is_link_refused
    });
    if restart {
        return Cut::Restart;
    }
    Cut::Failed(Error::Request {
        doing: reading(resource),
        source: Box::new(error),
    })
}

/// What is being done while a resource is read.
pub(crate) const fn reading(resource: Resource) -> &'static str {
    match resource {
        Resource::Users => "reading users",
        Resource::Groups => "reading groups",
        Resource::Memberships => "reading memberships",
        Resource::RoleAssignments => "reading role assignments",
        Resource::Licenses => "reading licences",
        Resource::Devices => "reading devices",
        Resource::ManagedDevices => "reading managed devices",
        Resource::SignIns => "reading sign-in activity",
        Resource::Mailboxes => "reading mailbox usage",
        _ => "reading rows",
    }
}

/// The records that can be read, and those that cannot.
pub(crate) fn part<T>(resource: Resource, items: Vec<Lenient<T>>) -> (Vec<T>, Vec<OddRow>) {
    let mut rows = Vec::with_capacity(items.len());
    let mut odd = Vec::new();
    for item in items {
        match item {
            Lenient::Row(row) => rows.push(row),
            Lenient::Odd(record) => odd.push(OddRow::new(resource, record.id, record.raw, record.problem)),
        }
    }
    (rows, odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

    fn state(phase: Phase, age: SignedDuration) -> StreamState {
        let mut state = StreamState::default();
        state.phase = phase;
        state.cursor = Some("https://graph.microsoft.com/v1.0/users?$skiptoken=x".to_owned());
        state.fingerprint = Some("GET users".to_owned());
        state.begun_at = Some(NOW - age);
        state.fresh_as_of = Some(NOW - age);
        state
    }

    #[test]
    fn a_listing_cut_in_the_middle_goes_on_from_its_cursor() {
        let cut = state(Phase::Reading, SignedDuration::from_hours(9_999));

        assert!(resumes(&cut, "GET users", NOW));
    }

    #[test]
    fn f092_a_delta_link_older_than_six_days_is_not_followed() {
        assert!(resumes(
            &state(Phase::Tracking, SignedDuration::from_hours(143)),
            "GET users",
            NOW
        ));
        assert!(!resumes(
            &state(Phase::Tracking, SignedDuration::from_hours(145)),
            "GET users",
            NOW
        ));
    }

    #[test]
    fn f100_rounds_of_changes_are_followed_for_a_week() {
        let mut followed = state(Phase::Tracking, SignedDuration::ZERO);

        followed.begun_at = Some(NOW - SignedDuration::from_hours(167));
        assert!(resumes(&followed, "GET users", NOW));
        followed.begun_at = Some(NOW - SignedDuration::from_hours(168));
        assert!(!resumes(&followed, "GET users", NOW));
    }

    #[test]
    fn f105_another_query_starts_over() {
        assert!(!resumes(
            &state(Phase::Reading, SignedDuration::ZERO),
            "GET users?$select=id",
            NOW
        ));
    }

    #[test]
    fn a_finished_listing_starts_over() {
        let mut idle = state(Phase::Idle, SignedDuration::ZERO);
        idle.cursor = None;

        assert!(!resumes(&idle, "GET users", NOW));
    }
}
