//! What every store must do, as tests that any store can run.
//!
//! [`store_suite!`](crate::store_suite!) makes one `#[tokio::test]` per behaviour. It takes an expression that is
//! evaluated for each of them: a future of an empty store behind `Arc<dyn Store>`, and of something to be kept alive
//! until the test ends, such as a folder.
#![allow(
    missing_docs,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "behaviours are tests: their names say what they hold, and they fail by panicking"
)]

mod finding;
mod listed;
mod lists;
mod passes;
mod people;
mod plans;
mod records;
mod rows;
mod tenants;
mod users;

pub use finding::*;
pub use listed::*;
pub use lists::*;
pub use passes::*;
pub use people::*;
pub use plans::*;
pub use records::*;
pub use rows::*;
pub use tenants::*;
pub use users::*;

/// Hands the names of all behaviours to a macro.
#[macro_export]
macro_rules! behaviours {
    ($test:path => $($with:tt)*) => {
        $test! { $($with)*
            a_listing_changes_names_but_no_state
            tenants_are_found_by_text_status_and_mark
            marking_tenants_is_all_or_nothing
            an_unknown_tenant_is_refused
            a_state_of_an_older_epoch_is_refused
            a_page_and_its_cursor_are_stored_together
            the_same_page_twice_changes_nothing
            a_sweep_removes_only_what_was_not_seen
            a_pass_of_an_older_epoch_writes_nothing
            a_stream_remembers_when_its_generation_was_begun
            a_pass_of_an_older_generation_writes_nothing
            removals_remove_what_they_name
            a_group_that_goes_takes_its_memberships_along
            a_delta_cursor_outlives_its_pass
            staleness_is_noted_until_a_pass_ends
            a_purge_leaves_nothing_of_its_tenant
            rows_that_went_between_two_pages_are_new_when_they_come_again
            an_odd_row_counts_as_seen_until_it_is_mended
            the_same_ids_in_two_tenants_do_not_mix
            rows_of_every_resource_come_back_as_they_were
            rows_are_read_on_after_a_key
            rows_are_found_by_their_keys
            the_groups_of_a_member_are_found
            who_is_gone_is_no_member
            rows_that_a_generation_has_not_seen_are_named
            users_are_filtered
            patterns_take_wildcards_literally_only_when_escaped
            users_are_sorted_with_absent_values_first
            pages_of_users_join_without_gap
            roles_come_directly_and_through_groups
            the_last_sign_in_says_what_is_known
            a_page_goes_on_where_the_last_one_ended_whoever_came_or_went
            licences_are_listed_by_product
            a_user_stored_again_between_passes_is_found_anew_and_no_stream_moves
            users_are_searched_by_any_name_or_address
            phones_and_addresses_are_filtered_one_by_one
            none_is_what_was_read_and_is_not_there
            who_came_after_the_pass_has_no_known_sign_in
            attempts_are_no_successful_sign_ins
            a_page_names_the_tenants_that_are_not_complete
            a_role_over_a_part_of_the_tenant_is_marked
            users_are_named_or_left_out_by_tenant_and_id
            a_count_ends_where_it_may
            a_page_says_how_old_its_columns_are
            the_last_five_that_a_technician_viewed_are_remembered
            rows_of_any_resource_are_listed
            a_blank_of_a_row_is_never_ambiguous
            absent_values_of_rows_are_found_by_why
            days_and_moments_of_rows_are_those_of_a_zone
            rows_are_selected_by_key_or_by_a_view_but_for_some
            a_page_of_rows_names_the_tenants_that_are_not_complete
            rows_are_ordered_by_every_column
            blank_is_never_ambiguous
            matches_are_replaced_by_kind
            matches_of_some_of_ours_and_of_theirs_are_read_alone
            decisions_are_kept_apart_from_matches
            runs_are_listed_newest_first
            facts_are_kept_by_name
            a_sealed_record_is_replaced_only_by_who_knows_it
            a_late_rotation_cannot_replace_a_new_sign_in
            a_plan_is_kept_with_its_steps
            a_claimed_plan_is_left_to_who_claimed_it
            a_plan_of_an_older_epoch_cannot_be_claimed
            a_plan_that_is_stored_claimed_is_nobody_elses
            a_plan_changes_only_from_where_it_stands
            a_purge_leaves_no_plan_of_its_tenant
            a_lease_is_held_by_one
            plans_are_found_by_tenant_state_and_time
            the_journal_only_grows
            wiping_leaves_an_empty_store
            wiping_leaves_the_log_where_that_is_wanted
        }
    };
}

/// Makes a test of each behaviour of a store.
#[macro_export]
macro_rules! store_suite {
    ($make:expr) => {
        $crate::behaviours! { $crate::store_behaviours => ($make) }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! store_behaviours {
    (($make:expr) $($behaviour:ident)+) => {
        $(
            #[tokio::test]
            async fn $behaviour() {
                let (store, _kept) = $make.await;
                $crate::suite::$behaviour(&*store).await;
            }
        )+
    };
}
