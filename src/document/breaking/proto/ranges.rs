//! Ranges of numbers.

use std::fmt;

/// Ranges of numbers, with their last ones, in order and apart.
#[derive(Default, Clone)]
pub(super) struct Ranges(Vec<(i64, i64)>);

impl Ranges {
    pub(super) fn of(ranges: impl IntoIterator<Item = (i64, i64)>) -> Self {
        let mut all: Vec<(i64, i64)> = ranges.into_iter().filter(|(a, b)| a <= b).collect();
        all.sort_unstable();
        let mut joined: Vec<(i64, i64)> = Vec::new();
        for (first, last) in all {
            match joined.last_mut() {
                Some(known) if first <= known.1 + 1 => known.1 = known.1.max(last),
                _ => joined.push((first, last)),
            }
        }
        Self(joined)
    }

    pub(super) fn contains(&self, number: i64) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= number);
        let range = after.checked_sub(1).and_then(|at| self.0.get(at));
        range.is_some_and(|(_, last)| number <= *last)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What only these have.
    pub(super) fn without(&self, others: &Self) -> Self {
        let mut rest = Vec::new();
        let mut others = others.0.iter().peekable();
        for (first, last) in &self.0 {
            let mut from = *first;
            while let Some((start, end)) = others.peek() {
                if *end < from {
                    others.next();
                    continue;
                }
                if start > last {
                    break;
                }
                if from < *start {
                    rest.push((from, start - 1));
                }
                from = end + 1;
                if from > *last {
                    break;
                }
            }
            if from <= *last {
                rest.push((from, *last));
            }
        }
        Self(rest)
    }
}

/// `2, 5 to 9`, shortened after a few.
impl fmt::Display for Ranges {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const FEW: usize = 5;
        let range = |(first, last): &(i64, i64)| match first == last {
            true => first.to_string(),
            false => format!("{first} to {last}"),
        };
        let shown: Vec<String> = self.0.iter().take(FEW).map(range).collect();
        out.write_str(&shown.join(", "))?;
        match self.0.len().saturating_sub(FEW) {
            0 => Ok(()),
            more => write!(out, " and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_the_first_ranges_have() {
        let ranges = |all: &[(i64, i64)]| Ranges::of(all.iter().copied());
        for (one, other, rest) in [
            (&[(1, 9)][..], &[(3, 4), (6, 6)][..], "1 to 2, 5, 7 to 9"),
            (&[(1, 2), (3, 4)], &[], "1 to 4"),
            (&[(1, 2), (8, 9)], &[(2, 8)], "1, 9"),
            (&[(1, 2)], &[(0, 5)], ""),
            (&[(1, 1), (3, 3), (5, 5)], &[(3, 3)], "1, 5"),
            (&[(-5, -1)], &[(-3, 0)], "-5 to -4"),
        ] {
            let left = ranges(one).without(&ranges(other));
            assert_eq!(left.to_string(), rest, "{one:?} {other:?}");
            assert_eq!(left.is_empty(), rest.is_empty());
        }
        let some = ranges(&[(1, 4), (8, 8), (10, 12)]);
        let within: Vec<i64> = (-1..14).filter(|number| some.contains(*number)).collect();
        assert_eq!(within, [1, 2, 3, 4, 8, 10, 11, 12]);
        assert!(!ranges(&[]).contains(1));
    }
}
