//! Tables, as all forges read them.

/// The head of a table without headings: what its columns are is plain to see.
pub(super) const HEAD: &str = "| | | |\n|---|---|---|\n";

/// Between lines of a cell.
pub(super) const BREAK: &str = "<br>";

/// A row. What is in its cells is Markdown already, but for the sign that ends a cell.
pub(super) fn row(cells: [String; 3]) -> String {
    let cells = cells.map(|cell| within_cell(&cell));
    format!("| {} |\n", cells.join(" | "))
}

/// A sign that ends a cell means itself behind a backslash, also in code. Behind a backslash that is there already,
/// the forges disagree.
fn within_cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' if out.ends_with('\\') => out.push_str("\\u{7c}"),
            '|' => out.push_str("\\|"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_ends_early() {
        let cells = ["`a|b`".to_owned(), "`a\\|b`".to_owned(), String::new()];
        assert_eq!(row(cells), "| `a\\|b` | `a\\\\u{7c}b` |  |\n");
    }
}
