//! What a file with a syntax error seems to declare.

use std::sync::LazyLock;

use regex::Regex;

static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?m)(?:^|[\s{,\["'-])name["']?\s*:\s*["']?([^\s"',}\]#]+)"#).expect("a pattern")
});

/// Every name in a text, whatever it is the name of.
pub(super) fn names(text: &str) -> impl Iterator<Item = String> {
    NAME.captures_iter(text).map(|found| found[1].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_notation() {
        let text = "metadata: {name: a}\nmetadata:\n  name: 'b' # c\n- name: d\n\"name\": \"e\"\nsurname: f\n{kind: Api, name: g";
        assert_eq!(names(text).collect::<Vec<_>>(), ["a", "b", "d", "e", "g"]);
    }
}
