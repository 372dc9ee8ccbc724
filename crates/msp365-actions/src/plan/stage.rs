//! Stages of a plan, between which a person may stop.

use super::Plan;

/// A stage of making a user, by the name that is typed and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// The user with all details, and the manager.
    Details,
    /// Roles and licences.
    Licences,
    /// Groups.
    Groups,
}

impl Stage {
    /// All stages, in their order.
    pub const ALL: [Self; 3] = [Self::Details, Self::Licences, Self::Groups];

    /// The name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Details => "details",
            Self::Licences => "licences",
            Self::Groups => "groups",
        }
    }

    /// The stage of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == name)
    }

    /// What its steps have as [their stage](super::Step::stage).
    pub const fn number(self) -> u32 {
        match self {
            Self::Details => 0,
            Self::Licences => 1,
            Self::Groups => 2,
        }
    }
}

impl Plan {
    /// The stages, in order: for each the places of its steps.
    pub fn stages(&self) -> Vec<Vec<usize>> {
        let mut stages: Vec<(u32, Vec<usize>)> = Vec::new();
        for (at, step) in self.steps.iter().enumerate() {
            match stages.iter_mut().find(|(stage, _)| *stage == step.stage) {
                Some((_, places)) => places.push(at),
                None => stages.push((step.stage, vec![at])),
            }
        }
        stages.into_iter().map(|(_, places)| places).collect()
    }

    /// How many of its stages come first until this one is over, whether it has steps of it or not.
    pub fn stages_until(&self, last: Stage) -> usize {
        let is_in = |at: &usize| {
            self.steps
                .get(*at)
                .is_some_and(|step| step.stage <= last.number())
        };
        let stages = self.stages();
        stages.iter().filter(|places| places.iter().all(is_in)).count()
    }

    /// The plan of its first stages alone, which knows the whole.
    pub(crate) fn head(&self, stages: usize) -> Self {
        let mut places: Vec<usize> = self.stages().into_iter().take(stages).flatten().collect();
        places.sort_unstable();
        let steps = places.iter().filter_map(|at| self.steps.get(*at));
        let steps = steps.map(|step| step.among(&places)).collect();
        Self {
            steps,
            whole: Some(Box::new(self.clone())),
            ..self.clone()
        }
    }
}
