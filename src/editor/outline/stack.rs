//! Which keys and items a line is in.

use super::line::Line;

/// A step down from the top of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::editor) enum Step {
    /// The value of a key.
    Key(String),
    /// An item of a list.
    Item(usize),
}

/// The steps to the present line, with the columns of their keys and dashes.
#[derive(Debug, Clone, Default)]
pub(super) struct Stack {
    steps: Vec<(usize, Step)>,
}

impl Stack {
    /// Goes to a line.
    pub(super) fn enter(&mut self, line: &Line) {
        self.enter_items(line);
        if let Some(key) = &line.key {
            self.leave(line.column);
            self.steps.push((line.column, Step::Key(key.name.clone())));
        }
    }

    fn enter_item(&mut self, column: usize) {
        let mut index = 0;
        while let Some((at, step)) = self.steps.last() {
            match step {
                // A list may be as far to the left as its key.
                Step::Key(_) if *at <= column => break,
                Step::Item(_) if *at < column => break,
                Step::Item(i) if *at == column => index = i + 1,
                _ => {}
            }
            self.steps.pop();
        }
        self.steps.push((column, Step::Item(index)));
    }

    /// Leaves everything that does not contain something at a column.
    pub(super) fn leave(&mut self, column: usize) {
        while self.steps.last().is_some_and(|(at, _)| *at >= column) {
            self.steps.pop();
        }
    }

    /// Enters the items of a line without its key.
    pub(super) fn enter_items(&mut self, line: &Line) {
        for &column in &line.dashes {
            self.enter_item(column);
        }
    }

    /// The steps from the top.
    pub(super) fn path(&self) -> Vec<Step> {
        self.steps.iter().map(|(_, step)| step.clone()).collect()
    }
}
