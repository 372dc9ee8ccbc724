//! Progress bars: one per stage, for a person at a terminal.

use std::sync::Arc;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use msp365::sync::{Observer, Progress};

use crate::{args::Global, output};

/// The bars of a sync. Where none are to be drawn, they are hidden and cost nothing.
pub(crate) struct Bars {
    all: MultiProgress,
    checked: ProgressBar,
    synced: ProgressBar,
}

impl Bars {
    pub(crate) fn new(global: &Global) -> Self {
        let target = if output::draws_progress(global) {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let all = MultiProgress::with_draw_target(target);
        let checked = all.add(bar("ready?"));
        let synced = all.add(bar("synced"));
        Self { all, checked, synced }
    }

    /// One more bar, of a stage of this length.
    pub(crate) fn stage(&self, name: &'static str, length: u64) -> ProgressBar {
        let stage = self.all.add(bar(name));
        stage.set_length(length);
        stage
    }

    /// What moves the bars.
    pub(crate) fn observer(&self) -> Observer {
        let (checked, synced) = (self.checked.clone(), self.synced.clone());
        Arc::new(move |progress| match progress {
            Progress::Listed { customers } => {
                let length = u64::try_from(*customers).unwrap_or_default();
                checked.set_length(length);
                synced.set_length(length);
            }
            Progress::Checked { .. } => checked.inc(1),
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
