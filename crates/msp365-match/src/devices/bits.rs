//! A yes or no for each record, packed so that the nearest cache holds a million.

#[derive(Debug, Clone, Default)]
pub(super) struct Bits {
    words: Vec<u64>,
    count: usize,
}

impl Bits {
    /// This many times no.
    pub(super) fn none(count: usize) -> Self {
        Self {
            words: vec![0; count.div_ceil(64)],
            count,
        }
    }

    pub(super) fn reserve(&mut self, count: usize) {
        self.words.reserve(count.div_ceil(64));
    }

    /// Adds one.
    pub(super) fn push(&mut self, is_set: bool) {
        if self.count.is_multiple_of(64) {
            self.words.push(0);
        }
        self.count += 1;
        if is_set {
            self.set(self.count - 1);
        }
    }

    pub(super) fn set(&mut self, place: usize) {
        self.words[place / 64] |= 1 << (place % 64);
    }

    pub(super) fn has(&self, place: usize) -> bool {
        self.words[place / 64] & 1 << (place % 64) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_set_or_pushed_is_there_and_nothing_else() {
        let mut pushed = Bits::default();
        let mut set = Bits::none(200);
        for place in 0..200 {
            pushed.push(place % 3 == 0);
            if place % 3 == 0 {
                set.set(place);
            }
        }

        assert!((0..200).all(|place| pushed.has(place) == (place % 3 == 0)));
        assert!((0..200).all(|place| set.has(place) == pushed.has(place)));
    }
}
