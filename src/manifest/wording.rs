//! Words that help: the nearest known name, and lists in a sentence.

use std::cell::Cell;

/// Names that the searches of one rule compare in all (chosen here: 50 searches in a full service).
const MOST_COMPARED: usize = 500_000;

/// Most words of a list in a sentence (chosen here).
const MOST_LISTED: usize = 60;

/// Longest word that is compared, in characters (chosen here: no name is longer, and the time and memory of a
/// comparison grow with the product of both lengths).
const LONGEST_COMPARED: usize = 500;

/// Shortest word that is taken for the beginning of a longer one, in characters (chosen here).
const SHORTEST_ABBREVIATION: usize = 3;

/// Shortest word in which a single wrong letter leaves no doubt, in characters (chosen here: `uri` may be `url`).
const SHORTEST_SURE: usize = 4;

/// The searches for near names that one rule may still make.
///
/// Each takes time that grows with the number of known names, which grows with the project as the number of
/// problems may: after so many, a problem is reported without the name that may be meant.
pub(crate) struct NearSearches {
    left: Cell<usize>,
}

impl Default for NearSearches {
    fn default() -> Self {
        Self {
            left: Cell::new(MOST_COMPARED),
        }
    }
}

impl NearSearches {
    /// Whether one more search among so many names is affordable; if so, it counts.
    pub(crate) fn afford(&self, names: usize) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(names));
        left > 0
    }
}

/// "did you mean `title`?" where a known word is near enough, or only one begins like this.
pub(crate) fn did_you_mean(word: &str, known: &[&str]) -> Option<String> {
    meant(word, known).map(|near| format!("did you mean `{near}`?"))
}

/// The known word that another one means: the nearest, or the only one that begins like it.
pub(crate) fn meant<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    nearest(word, known).or_else(|| abbreviated(word, known))
}

/// The only known word that begins with another one, such as `production` for `prod`.
fn abbreviated<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let start = word.to_lowercase();
    if start.chars().count() < SHORTEST_ABBREVIATION {
        return None;
    }
    let mut longer = known
        .iter()
        .filter(|candidate| candidate.to_lowercase().starts_with(&start));
    let first = longer.next()?;
    longer.next().is_none().then_some(*first)
}

/// Whether a word can only mean this known one: it is written with other capitals, hyphens or underscores, or one
/// letter of it is wrong and no other known word is as near.
pub(crate) fn is_surely(word: &str, near: &str, known: &[&str]) -> bool {
    let (word, near) = (folded(word), folded(near));
    if word == near {
        return true;
    }
    let distance = |other: &str| strsim::damerau_levenshtein(&word, other);
    let is_long = near.chars().count().min(word.chars().count()) >= SHORTEST_SURE;
    let is_near = |other: &String| {
        other.chars().count().abs_diff(word.chars().count()) <= 1 && distance(other) <= 1
    };
    is_long
        && is_near(&near)
        && known
            .iter()
            .map(|other| folded(other))
            .filter(is_near)
            .count()
            == 1
}

/// Whether two words differ only in capitals, hyphens or underscores. Of names that people choose, two that differ
/// in a letter may both be right.
pub(crate) fn is_same_word(word: &str, other: &str) -> bool {
    folded(word) == folded(other)
}

/// A word without what people write in different ways.
fn folded(word: &str) -> String {
    let letters = word.chars().filter(|c| !matches!(c, '-' | '_' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}

/// The known word nearest to a misspelt one; `None` where none is near.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let (length, lower_length) = (word.chars().count(), lower.chars().count());
    if lower_length > LONGEST_COMPARED {
        return None;
    }
    let wanted = letters(&lower);
    known
        .iter()
        .filter_map(|candidate| {
            let most = 1 + candidate.chars().count().max(length) / 4;
            let other = candidate.to_lowercase();
            // A distance is at least the difference of the lengths, and takes as much memory as their product.
            if other.chars().count().abs_diff(lower_length) > most {
                return None;
            }
            // One edit changes at most one character of each word.
            if (letters(&other) ^ wanted).count_ones() as usize > 2 * most {
                return None;
            }
            let distance = strsim::damerau_levenshtein(&lower, &other);
            (distance <= most).then_some((distance, *candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The characters of a word as a set, in which some share a place.
fn letters(word: &str) -> u64 {
    word.chars()
        .fold(0, |set, letter| set | 1 << (u32::from(letter) % 64))
}

/// "`a`, `b` and `c`"; of many words, the first and how many more there are.
pub(crate) fn list(words: &[&str], last: &str) -> String {
    match words {
        [] => "none".to_owned(),
        [only] => format!("`{only}`"),
        words if words.len() > MOST_LISTED => {
            let (head, rest) = words.split_at(MOST_LISTED);
            let head: Vec<String> = head.iter().map(|word| format!("`{word}`")).collect();
            format!("{} {last} {} more", head.join(", "), rest.len())
        }
        [head @ .., tail] => {
            let head: Vec<String> = head.iter().map(|word| format!("`{word}`")).collect();
            format!("{} {last} `{tail}`", head.join(", "))
        }
    }
}

/// A text in back quotes, cut where it is long.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        format!("`{short}…`")
    } else {
        format!("`{short}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_the_first_of_the_least_distance() {
        let known = ["title", "tilte", "Summary", "kind"];
        for (word, near) in [
            ("titel", Some("title")),
            ("SUMARY", Some("Summary")),
            ("kin", Some("kind")),
            ("kinds", Some("kind")),
            ("kindest", None),
            ("other", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, &known), near, "{word}");
        }
        // The lengths of the lower-case forms count, but the allowance is that of the words as written.
        assert_eq!(
            nearest("i\u{307}i\u{307}i\u{307}", &["\u{130}\u{130}\u{130}"]),
            Some("\u{130}\u{130}\u{130}")
        );
    }

    #[test]
    fn a_beginning_means_the_only_word_that_begins_so() {
        let known = ["design", "development", "testing", "preview", "production"];
        for (word, near) in [
            ("prod", Some("production")),
            ("Dev", Some("development")),
            ("test", Some("testing")),
            ("de", None),
            ("pr", None),
            ("preprod", None),
        ] {
            assert_eq!(meant(word, &known), near, "{word}");
        }
    }

    #[test]
    fn one_wrong_letter_leaves_no_doubt_in_a_long_word() {
        let known = ["title", "url", "lifecycleStage", "name", "file", "tile"];
        for (word, near, is_sure) in [
            ("lifecycle_stage", "lifecycleStage", true),
            ("LifecycleStage", "lifecycleStage", true),
            ("URL", "url", true),
            ("lifecyleStage", "lifecycleStage", true),
            ("nmae", "name", true),
            ("names", "name", true),
            ("uri", "url", false),
            ("tille", "title", false),
            ("lifecycle", "lifecycleStage", false),
        ] {
            assert_eq!(is_surely(word, near, &known), is_sure, "{word}");
        }
    }

    #[test]
    fn many_searches_among_many_names_are_not_made() {
        let searches = NearSearches::default();
        let made = (0..100_000).filter(|_| searches.afford(10_000)).count();
        assert_eq!(made, 50);
        assert!(!searches.afford(0), "nor small ones after them");
    }

    #[test]
    fn a_long_list_says_how_much_it_leaves_out() {
        let words = vec!["a"; MOST_LISTED + 3];
        let text = list(&words, "or");
        assert!(text.ends_with("`a`, `a` or 3 more"), "{text}");
        assert_eq!(text.matches("`a`").count(), MOST_LISTED);
    }

    #[test]
    fn a_word_of_another_length_is_not_compared() {
        // The table of distances would not fit into any memory.
        let long = "k".repeat(10_000_000);
        assert_eq!(nearest(&long, &["description", "kind"]), None);
        let longer = "k".repeat(20_000_000);
        assert_eq!(nearest(&long, &[longer.as_str(), "kind"]), None);
        let same = format!("{}x", "k".repeat(100_000));
        assert_eq!(nearest(&same, &[&same.replace('x', "y")]), None);
        let short = format!("{}x", "k".repeat(400));
        let near = short.replace('x', "y");
        assert_eq!(nearest(&short, &[&near]), Some(near.as_str()));
    }
}
