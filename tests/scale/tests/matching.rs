//! How right matching is on the labelled sets. `docs/matching.md` shows larger ones.

use msp365_match::devices::{match_devices, match_hosts};
use msp365_match::organizations::{Thresholds, suggest};
use msp365_scale::matching::companies::companies;
use msp365_scale::matching::judged::{Judged, Truth};
use msp365_scale::matching::machines::machines;

fn devices(seed: u64) -> Judged {
    let made = machines(seed, 30_000);
    let truth = Truth {
        ours: &made.our_machines,
        theirs: &made.their_machines,
        both: &made.both,
    };
    truth.judge(&match_devices(&made.ours, &made.theirs, &made.sites))
}

fn organizations(seed: u64) -> Judged {
    let made = companies(seed, 1_500, 4_000);
    let truth = Truth {
        ours: &made.our_companies,
        theirs: &made.their_companies,
        both: &made.both,
    };
    truth.judge(&suggest(&made.ours, &made.theirs, &Thresholds::default()))
}

#[test]
fn certain_devices_are_right_in_9999_of_10000_and_98_of_100_decidable_ones_are_found() {
    for seed in [7, 8] {
        let judged = devices(seed);

        assert!(judged.precision() >= 0.9999, "seed {seed}: {judged:?}");
        assert!(judged.recall() >= 0.98, "seed {seed}: {judged:?}");
    }
}

#[test]
fn certain_organizations_are_right_in_999_of_1000_and_95_of_100_decidable_ones_are_found() {
    for seed in [7, 8, 9] {
        let judged = organizations(seed);

        assert!(judged.precision() >= 0.999, "seed {seed}: {judged:?}");
        assert!(judged.recall() >= 0.95, "seed {seed}: {judged:?}");
    }
}

#[test]
fn the_right_organization_is_among_five_suggestions_in_99_of_100() {
    for seed in [7, 8, 9] {
        let judged = organizations(seed);

        assert!(judged.recall_at_five() >= 0.99, "seed {seed}: {judged:?}");
    }
}

#[test]
fn by_host_name_alone_devices_with_a_name_of_their_own_are_found_and_none_is_wrong() {
    for seed in [7, 8] {
        let made = machines(seed, 30_000).named();
        let truth = Truth {
            ours: &made.our_machines,
            theirs: &made.their_machines,
            both: &made.both,
        };

        let judged = truth.judge(&match_hosts(&made.ours, &made.theirs, &made.sites));

        assert!(judged.precision() >= 0.9999, "seed {seed}: {judged:?}");
        assert!(judged.recall() >= 0.998, "seed {seed}: {judged:?}");
    }
}
