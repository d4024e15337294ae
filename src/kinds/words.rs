//! The words by which people call kinds on a command line: singular and plural, with or without hyphens.

use super::{KINDS, Kind};

/// The kinds that a word names, such as `apis`, `ApiVersion`, `metadata-schemas` or `apiSources`; case does not
/// matter. A word such as `versions` names several.
#[must_use]
pub fn by_word(word: &str) -> Vec<&'static Kind> {
    let wanted = plain(word);
    let is_named = |kind: &&&Kind| {
        let names = [kind.info.slug, kind.info.name, kind.info.noun];
        !wanted.is_empty()
            && (names.iter().any(|name| is_form_of(&wanted, name))
                || plain(kind.collection) == wanted)
    };
    KINDS.iter().filter(is_named).copied().collect()
}

/// The words of all kinds as this program writes them: singular and plural.
pub fn words() -> impl Iterator<Item = String> {
    let slugs = KINDS.iter().map(|kind| kind.info.slug);
    slugs.flat_map(|slug| [slug.to_owned(), format!("{slug}s")])
}

/// An address or a pattern in which kinds may be in the plural: `apis/orders/versions/*`.
#[must_use]
pub fn singular(address: &str) -> String {
    let mut steps: Vec<String> = address.split('/').map(str::to_owned).collect();
    let kinds = by_word(&steps[0]);
    let Some(top) = kinds.first() else {
        return address.to_owned();
    };
    steps[0] = top.info.slug.to_owned();
    let is_path = matches!(top.location, super::Location::Path(_));
    for step in steps.iter_mut().skip(2).step_by(2).filter(|_| !is_path) {
        let mut below = KINDS.iter().filter(|kind| kind.location.parent().is_some());
        let wanted = plain(step);
        if let Some(kind) = below.find(|kind| is_form_of(&wanted, kind.info.slug)) {
            *step = kind.info.slug.to_owned();
        }
    }
    steps.join("/")
}

/// A word without what people write differently.
fn plain(word: &str) -> String {
    let letters = word.chars().filter(|c| !"-_ ".contains(*c));
    letters.flat_map(char::to_lowercase).collect()
}

fn is_form_of(wanted: &str, name: &str) -> bool {
    let name = plain(name);
    wanted == name || wanted.strip_suffix('s') == Some(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(word: &str) -> Vec<&'static str> {
        by_word(word).iter().map(|kind| kind.info.name).collect()
    }

    #[test]
    fn every_kind_is_named_by_all_of_its_words() {
        for kind in KINDS {
            let info = &kind.info;
            let forms = [info.slug, info.name, info.noun, kind.collection];
            for form in forms.iter().filter(|form| !form.is_empty()) {
                for word in [(*form).to_owned(), form.to_uppercase()] {
                    assert!(names(&word).contains(&info.name), "{word}");
                }
            }
            let plural = format!("{}s", info.slug);
            assert!(names(&plural).contains(&info.name), "{plural}");
            assert!(words().any(|word| word == plural));
        }
        assert_eq!(names("metadataSchemas"), ["MetadataSchema"]);
        assert_eq!(names("api-versions"), ["ApiVersion"]);
        assert_eq!(names("API versions"), ["ApiVersion"]);
        assert_eq!(
            names("versions"),
            ["ApiVersion", "SkillVersion", "AgentVersion"]
        );
        assert!(names("").is_empty() && names("s").is_empty() && names("apiss").is_empty());
    }

    #[test]
    fn addresses_may_have_plurals() {
        for (given, expected) in [
            ("apis/orders", "api/orders"),
            ("API/Orders/versions/*", "api/Orders/version/*"),
            ("api/versions/definitions/x", "api/versions/definition/x"),
            ("environments/apis", "environment/apis"),
            (
                "resources/authConfigs/versions/a/b",
                "resource/authConfigs/versions/a/b",
            ),
            ("**/apis", "**/apis"),
        ] {
            assert_eq!(singular(given), expected);
        }
    }
}
