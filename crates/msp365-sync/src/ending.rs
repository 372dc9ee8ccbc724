//! The end of a pass: what a complete listing did not show is removed only if there is reason to believe it.

use msp365_core::{Answers, Batch, Cursor, ErrorKind, Request};
use msp365_store::{PageCommit, PassEnd, Phase, Removal, Resource};

use crate::{
    Error, shrink,
    stream::{Cut, Round, SoFar, Source, Tenant, failed},
};

/// Adds the request for an object to a batch.
pub(crate) type Look = fn(&mut Batch, &str) -> Gone;
/// Whether the object is gone, by the answers to the batch.
pub(crate) type Gone = Box<dyn FnOnce(&mut Answers<msp365_client::Error>) -> bool + Send>;

/// Adds a request whose answer `NotFound` says that the object is gone.
pub(crate) fn gone<T: 'static>(batch: &mut Batch, request: Request<T>) -> Gone {
    let slot = batch.add(request);
    Box::new(move |answers| {
        let answer = answers.take(slot);
        answer.is_err_and(|error| error.kind() == ErrorKind::NotFound)
    })
}

impl Tenant<'_> {
    /// Ends a pass whose last page is stored.
    pub(crate) async fn end<T>(
        &self,
        source: &Source<T>,
        round: &Round<'_>,
        delta: Option<Cursor>,
        so_far: &mut SoFar<'_>,
    ) -> Result<(), Cut> {
        let (started, generation) = (so_far.started, round.state.generation);
        let mut end = PassEnd::new(self.id, self.epoch, source.resource, generation, started);
        // A round of changes names what is gone.
        if round.state.phase != Phase::Tracking {
            end.sweep = self.proven(source, round, so_far).await?;
        }
        end.cursor = delta.as_ref().map(ToString::to_string);
        so_far.report.removed += self.store.finish(end).await.map_err(failed)?;
        so_far.report.fresh_as_of = Some(started);
        Ok(())
    }

    /// The tables that may be swept. Of one where a missing object turns out to be there, only what is gone goes.
    async fn proven<T>(
        &self,
        source: &Source<T>,
        round: &Round<'_>,
        so_far: &mut SoFar<'_>,
    ) -> Result<Vec<Resource>, Cut> {
        let resource = source.resource.as_str();
        if let (Some(shown), Some(counted)) = (so_far.shown, so_far.counted)
            && shrink::is_short(counted, shown)
        {
            return Err(Cut::Doubt(Error::Short {
                resource,
                shown,
                counted,
            }));
        }
        let (mut stored, mut missing, mut keys) = (0, 0, Vec::new());
        for table in source.covers {
            let unseen = self.store.unseen(&self.id, *table, round.state.generation);
            let unseen = unseen.await.map_err(failed)?;
            stored += self.store.count(&[self.id], *table).await.map_err(failed)?;
            missing += unseen.rows;
            keys.extend(unseen.keys);
        }
        // So many that not all are named are too many to be asked for one by one.
        let is_too_much = source.look.is_some() && (keys.len() as u64) < missing;
        if is_too_much || shrink::is_doubtful(stored, missing) {
            return if shrink::confirms(round.doubted, self.clock.now()) {
                Ok(source.covers.to_vec())
            } else {
                Err(Cut::Doubt(Error::Shrunk { resource }))
            };
        }
        let Some(look) = source.look.filter(|_| missing > 0) else {
            return Ok(source.covers.to_vec());
        };
        let gone = self.gone(round, &keys, look).await;
        let is_all = gone.len() == keys.len();
        let id = |id: String| Removal::Row {
            resource: source.resource,
            id,
        };
        let mut commit = PageCommit::new(self.id, self.epoch, source.resource, round.state.generation);
        commit.cursor.clone_from(&so_far.at);
        commit.removed = gone.into_iter().map(id).collect();
        so_far.report.removed += self.store.commit(commit).await.map_err(failed)?.removed;
        Ok(if is_all {
            source.covers.to_vec()
        } else {
            Vec::new()
        })
    }

    /// Those of these objects that are gone. One whose request fails in another way is not.
    async fn gone(&self, round: &Round<'_>, keys: &[String], look: Look) -> Vec<String> {
        let mut batch = Batch::new();
        let looks: Vec<_> = keys.iter().map(|key| (key, look(&mut batch, key))).collect();
        let Ok(mut answers) = round.client.batch(batch).await else {
            return Vec::new();
        };
        let gone = looks
            .into_iter()
            .filter_map(|(key, gone)| gone(&mut answers).then_some(key));
        gone.cloned().collect()
    }
}
