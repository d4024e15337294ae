//! Live resources as a table whose rows come one after the other.

use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use super::outline::caption;
use super::spelling::spelled;
use super::styles::{changed, strong};
use super::terminal::cut_end;
use super::text::{Line, Text, escape_control_chars};
use crate::model::view::CustomProperties;
use crate::model::{Keeper, ListedColumns, ListedResource, ListedService, Timestamp};

/// Between two columns.
const GAP: usize = 2;

/// In place of a value that is not there.
const NONE: &str = "-";

/// The fewest columns of a terminal that a cell gets which is cut.
const FEWEST: usize = 8;

/// A table of live resources. Its columns get wider when a row needs it, and never narrower.
#[derive(Debug)]
pub struct ListTable {
    columns: Vec<Column>,
    widths: Vec<usize>,
    /// The columns of the terminal; none if nothing is cut.
    most: Option<usize>,
    has_head: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Address,
    Title,
    Stage,
    Field(&'static str),
    Count(&'static str),
    Owner,
    Keeper,
    Created,
    Metadata,
}

impl ListTable {
    /// A table with these columns, and more if it is wide. `most` is how wide the terminal is.
    #[must_use]
    pub fn new(columns: &ListedColumns, is_wide: bool, most: Option<usize>) -> Self {
        let mut all = vec![Column::Address, Column::Title];
        all.extend(columns.stage.then_some(Column::Stage));
        all.extend(columns.fields.iter().copied().map(Column::Field));
        all.extend(columns.counts.iter().copied().map(Column::Count));
        all.extend(columns.owner.then_some(Column::Owner));
        all.push(Column::Keeper);
        if is_wide {
            all.push(Column::Created);
            all.extend(columns.owner.then_some(Column::Metadata));
        }
        let widths = all.iter().map(|column| column.head().width());
        Self {
            widths: widths.collect(),
            columns: all,
            most: most.filter(|_| !is_wide),
            has_head: false,
        }
    }

    /// Makes room for these rows, which follow.
    pub fn make_room(&mut self, rows: &[ListedResource]) {
        for row in rows {
            for (column, width) in self.columns.iter().zip(&mut self.widths) {
                *width = (*width).max(column.cell(row).width());
            }
        }
    }

    /// The rows, below the head if they are the first.
    #[must_use]
    pub fn rows(&mut self, rows: &[ListedResource]) -> Text {
        self.make_room(rows);
        let widths = self.fitting();
        let mut text = Text::default();
        if !self.has_head && !rows.is_empty() {
            self.has_head = true;
            let heads = self.columns.iter().map(|column| column.head());
            let line: Vec<String> = heads.collect();
            text.push(strong(joined(&line, &widths)));
        }
        for row in rows {
            let cells = self.columns.iter().map(|column| column.cell(row));
            let cells: Vec<String> = cells.collect();
            let line = joined(&cells, &widths);
            text.push(match row.keeper {
                Some(Keeper::Nobody) => last_in_colour(&line, &cells, &self.columns),
                _ => line.into(),
            });
        }
        text
    }

    /// The widths with which a row fits on the terminal, if it can: titles are cut first, addresses never.
    fn fitting(&self) -> Vec<usize> {
        let mut widths = self.widths.clone();
        let Some(most) = self.most else {
            return widths;
        };
        let cut = |is_cut: fn(&Column) -> bool, widths: &mut Vec<usize>| {
            for (column, i) in self.columns.iter().zip(0..).filter(|(one, _)| is_cut(one)) {
                let total: usize = widths.iter().map(|width| width + GAP).sum();
                let excess = (total - GAP).saturating_sub(most);
                let fewest = FEWEST.max(column.head().width()).min(widths[i]);
                widths[i] = widths[i].saturating_sub(excess).max(fewest);
            }
        };
        cut(|column| *column == Column::Title, &mut widths);
        cut(|column| matches!(column, Column::Field(_)), &mut widths);
        cut(|column| *column == Column::Owner, &mut widths);
        widths
    }
}

impl Column {
    fn head(self) -> String {
        match self {
            Self::Address => "ADDRESS".to_owned(),
            Self::Title => "TITLE".to_owned(),
            Self::Stage => "STAGE".to_owned(),
            Self::Field(name) | Self::Count(name) => words(name).to_uppercase(),
            Self::Owner => "OWNER".to_owned(),
            Self::Keeper => "KEPT BY".to_owned(),
            Self::Created => "CREATED".to_owned(),
            Self::Metadata => "METADATA".to_owned(),
        }
    }

    fn cell(self, row: &ListedResource) -> String {
        let text = match self {
            Self::Address => Some(row.address().to_string()),
            Self::Title => {
                let title = row.title().map(str::to_owned);
                title.or_else(|| caption(&row.current.resource))
            }
            Self::Stage => row.stage.clone(),
            Self::Field(path) => row.values(path).first().map(short_value),
            Self::Count(field) => row.count(field).map(|count| count.to_string()),
            Self::Owner => row.owner.clone(),
            Self::Keeper => row.keeper.as_ref().map(keeper_words),
            Self::Created => row.current.created_at.as_ref().map(Timestamp::to_seconds),
            Self::Metadata => {
                let values = CustomProperties::of(&row.current.resource.body).values();
                let pairs = values.into_iter().flatten();
                let pairs = pairs.map(|(name, value)| format!("{name}={}", short_value(value)));
                Some(pairs.collect::<Vec<_>>().join(", "))
            }
        };
        let text = text.filter(|text| !text.trim().is_empty());
        escape_control_chars(text.as_deref().unwrap_or(NONE)).into_owned()
    }
}

/// Who keeps a resource, in words.
fn keeper_words(keeper: &Keeper) -> String {
    match keeper {
        Keeper::Repository => "this repository".to_owned(),
        Keeper::OtherOwner(_) => "another owner".to_owned(),
        Keeper::Integration {
            integration,
            is_confirmed: true,
        } => integration.to_string(),
        Keeper::Integration { integration, .. } => format!("{integration} (probably)"),
        Keeper::Nobody => "nobody".to_owned(),
    }
}

/// A value on one line.
fn short_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => spelled(Some(other)),
    }
}

/// The words of a field's name: `targetEnvironment` is `target environment`.
fn words(field: &str) -> String {
    let mut out = String::new();
    for c in field.chars() {
        if c.is_uppercase() {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// A line of cells, without blanks at its end.
fn joined(cells: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        let cell = cut_end(cell, *width);
        let blanks = width.saturating_sub(cell.width()) + GAP;
        line.push_str(&cell);
        line.extend(std::iter::repeat_n(' ', blanks));
    }
    line.truncate(line.trim_end().len());
    line
}

/// The line with the keeper in colour, where it is the last cell.
fn last_in_colour(line: &str, cells: &[String], columns: &[Column]) -> Line {
    let last = cells
        .last()
        .filter(|_| columns.last() == Some(&Column::Keeper));
    match last.and_then(|cell| Some((line.strip_suffix(cell.as_str())?, cell))) {
        Some((start, cell)) => Line::from(start).with(changed(cell)),
        None => line.into(),
    }
}

/// The addresses, one on each line.
#[must_use]
pub fn render_names(rows: &[ListedResource]) -> Text {
    let mut text = Text::default();
    for row in rows {
        text.push(row.address().to_string());
    }
    text
}

/// Services, and the targets of the project that name them.
#[must_use]
pub fn render_services(services: &[(ListedService, Vec<String>)]) -> Text {
    let cell = |text: &str| {
        let text = if text.is_empty() { NONE } else { text };
        escape_control_chars(text).into_owned()
    };
    let heads = ["NAME", "RESOURCE GROUP", "LOCATION", "TARGETS"];
    let rows = services.iter().map(|(service, targets)| {
        let location = service.location.as_deref().unwrap_or_default();
        let id = &service.id;
        [
            cell(&id.name),
            cell(&id.resource_group),
            cell(location),
            cell(&targets.join(", ")),
        ]
    });
    let all: Vec<[String; 4]> = std::iter::once(heads.map(str::to_owned))
        .chain(rows)
        .collect();
    let width = |i: usize| all.iter().map(|row| row[i].width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let mut text = Text::default();
    for (i, row) in all.iter().enumerate().filter(|_| !services.is_empty()) {
        let line = joined(row, &widths);
        match i {
            0 => text.push(strong(line)),
            _ => text.push(line),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds;
    use crate::model::LiveResource;

    fn row(name: &str, title: &str, keeper: Keeper) -> ListedResource {
        let address = kinds::parse_address(name).unwrap();
        let body = json!({"title": title, "customProperties": {"tier": "gold", "rank": 1}});
        let body = body.as_object().unwrap().clone();
        ListedResource {
            current: LiveResource {
                resource: kinds::of(&address).declared(address, body),
                unmodelled: serde_json::Map::new(),
                synchronised: false,
                text: None,
                files: None,
                created_at: None,
            },
            stage: Some("production".to_owned()),
            counts: vec![("versions", 2), ("deployments", 0)],
            owner: None,
            keeper: Some(keeper),
        }
    }

    fn columns() -> ListedColumns {
        ListedColumns {
            stage: true,
            fields: vec![],
            counts: vec!["versions", "deployments"],
            owner: true,
        }
    }

    #[test]
    fn a_table_grows_with_its_rows_and_has_one_head() {
        let mut table = ListTable::new(&columns(), false, None);
        let first = row("api/a", "Orders", Keeper::Repository);
        let second = row("api/much-longer", "Über", Keeper::Nobody);
        let text = table.rows(std::slice::from_ref(&first)).to_string();
        let expected = "\
ADDRESS  TITLE   STAGE       VERSIONS  DEPLOYMENTS  OWNER  KEPT BY
api/a    Orders  production  2         0            -      this repository
";
        assert_eq!(text, expected);
        let text = table.rows(&[second]).to_string();
        let expected =
            "api/much-longer  Über    production  2         0            -      nobody\n";
        assert_eq!(text, expected);
        assert_eq!(table.rows(&[]).to_string(), "");
    }

    #[test]
    fn only_a_terminal_cuts_and_never_an_address() {
        let long = row("api/a-long-name-of-an-api", &"x".repeat(90), Keeper::Nobody);
        let mut table = ListTable::new(&columns(), false, Some(100));
        let text = table.rows(std::slice::from_ref(&long)).to_string();
        for line in text.lines() {
            assert!(line.width() <= 100, "{line}");
        }
        assert!(text.contains("api/a-long-name-of-an-api  xxxxxxx") && text.contains("…  prod"));
        let mut table = ListTable::new(&columns(), false, None);
        assert!(table.rows(&[long]).to_string().contains(&"x".repeat(90)));
    }

    #[test]
    fn a_wide_table_has_metadata_and_foreign_text_stays_in_its_cell() {
        let mut table = ListTable::new(&columns(), true, Some(40));
        let text = table
            .rows(&[row("api/a", "a\nb\u{1b}", Keeper::Nobody)])
            .to_string();
        assert!(text.contains("KEPT BY  CREATED  METADATA"), "{text}");
        assert!(text.contains("tier=gold, rank=1"), "{text}");
        assert!(text.contains("a\\nb\\u{1b}"), "{text}");
        assert_eq!(text.lines().count(), 2);
    }
}
