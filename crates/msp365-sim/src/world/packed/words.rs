//! The names that objects have in common, and the words that stand under a name again and again.

use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

use rustc_hash::FxHashMap;

/// Names and words of all worlds in this process: they are few, and the same in each.
pub(super) static WORDS: LazyLock<RwLock<Words>> = LazyLock::new(RwLock::default);

/// Under each name so many different values are kept as words; what comes later is written out.
const MOST_WORDS: usize = 255;
/// Longer texts are hardly ever met twice.
const LONGEST_WORD: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Words {
    names: Vec<Name>,
    by_name: FxHashMap<Arc<str>, u64>,
    shapes: Vec<Arc<[u64]>>,
    by_shape: FxHashMap<Arc<[u64]>, u64>,
    /// Where an object is written before its size is known.
    pub(super) room: Vec<u8>,
}

/// One name with the words under it.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) text: Arc<str>,
    words: Vec<Arc<str>>,
    by_word: FxHashMap<Arc<str>, u8>,
}

impl Words {
    pub(super) fn name(&self, number: u64) -> Option<&Name> {
        self.names.get(usize::try_from(number).ok()?)
    }

    /// The numbers of the names of a shape, in the order of the names.
    pub(super) fn shape(&self, number: u64) -> &[u64] {
        let shape = usize::try_from(number).ok().and_then(|at| self.shapes.get(at));
        shape.map_or(&[], |shape| shape)
    }

    /// The number of a name.
    pub(super) fn learn_name(&mut self, text: &str) -> u64 {
        if let Some(number) = self.by_name.get(text) {
            return *number;
        }
        let number = length(&self.names);
        let text: Arc<str> = Arc::from(text);
        self.by_name.insert(Arc::clone(&text), number);
        self.names.push(Name {
            text,
            words: Vec::new(),
            by_word: FxHashMap::default(),
        });
        number
    }

    /// The number of a shape.
    pub(super) fn learn_shape(&mut self, names: &[u64]) -> u64 {
        if let Some(number) = self.by_shape.get(names) {
            return *number;
        }
        let number = length(&self.shapes);
        let names: Arc<[u64]> = Arc::from(names);
        self.by_shape.insert(Arc::clone(&names), number);
        self.shapes.push(names);
        number
    }

    /// The number of a word under a name, if it is one.
    pub(super) fn learn_word(&mut self, name: u64, text: &str) -> Option<u8> {
        let name = self.names.get_mut(usize::try_from(name).ok()?)?;
        if let Some(number) = name.by_word.get(text) {
            return Some(*number);
        }
        if name.words.len() >= MOST_WORDS || text.len() > LONGEST_WORD {
            return None;
        }
        let number = u8::try_from(name.words.len()).ok()?;
        let text: Arc<str> = Arc::from(text);
        name.by_word.insert(Arc::clone(&text), number);
        name.words.push(text);
        Some(number)
    }
}

impl Name {
    pub(super) fn word(&self, number: u8) -> &str {
        self.words.get(usize::from(number)).map_or("", |word| word)
    }
}

/// Which members of an object are needed. What a service adds of its own, as `@odata.type`, always is.
#[derive(Debug, Clone)]
pub(crate) struct Needs {
    names: BTreeSet<String>,
    /// By the number of a name, whether it is one of them.
    numbers: Vec<bool>,
}

pub(super) const ADDED: &str = "@odata.";

impl Needs {
    pub(crate) fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let names: BTreeSet<String> = names.into_iter().map(str::to_owned).collect();
        let words = WORDS.read().unwrap_or_else(PoisonError::into_inner);
        let numbers = words.names.iter().map(|name| {
            let text = &*name.text;
            names.contains(text) || text.starts_with(ADDED)
        });
        let numbers = numbers.collect();
        Self { names, numbers }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name) || name.starts_with(ADDED)
    }

    pub(super) fn has_number(&self, number: u64) -> bool {
        let number = usize::try_from(number).ok();
        number
            .and_then(|at| self.numbers.get(at))
            .is_some_and(|needed| *needed)
    }
}

fn length<T>(list: &[T]) -> u64 {
    u64::try_from(list.len()).unwrap_or(u64::MAX)
}
