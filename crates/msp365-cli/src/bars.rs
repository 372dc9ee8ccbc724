//! Progress bars: one per stage, for a person at a terminal.

use std::sync::Arc;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use msp365::sync::{Observer, Progress};

use crate::{args::Global, output};

/// The bars of a command. Where none are to be drawn, they are hidden and cost nothing.
pub(crate) struct Bars {
    all: MultiProgress,
}

impl Bars {
    pub(crate) fn new(global: &Global) -> Self {
        let target = if output::draws_progress(global) {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        Self {
            all: MultiProgress::with_draw_target(target),
        }
    }

    /// The bar of a stage of this length.
    pub(crate) fn stage(&self, name: &'static str, length: usize) -> ProgressBar {
        let stage = self.all.add(bar(name));
        stage.set_length(u64::try_from(length).unwrap_or_default());
        stage
    }

    /// The bar of the check of so many customers.
    pub(crate) fn checked(&self, customers: usize) -> ProgressBar {
        self.stage("checked", customers)
    }

    /// What moves the bar of a sync. Its length is known here, or else with the list of customers.
    pub(crate) fn observer(&self, tenants: usize) -> Observer {
        let synced = self.stage("synced", tenants);
        Arc::new(move |progress| match progress {
            Progress::Listed { customers } if synced.length() == Some(0) => {
                synced.set_length(u64::try_from(*customers).unwrap_or_default());
            }
            Progress::Stored { resource, .. } => synced.set_message(resource.as_str()),
            Progress::Done { .. } => synced.inc(1),
            _ => {}
        })
    }

    /// Clears all bars.
    pub(crate) fn finish(&self) {
        let _ = self.all.clear();
    }
}

fn bar(name: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix:>8} [{bar:30}] {pos}/{len} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style).with_prefix(name)
}
