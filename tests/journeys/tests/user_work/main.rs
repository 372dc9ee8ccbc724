//! What technicians do to users: plans run against the simulated cloud, with crashes and lost answers at every step.

#[cfg(test)]
mod administrators;
#[cfg(test)]
mod cards;
#[cfg(test)]
mod cards_denied;
#[cfg(test)]
mod cards_gaps;
#[cfg(test)]
mod cards_sign_ins;
#[cfg(test)]
mod cards_truth;
#[cfg(test)]
#[expect(dead_code, reason = "what happens at every step needs more of it")]
mod cases;
#[cfg(test)]
#[expect(dead_code, reason = "what happens at every step needs more of it")]
mod desk;
#[cfg(test)]
mod devices;
#[cfg(test)]
mod doubts;
#[cfg(test)]
mod edits;
#[cfg(test)]
mod facade;
#[cfg(test)]
mod guarded;
#[cfg(test)]
mod many;
#[cfg(test)]
mod many_chosen;
#[cfg(test)]
mod offboarding;
#[cfg(test)]
mod owners;
#[cfg(test)]
mod passes;
#[cfg(test)]
mod plans_scope;
#[cfg(test)]
mod previews;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod rehiring;
#[cfg(test)]
mod scheduled;
#[cfg(test)]
mod scope;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod stages;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod undo;
#[cfg(test)]
mod units;
#[cfg(test)]
#[expect(dead_code, reason = "what happens at every step needs more of it")]
mod wire;
#[cfg(test)]
mod writes;
