//! How high a part is on the page of a forge, which decides what is behind a click.

/// Two screens, in points (chosen here). Measured with the styles of GitHub, whose rows are the highest, at the
/// width of a comment.
pub(super) const TWO_SCREENS: usize = 1800;

/// The frames around the fields and the documents.
pub(super) const FRAMES: usize = 80;

/// Characters of a line of a comment, and of the widest column of a table.
const LINE: usize = 105;
const CELL: usize = 60;

const LINE_HEIGHT: usize = 24;
/// What is around the lines of a row of a table, a paragraph, a heading and a block of code.
const ROW_MARGIN: usize = 13;
const PARAGRAPH_MARGIN: usize = 16;
const HEADING_MARGIN: usize = 46;
const CODE_LINE_HEIGHT: usize = 20;
const CODE_MARGIN: usize = 48;

/// The height of what is seen without a click.
pub(super) fn height(markdown: &str) -> usize {
    let (mut height, mut depth, mut is_code) = (0, 0_usize, false);
    for line in markdown.lines() {
        let is_fence = line.trim_start().starts_with("```");
        if is_fence && depth == 0 {
            is_code = !is_code;
            height += if is_code { CODE_MARGIN } else { 0 };
            continue;
        }
        if line.starts_with("<details>") {
            if depth == 0 {
                height += LINE_HEIGHT + PARAGRAPH_MARGIN;
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
    height
}

fn of_line(line: &str) -> usize {
    match line.trim_start() {
        "" => 0,
        text if text.starts_with("<!--") || text.starts_with("|---") => 0,
        text if text.starts_with('#') => wrapped(text, LINE) * LINE_HEIGHT + HEADING_MARGIN,
        text if text.starts_with('|') => {
            let cells = text.split(" | ").map(|cell| {
                let lines = cell.split("<br>");
                lines.map(|line| wrapped(line, CELL)).sum::<usize>()
            });
            cells.max().unwrap_or(1) * LINE_HEIGHT + ROW_MARGIN
        }
        text if text.starts_with("- ") => wrapped(text, LINE) * LINE_HEIGHT,
        text => wrapped(text, LINE) * LINE_HEIGHT + PARAGRAPH_MARGIN,
    }
}

/// The lines that a text takes. The address of a link takes no room.
fn wrapped(text: &str, width: usize) -> usize {
    let mut parts = text.split("](");
    let first = parts.next().map_or(0, |part| part.chars().count());
    let rest = parts.map(|part| {
        let shown = part.split_once(')').map_or("", |(_, rest)| rest);
        shown.chars().count()
    });
    (first + rest.sum::<usize>()).div_ceil(width).max(1)
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
    fn rows_have_the_height_of_their_highest_cell() {
        assert_eq!(
            height("| | | |\n|---|---|---|\n| a | b | c<br>d |\n"),
            37 + 61
        );
        let long = "x".repeat(100);
        assert_eq!(height(&format!("| {long} | b |\n")), 61);
        let link = format!("- [a](https://contoso.com/{long}{long})\n");
        assert_eq!(height(&link), 24);
        assert_eq!(height("```sh\na\nb\n```\n"), 88);
    }
}
