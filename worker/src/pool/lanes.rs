//! A set of lanes: which of a workspace's 256 lanes a hint speaks of.
//! Four words, copied like a number; merging hints is an `or`.

const WORD_BITS: u8 = 64;

/// Lanes of one workspace, as a set.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Lanes([u64; 4]);

impl Lanes {
    pub const NONE: Lanes = Lanes([0; 4]);
    pub const ALL: Lanes = Lanes([u64::MAX; 4]);

    pub fn of(lane: u8) -> Lanes {
        let mut lanes = Lanes::NONE;
        lanes.insert(lane);
        lanes
    }

    pub fn insert(&mut self, lane: u8) {
        let (word, bit) = place(lane);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    pub fn contains(&self, lane: u8) -> bool {
        let (word, bit) = place(lane);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    #[must_use]
    pub fn union(self, other: Lanes) -> Lanes {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        Lanes([a | e, b | f, c | g, d | h])
    }

    pub fn is_empty(&self) -> bool {
        *self == Lanes::NONE
    }

    pub fn is_all(&self) -> bool {
        *self == Lanes::ALL
    }

    pub fn len(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// The lanes in ascending order, which is the order to lock them in.
    pub fn iter(&self) -> impl Iterator<Item = u8> + use<> {
        let lanes = *self;
        (0..=u8::MAX).filter(move |lane| lanes.contains(*lane))
    }
}

impl FromIterator<u8> for Lanes {
    fn from_iter<I: IntoIterator<Item = u8>>(iter: I) -> Lanes {
        let mut lanes = Lanes::NONE;
        iter.into_iter().for_each(|lane| lanes.insert(lane));
        lanes
    }
}

impl std::fmt::Debug for Lanes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_all() {
            return f.write_str("Lanes(all)");
        }
        f.write_str("Lanes")?;
        f.debug_set().entries(self.iter()).finish()
    }
}

fn place(lane: u8) -> (usize, u64) {
    (usize::from(lane / WORD_BITS), 1 << (lane % WORD_BITS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_are_a_set_over_all_four_words() {
        let lanes: Lanes = [255, 0, 63, 64, 128, 64].into_iter().collect();
        assert_eq!(lanes.iter().collect::<Vec<_>>(), [0, 63, 64, 128, 255]);
        assert_eq!(lanes.len(), 5);
        assert!(lanes.contains(128) && !lanes.contains(127));
        assert!(!lanes.is_all() && !lanes.is_empty() && Lanes::NONE.is_empty());
        assert_eq!(format!("{lanes:?}"), "Lanes{0, 63, 64, 128, 255}");
    }

    #[test]
    fn union_takes_what_either_has() {
        let both = Lanes::of(3).union(Lanes::of(200));
        assert_eq!(both.iter().collect::<Vec<_>>(), [3, 200]);
        assert_eq!(both.union(Lanes::ALL), Lanes::ALL);
        assert_eq!((0..=255).collect::<Lanes>(), Lanes::ALL);
    }
}
