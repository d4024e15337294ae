//! Words that help: the nearest known name, and lists in a sentence.

/// "did you mean `title`?" where a known word is near enough.
pub(crate) fn did_you_mean(word: &str, known: &[&str]) -> Option<String> {
    nearest(word, known).map(|near| format!("did you mean `{near}`?"))
}

/// The known word nearest to a misspelt one; `None` where none is near.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let (length, lower_length) = (word.chars().count(), lower.chars().count());
    known
        .iter()
        .filter_map(|candidate| {
            let most = 1 + candidate.chars().count().max(length) / 4;
            let other = candidate.to_lowercase();
            // A distance is at least the difference of the lengths, and takes as much memory as their product.
            if other.chars().count().abs_diff(lower_length) > most {
                return None;
            }
            let distance = strsim::damerau_levenshtein(&lower, &other);
            (distance <= most).then_some((distance, *candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// "`a`, `b` and `c`".
pub(crate) fn list(words: &[&str], last: &str) -> String {
    match words {
        [] => "none".to_owned(),
        [only] => format!("`{only}`"),
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
    fn a_word_of_another_length_is_not_compared() {
        // The table of distances would not fit into any memory.
        let long = "k".repeat(10_000_000);
        assert_eq!(nearest(&long, &["description", "kind"]), None);
        let longer = "k".repeat(20_000_000);
        assert_eq!(nearest(&long, &[longer.as_str(), "kind"]), None);
    }
}
