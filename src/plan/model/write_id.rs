//! Identification of a plan's writes.

use std::ops::{Index, IndexMut};

/// One write of a plan. Changes sort before preparations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WriteId {
    /// The change at this position in the plan.
    Change(usize),
    /// The preparation at this position in the plan.
    Preparation(usize),
}

/// One write that waits for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) struct Edge {
    /// The write that waits.
    pub(in crate::plan) later: WriteId,
    /// The write that must be done before it.
    pub(in crate::plan) earlier: WriteId,
}

/// One value for each write of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PerWrite<T> {
    changes: Vec<T>,
    preparations: Vec<T>,
}

impl<T: Clone> PerWrite<T> {
    /// The same value for every write.
    #[must_use]
    pub fn filled(value: T, changes: usize, preparations: usize) -> Self {
        Self {
            changes: vec![value.clone(); changes],
            preparations: vec![value; preparations],
        }
    }
}

impl<T> PerWrite<T> {
    /// Every write and its value: changes first, then preparations.
    pub fn iter(&self) -> impl Iterator<Item = (WriteId, &T)> {
        let changes = self.changes.iter().enumerate();
        let preparations = self.preparations.iter().enumerate();
        changes
            .map(|(i, value)| (WriteId::Change(i), value))
            .chain(preparations.map(|(i, value)| (WriteId::Preparation(i), value)))
    }

    /// A value for each write, made from its present one.
    #[must_use]
    pub fn map<U>(&self, mut make: impl FnMut(&T) -> U) -> PerWrite<U> {
        PerWrite {
            changes: self.changes.iter().map(&mut make).collect(),
            preparations: self.preparations.iter().map(make).collect(),
        }
    }

    /// The values of the changes and of the preparations.
    #[must_use]
    pub fn into_parts(self) -> (Vec<T>, Vec<T>) {
        (self.changes, self.preparations)
    }
}

impl<T> Index<WriteId> for PerWrite<T> {
    type Output = T;

    fn index(&self, id: WriteId) -> &T {
        match id {
            WriteId::Change(i) => &self.changes[i],
            WriteId::Preparation(i) => &self.preparations[i],
        }
    }
}

impl<T> IndexMut<WriteId> for PerWrite<T> {
    fn index_mut(&mut self, id: WriteId) -> &mut T {
        match id {
            WriteId::Change(i) => &mut self.changes[i],
            WriteId::Preparation(i) => &mut self.preparations[i],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_sort_before_preparations() {
        use WriteId::{Change, Preparation};
        let mut ids = [Preparation(0), Change(7), Preparation(2), Change(0)];
        ids.sort();
        assert_eq!(ids, [Change(0), Change(7), Preparation(0), Preparation(2)]);
    }

    #[test]
    fn each_write_has_a_value_of_its_own() {
        let mut names = PerWrite::filled("", 2, 2);
        names[WriteId::Change(1)] = "change";
        names[WriteId::Preparation(1)] = "preparation";
        let all: Vec<&str> = names.iter().map(|(id, _)| names[id]).collect();
        assert_eq!(all, ["", "change", "", "preparation"]);
        let parts = (vec!["", "change"], vec!["", "preparation"]);
        assert_eq!(names.into_parts(), parts);
    }
}
