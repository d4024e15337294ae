//! Prints the rows of `get` as they come.

use super::console::Console;
use super::list_format::OutputFormat;
use crate::model::ListedResource;
use crate::output::{ListTable, Text, render_names};
use crate::workflow::ListEvent;

/// Prints the rows of a list, or keeps them where all are printed as one document.
pub(super) struct ListPrinter<'a> {
    console: &'a Console,
    format: OutputFormat,
    table: Option<ListTable>,
    /// Whether the table has rows.
    is_begun: bool,
    count: usize,
    kept: Vec<ListedResource>,
}

impl<'a> ListPrinter<'a> {
    pub(super) fn new(console: &'a Console, format: OutputFormat) -> Self {
        Self {
            console,
            format,
            table: None,
            is_begun: false,
            count: 0,
            kept: Vec::new(),
        }
    }

    /// The rows that are printed as one document.
    pub(super) fn rows(&self) -> &[ListedResource] {
        &self.kept
    }

    /// How many rows there were.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn on_event(&mut self, event: ListEvent<'_>) {
        match event {
            ListEvent::Group(columns) => {
                let is_wide = self.format == OutputFormat::Wide;
                let console = self.console;
                let most = console.is_terminal().then(|| console.width());
                self.table = Some(ListTable::new(columns, is_wide, most));
                self.is_begun = false;
            }
            ListEvent::Known(rows) => {
                if let Some(table) = &mut self.table {
                    table.make_room(rows);
                }
            }
            ListEvent::Rows(rows) if rows.is_empty() => {}
            ListEvent::Rows(rows) => self.print(rows),
        }
    }

    fn print(&mut self, rows: Vec<ListedResource>) {
        let is_first = self.count == 0;
        self.count += rows.len();
        match (self.format, &mut self.table) {
            (OutputFormat::Name, _) => self.console.output(render_names(&rows)),
            (OutputFormat::Table | OutputFormat::Wide, Some(table)) => {
                let mut text = Text::default();
                if !is_first && !self.is_begun {
                    text.blank();
                }
                self.is_begun = true;
                text.append(table.rows(&rows));
                self.console.output(text);
            }
            _ => self.kept.extend(rows),
        }
    }
}
