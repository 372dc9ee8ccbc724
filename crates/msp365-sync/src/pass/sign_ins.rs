//! When users last signed in: a listing of its own, as the service reads it from slower logs.

use msp365_core::id::canonical;
use msp365_graph::users::{self, User, UserActivity};
use msp365_store::{Resource, Rows, SignInRow};

use crate::{
    ending::gone,
    stream::{Converted, Source},
};

/// The listing of sign-in activity. Users without any have no row.
pub(crate) fn source() -> Source<UserActivity> {
    Source {
        resource: Resource::SignIns,
        request: users::sign_in_activity(),
        convert,
        covers: &[Resource::SignIns],
        look: Some(|batch, id| gone(batch, users::get(id).select([User::ID]))),
    }
}

fn convert(users: Vec<UserActivity>) -> Converted {
    let rows = users.into_iter().filter_map(|user| {
        let activity = user.sign_in_activity?;
        let mut row = SignInRow::new(canonical(user.id));
        row.last_sign_in_at = activity.last_sign_in_date_time;
        row.last_non_interactive_at = activity.last_non_interactive_sign_in_date_time;
        row.last_successful_at = activity.last_successful_sign_in_date_time;
        Some(row)
    });
    Converted {
        rows: vec![Rows::SignIns(rows.collect())],
        ..Converted::default()
    }
}
