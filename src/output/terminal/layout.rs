//! Rows that fit the terminal: what is at the right edge, what is cut, and where lists break.

use std::ops::Range;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::view::PlanView;
use crate::output::styles::faint;
use crate::output::text::{Line, Text, styled};

/// The column to which places are aligned on a wide terminal: farther right, they would be too far from their rows.
const FARTHEST_PLACE: usize = 120;

/// What stands for what was cut.
const CUT: &str = "…";

/// Columns that a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// Adds a row with a place at its right edge. Without room for it, the place is left out, unless all is shown.
pub(super) fn push_row(out: &mut Text, view: &PlanView<'_>, row: Line, place: &str) {
    let (width, place_width) = (row.columns(), columns(place));
    if place.is_empty() {
        out.push(row);
    } else if width + 2 + place_width <= view.width {
        let edge = view.width.min(FARTHEST_PLACE);
        let gap = edge.saturating_sub(width + place_width).max(2);
        out.push(styled![row, " ".repeat(gap), faint(place)]);
    } else if view.shows_all() {
        out.push(styled![row, "  ", faint(place)]);
    } else {
        out.push(row);
    }
}

/// The beginning of a text, in so many columns. An address of the web is shown or left out as a whole.
pub(in crate::output) fn cut_end(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let end = head(text, width.saturating_sub(1)).len();
    let end = match address_around(text, end) {
        // Nothing is left to say before it.
        Some(address) if address.start == 0 => address.end,
        Some(address) => address.start,
        None => end,
    };
    match end == text.len() {
        true => text.to_owned(),
        false => format!("{}{CUT}", &text[..end]),
    }
}

/// The web address that a text has around a place: it is never cut in the middle, because people copy it.
fn address_around(text: &str, at: usize) -> Option<Range<usize>> {
    let is_end = |c: char| c.is_whitespace() || "\"'<>,()[]{}".contains(c);
    let start = text[..at].rfind(is_end).map_or(0, |end| {
        let end_length = text[end..].chars().next().map_or(0, char::len_utf8);
        end + end_length
    });
    let length = text[start..].find(is_end).unwrap_or(text.len() - start);
    let address = start..start + length;
    let schemes = ["https://", "http://"];
    let is_address = schemes
        .iter()
        .any(|scheme| text[start..].starts_with(scheme));
    (is_address && start < at && at < address.end).then_some(address)
}

/// The longest beginning of at most so many columns.
fn head(text: &str, width: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > width
    });
    end.map_or(text, |(end, _)| &text[..end])
}

/// Two texts cut to so many columns, so that what differs stays in sight.
pub(in crate::output) fn cut_around_difference(
    one: &str,
    other: &str,
    width: usize,
) -> (String, String) {
    if columns(one).max(columns(other)) <= width {
        return (one.to_owned(), other.to_owned());
    }
    let same = one
        .chars()
        .zip(other.chars())
        .take_while(|(a, b)| a == b)
        .map(|(c, _)| c.width().unwrap_or(0))
        .sum::<usize>();
    // A third of the room is for what comes before the difference.
    let lead = width / 3;
    if same <= lead {
        return (cut_end(one, width), cut_end(other, width));
    }
    // What is behind the difference gets the room that it does not need itself.
    let longest = columns(one).max(columns(other));
    let skip = (same - lead + 1).min(longest + 1 - width);
    let equal = one.chars().zip(other.chars());
    let equal = equal.take_while(|(a, b)| a == b);
    let differs_at: usize = equal.map(|(c, _)| c.len_utf8()).sum();
    let window = |text: &str| {
        let hidden = head(text, skip).len();
        // An address that differs is shown whole, and another one is hidden whole.
        let start = match (
            address_around(text, differs_at),
            address_around(text, hidden),
        ) {
            (Some(address), _) => address.start,
            (None, Some(address)) => address.end,
            (None, None) => hidden,
        };
        let sign = if start == 0 { "" } else { CUT };
        format!("{sign}{}", cut_end(&text[start..], width - 1))
    };
    (window(one), window(other))
}

/// Names, separated by commas and broken into lines of at most so many columns. With a limit, the lines end with
/// how many names there are besides.
pub(super) fn names(all: &[String], width: usize, most_lines: Option<usize>) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut shown_at_end = vec![0];
    for (i, name) in all.iter().enumerate() {
        let comma = if i + 1 < all.len() { "," } else { "" };
        let last = lines.len() - 1;
        let used = columns(&lines[last]);
        if used > 0 && used + 1 + columns(name) + comma.len() > width {
            lines.push(String::new());
            shown_at_end.push(i);
        } else if used > 0 {
            lines[last].push(' ');
        }
        let last = lines.len() - 1;
        lines[last].push_str(name);
        lines[last].push_str(comma);
        shown_at_end[last] = i + 1;
    }
    let Some(most) = most_lines.filter(|most| lines.len() > *most) else {
        return lines;
    };
    lines.truncate(most);
    end_with_count(&mut lines, all, shown_at_end[most - 1], width);
    lines
}

/// Makes room on the last line for the number of names that are not shown.
fn end_with_count(lines: &mut [String], all: &[String], mut shown: usize, width: usize) {
    let Some(last) = lines.last_mut() else { return };
    loop {
        let more = format!("{CUT} {} more", all.len() - shown);
        if last.is_empty() || columns(last) + 1 + columns(&more) <= width {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(&more);
            return;
        }
        shown -= 1;
        let without = last.len() - all[shown].len() - 1;
        last.truncate(without);
        last.truncate(last.trim_end().len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_columns_not_by_bytes() {
        assert_eq!(cut_end("abcdef", 6), "abcdef");
        assert_eq!(cut_end("abcdef", 4), "abc…");
        assert_eq!(cut_end("日本語", 5), "日本…");
        assert_eq!(cut_end("日本語", 4), "日…");
    }

    #[test]
    fn what_differs_stays_in_sight() {
        let (one, other) = cut_around_difference("abcdefghijkl1xyz", "abcdefghijkl2xyz", 10);
        assert_eq!((one.as_str(), other.as_str()), ("…hijkl1xyz", "…hijkl2xyz"));
        let (one, other) = cut_around_difference("1bcdefghijkl", "2bcdefghijkl", 10);
        assert_eq!((one.as_str(), other.as_str()), ("1bcdefghi…", "2bcdefghi…"));
        let (one, other) = cut_around_difference("a", "b", 10);
        assert_eq!((one.as_str(), other.as_str()), ("a", "b"));
    }

    #[test]
    fn no_address_is_cut_in_the_middle() {
        let address = "https://contoso.com/a/long/path/v1";
        let text = format!("See {address}, please");
        for width in 6..60 {
            let cut = cut_end(&text, width);
            assert!(!cut.contains("http") || cut.contains(address), "{cut}");
        }
        assert_eq!(cut_end(&text, 20), "See …");
        assert_eq!(cut_end(address, 20), address);
        assert_eq!(
            cut_end(&format!("{address} and more"), 20),
            format!("{address}…")
        );
        let lead = "Everything about it is in the description at";
        let one = format!("{lead} {address}");
        let other = one.replace("v1", "v2");
        let (was, now) = cut_around_difference(&one, &other, 30);
        assert_eq!(
            (was, now),
            (
                format!("…{address}"),
                format!("…{}", address.replace("v1", "v2"))
            )
        );
        // One that does not differ is hidden or shown, whole.
        let one = format!("{address} is where it is described in every detail, by Ann");
        let other = one.replace("Ann", "Ben");
        let (was, _) = cut_around_difference(&one, &other, 60);
        assert!(was.ends_with("Ann") && !was.contains("contoso"), "{was}");
    }

    #[test]
    fn names_break_after_a_comma_and_end_with_a_count() {
        let all: Vec<String> = ["alpha", "beta", "gamma", "delta", "epsilon"]
            .map(str::to_owned)
            .into();
        let whole = names(&all, 14, None);
        assert_eq!(whole, ["alpha, beta,", "gamma, delta,", "epsilon"]);
        let cut = names(&all, 14, Some(1));
        assert_eq!(cut, ["… 5 more"]);
        assert_eq!(names(&all, 16, Some(1)), ["alpha, … 4 more"]);
        assert_eq!(
            names(&all, 18, Some(2)),
            ["alpha, beta,", "gamma, … 2 more"]
        );
        assert_eq!(
            names(&all, 100, Some(1)),
            ["alpha, beta, gamma, delta, epsilon"]
        );
        assert!(names(&[], 10, None).concat().is_empty());
    }
}
