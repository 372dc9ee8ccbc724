//! Reading what runs out.

use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use msp365_graph::applications;
use msp365_partner::subscriptions::{self, Subscription};
use msp365_store::{TenantKind, TenantRecord};

use super::{
    Expiries, Expiry, Place, of_application, of_credential, of_direct, of_relationship, of_sign_in,
    of_subscription,
};
use crate::{Engine, Error};

impl Engine {
    /// What runs out: of the application, of the sign-in, of relationships, and of what customers buy through the partner,
    /// one request for each of these. What cannot be read is named, and keeps nothing else back.
    ///
    /// # Errors
    /// Where the partner tenant cannot be read and no tenant is reached directly; `Storage`.
    pub async fn expiries(&self) -> Result<Expiries, Error> {
        let view = self.listed().await?;
        let records = self.known(&[]).await?;
        let now = self.clock.now();
        let mut found = Expiries::default();
        for record in &records {
            let place = place(record);
            if record.kind == TenantKind::Primary && view.unread.is_none() {
                let account = view.facts(record.id).account.name.unwrap_or_default();
                found.entries.extend(of_sign_in(place, &account, now));
                self.application(place, &mut found).await?;
            }
            let facts = view.facts(record.id);
            if let Some(own) = self.direct(record.id) {
                found.entries.extend(of_direct(place, own));
            }
            let ends = facts
                .relationships
                .iter()
                .filter_map(|one| of_relationship(place, one));
            found.entries.extend(ends);
        }
        if let Some(error) = &view.unread {
            found
                .unread
                .push(format!("what the partner tenant says: {}", error.words()));
        }
        let sold = records.iter().filter(|record| record.in_partner_center);
        let reading = sold.map(|record| self.subscriptions(record));
        let mut answers = stream::iter(reading).buffer_unordered(self.options.tenants_at_a_time.max(1));
        while let Some((record, answer)) = answers.next().await {
            match answer {
                Ok(ends) => found.entries.extend(ends),
                Err(error) => {
                    let words = error.words();
                    found
                        .unread
                        .push(format!("subscriptions of {}: {words}", record.name));
                }
            }
        }
        found.entries.sort_by_key(order);
        found.unread.sort();
        Ok(found)
    }

    /// What the partner's application proves itself with; where its registration cannot be read, what the host said.
    async fn application(&self, place: Place<'_>, found: &mut Expiries) -> Result<(), Error> {
        let request = applications::by_app_id(&self.app.client_id);
        match self.partner()?.send(request).await {
            Ok(app) => found.entries.extend(of_application(place, &app)),
            Err(error) => {
                let own = (self.app.credential, self.app.credential_ends_at);
                let known = of_credential(place, &self.app.client_id, own);
                found.entries.extend(known);
                let words = error.words();
                found
                    .unread
                    .push(format!("secrets and certificates of the application: {words}"));
            }
        }
        Ok(())
    }

    async fn subscriptions<'a>(
        &self,
        record: &'a TenantRecord,
    ) -> (&'a TenantRecord, Result<Vec<Expiry>, msp365_client::Error>) {
        let Ok(partner) = self.partner() else {
            return (record, Ok(Vec::new()));
        };
        let all: Result<Vec<Subscription>, _> = partner
            .stream(subscriptions::list(record.id.to_string()))
            .try_collect()
            .await;
        let ends = all.map(|all| {
            all.iter()
                .filter_map(|one| of_subscription(place(record), one))
                .collect()
        });
        (record, ends)
    }
}

fn place(record: &TenantRecord) -> Place<'_> {
    Place {
        tenant: record.id,
        name: &record.name,
    }
}

fn order(one: &Expiry) -> (Timestamp, String, String) {
    (one.ends_at, one.tenant_name.clone(), one.name.clone())
}
