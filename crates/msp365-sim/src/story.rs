//! What a cloud tells about itself over time.

use serde_json::Value;

use crate::{Cloud, Inventory, Moment, Scenario, inventory, truth};

impl Cloud {
    /// Everything there is, an object a line: `{"kind","tenant",…}`.
    pub fn truth(&self) -> Vec<Value> {
        let now = self.clock().now();
        let mut state = self.state();
        state.settle(now);
        let truth = truth::of(&state.world, now);
        state.world.close_all();
        truth
    }

    /// The records of the tool that the provider works with: companies and devices, much like those of the cloud.
    pub fn inventory(&self) -> Inventory {
        inventory::of(&self.state().world)
    }

    /// Moves the cloud's time forward to a moment; one that has passed moves nothing.
    pub fn advance_to(&self, moment: Moment) {
        let left = moment.of(self.started()).duration_since(self.clock().now());
        self.advance(left.try_into().unwrap_or_default());
    }

    /// Brings in what a scenario names beyond what the world was built with, and its faults.
    pub(crate) fn open(&self, scenario: &Scenario) {
        let start = self.started();
        scenario.open(&mut self.state(), start);
        // They stay in until the cloud goes.
        scenario.faults().install(self);
    }
}
