//! How much of a file is read as YAML.

/// Values inside values, aliases counted as what they stand for: every walk over a tree recurses.
pub(super) const MAX_DEPTH: usize = 100;

/// How much the aliases of a file may add in all, in the unit of [`Built::weight`]. Trees share what an
/// alias names, but a walk over them, or the JSON made of them, pays for each alias in full. A small file may
/// add less: see [`may_alias`].
const MAX_ALIASED: usize = 1_000_000;

/// How much the aliases of a file may add by the bytes that it has: what a file costs grows with its size.
pub(super) fn may_alias(bytes: usize) -> usize {
    MAX_ALIASED.min(20_000 + 8 * bytes)
}

/// The most values of one file, keys included (chosen here: 10,000 large APIs have about half of this). A value takes
/// some hundred bytes of memory, however few it has in the file.
pub(super) const MAX_VALUES: usize = 2_000_000;
