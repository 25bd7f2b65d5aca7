//! How far phrases have been read.

/// The places in a sentence that the words so far may have led to: the first, and a bit for each word from there. A phrase is never
/// longer than the bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reached {
    first: usize,
    bits: u64,
}

impl Reached {
    pub(super) fn at(first: usize) -> Self {
        Self { first, bits: 1 }
    }

    pub(super) fn is_nowhere(self) -> bool {
        self.bits == 0
    }

    fn places(mut self) -> impl Iterator<Item = usize> {
        std::iter::from_fn(move || {
            let bit = self.bits.trailing_zeros();
            self.bits &= self.bits.checked_sub(1)?;
            Some(self.first + bit as usize)
        })
    }

    pub(super) fn last(self) -> Option<usize> {
        self.bits.checked_ilog2().map(|bit| self.first + bit as usize)
    }

    /// Both, of places that are counted from the same first.
    pub(super) fn or(self, other: Self) -> Self {
        Self { bits: self.bits | other.bits, ..self }
    }

    pub(super) fn only(self, holds: impl Fn(usize) -> bool) -> Self {
        let kept = self.places().filter(|place| holds(*place));
        Self { bits: kept.fold(0, |bits, place| bits | 1 << (place - self.first)), ..self }
    }

    /// The word after each.
    pub(super) fn next(self) -> Self {
        Self { bits: self.bits << 1, ..self }
    }

    /// Each place, and those up to so many words after it.
    pub(super) fn on(self, words: impl Fn(usize) -> usize) -> Self {
        let spread = self.places().map(|place| (place - self.first, words(place)));
        let bits = spread.flat_map(|(bit, more)| (bit..=bit + more).take_while(|bit| *bit < u64::BITS as usize));
        Self { bits: bits.fold(0, |bits, bit| bits | 1 << bit), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_go_on_and_end_where_the_bits_do() {
        let from = Reached::at(7).on(|_| 2);
        assert_eq!(from.places().collect::<Vec<_>>(), [7, 8, 9]);
        assert_eq!(from.only(|place| place != 8).next().places().collect::<Vec<_>>(), [8, 10]);
        assert_eq!(from.or(Reached::at(7).next()).last(), Some(9));
        assert!(from.only(|_| false).is_nowhere() && from.only(|_| false).last().is_none());
        assert_eq!(Reached::at(7).on(|_| 100).next().last(), Some(70));
    }
}
