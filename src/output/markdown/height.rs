//! How high a part is on the page of a forge, which decides what is behind a click.

/// Two screens, in points (chosen here). Measured with the styles of GitHub, whose rows are the highest, at the
/// width of a comment.
pub(super) const TWO_SCREENS: usize = 1800;

/// Characters of a line of a comment, and those that the columns of a table behind the first share.
const LINE: usize = 100;
const COLUMNS: usize = 80;

const LINE_HEIGHT: usize = 24;
/// What is around the lines of a row of a table, a paragraph, a heading and a block of code.
const ROW_MARGIN: usize = 13;
const PARAGRAPH_MARGIN: usize = 16;
const HEADING_MARGIN: usize = 46;
/// The first heading, whose letters are large.
const TITLE: usize = 62;
const TITLE_HEIGHT: usize = 30;
const TITLE_MARGIN: usize = 24;
const CODE_LINE_HEIGHT: usize = 20;
const CODE_MARGIN: usize = 48;

/// What is seen of something behind a click.
pub(super) const FOLD: usize = LINE_HEIGHT + PARAGRAPH_MARGIN;

/// The sentence that says what was left out.
pub(super) const NOTE: usize = 3 * LINE_HEIGHT + PARAGRAPH_MARGIN;

/// The height of what is seen without a click.
pub(super) fn height(markdown: &str) -> usize {
    let (mut height, mut depth, mut is_code) = (0, 0_usize, false);
    let mut rows = Vec::new();
    for line in markdown.lines() {
        if depth == 0 && !is_code && line.starts_with('|') {
            rows.push(line);
            continue;
        }
        height += of_table(&std::mem::take(&mut rows));
        let is_fence = line.trim_start().starts_with("```");
        if is_fence && depth == 0 {
            is_code = !is_code;
            height += if is_code { CODE_MARGIN } else { 0 };
            continue;
        }
        if line.starts_with("<details>") {
            if depth == 0 {
                height += FOLD;
            }
            depth += 1;
            continue;
        }
        if line.starts_with("</details>") {
            depth = depth.saturating_sub(1);
            continue;
        }
        if depth == 0 {
            height += if is_code {
                CODE_LINE_HEIGHT
            } else {
                of_line(line)
            };
        }
    }
    height + of_table(&rows)
}

fn of_line(line: &str) -> usize {
    match line.trim_start() {
        "" => 0,
        text if text.starts_with("<!--") => 0,
        text if text.starts_with("## ") => {
            wrapped(&shown(text), TITLE) * TITLE_HEIGHT + TITLE_MARGIN
        }
        text if text.starts_with('#') => wrapped(&shown(text), LINE) * LINE_HEIGHT + HEADING_MARGIN,
        text if text.starts_with("- ") => wrapped(&shown(text), LINE) * LINE_HEIGHT,
        text => wrapped(&shown(text), LINE) * LINE_HEIGHT + PARAGRAPH_MARGIN,
    }
}

/// Columns are as wide as a browser makes them: what they need at least, and of the rest, as much as they could use.
fn of_table(rows: &[&str]) -> usize {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .filter(|row| !row.starts_with("|---"))
        .map(|row| {
            let row = row.trim_start_matches("| ").trim_end_matches(" |");
            row.split(" | ").map(shown).collect()
        })
        .collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let needs: Vec<(usize, usize)> = (1..columns)
        .map(|i| {
            let cells = rows.iter().filter_map(|row| row.get(i));
            let lines = cells.flat_map(|cell| cell.split("<br>"));
            lines.fold((1, 1), |(least, most), line| {
                let longest = pieces(line).map(|piece| piece.trim_end().chars().count());
                (
                    least.max(longest.max().unwrap_or(0)),
                    most.max(line.chars().count()),
                )
            })
        })
        .collect();
    let least: usize = needs.iter().map(|(least, _)| least).sum();
    let wanted: usize = needs.iter().map(|(least, most)| most - least).sum();
    let rest = COLUMNS.saturating_sub(least).min(wanted);
    let width = |(least, most): &(usize, usize)| least + rest * (most - least) / wanted.max(1);
    let widths: Vec<usize> = needs.iter().map(width).collect();
    let lines = |row: &Vec<String>| {
        let cells = row.iter().skip(1).zip(&widths);
        let lines = cells.map(|(cell, width)| {
            let lines = cell.split("<br>");
            lines.map(|line| wrapped(line, *width)).sum::<usize>()
        });
        // The head has only empty cells.
        lines.max().unwrap_or(0)
    };
    let heights = rows.iter().map(|row| lines(row) * LINE_HEIGHT + ROW_MARGIN);
    heights.sum()
}

/// The lines that a text takes.
fn wrapped(text: &str, width: usize) -> usize {
    let (mut lines, mut used) = (1, 0);
    for piece in pieces(text) {
        let long = piece.trim_end().chars().count();
        if used > 0 && used + long > width {
            (lines, used) = (lines + 1, 0);
        }
        lines += long.saturating_sub(1) / width;
        used += piece.chars().count();
    }
    lines
}

/// What is kept together at the end of a line.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive([' ', '-'])
}

/// A text without the addresses of its links, which take no room.
fn shown(text: &str) -> String {
    let mut parts = text.split("](");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once(')').map_or("", |(_, rest)| rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_behind_a_click_has_the_height_of_its_summary() {
        let list = "- a\n".repeat(100);
        let folded = format!("<details><summary>x</summary>\n\n{list}\n</details>\n");
        assert_eq!(height(&list), 2400);
        assert_eq!(height(&folded), 40);
        let nested = format!("<details><summary>x</summary>\n\n{folded}\n</details>\n- b\n");
        assert_eq!(height(&nested), 64);
    }

    #[test]
    fn a_column_leaves_the_others_what_they_need() {
        let names = ["`api/orders`"; 8].join(", ");
        let row = |brought: &str| format!("| **create** | {names} | {brought} |\n");
        assert_eq!(height(&row("with 1 version")), 61);
        assert_eq!(
            height(&row(&"`a/long/place/of/a/file.yaml:2:1`".repeat(2))),
            205
        );
    }

    #[test]
    fn rows_have_the_height_of_their_highest_cell() {
        assert_eq!(
            height("| | | |\n|---|---|---|\n| a | b | c<br>d |\n"),
            13 + 61
        );
        let long = "x".repeat(100);
        assert_eq!(height(&format!("| a | {} | b |\n", "x ".repeat(70))), 61);
        // What cannot be broken is scrolled.
        assert_eq!(height(&format!("| a | {long} | b |\n")), 37);
        let link = format!("- [a](https://contoso.com/{long}{long})\n");
        assert_eq!(height(&link), 24);
        assert_eq!(height("```sh\na\nb\n```\n"), 88);
    }
}
