//! Names that the service takes, from titles that people gave.

use std::collections::BTreeSet;

use crate::manifest::valid_name_near;
use crate::model::NAME_LENGTHS;

/// The longest name made from a title: names appear in addresses and paths, where people read them
/// (chosen here).
const LONGEST: usize = 60;

/// Letters of western alphabets, and how they are written without accents.
const PLAIN: [(&str, &str); 27] = [
    ("àáâãåāăą", "a"),
    ("æä", "ae"),
    ("çćč", "c"),
    ("ďđð", "d"),
    ("èéêëēęě", "e"),
    ("ğ", "g"),
    ("ìíîïīı", "i"),
    ("ł", "l"),
    ("ñńň", "n"),
    ("òóôõøō", "o"),
    ("œö", "oe"),
    ("ř", "r"),
    ("śšş", "s"),
    ("ß", "ss"),
    ("ť", "t"),
    ("þ", "th"),
    ("ùúûūů", "u"),
    ("ü", "ue"),
    ("ýÿ", "y"),
    ("źżž", "z"),
    ("&", " and "),
    ("+", " plus "),
    ("@", " at "),
    ("#", " sharp "),
    ("'", ""),
    ("’", ""),
    ("²", "2"),
];

/// The shortest name made from a title: some clients refuse shorter ones.
const SHORTEST: usize = 3;

/// A resource name from a title: lower case, words joined by hyphens, 3 to 60 characters.
///
/// `None` if the title has no letter or digit that a name can have.
#[must_use]
pub fn resource_name(title: &str) -> Option<String> {
    let mut name = String::new();
    let title = parted(title.trim());
    for c in title.chars().flat_map(char::to_lowercase) {
        let plain = PLAIN.iter().find(|(letters, _)| letters.contains(c));
        match plain {
            Some((_, letters)) => letters.chars().for_each(|c| push(&mut name, c)),
            None => push(&mut name, c),
        }
    }
    let name = shortened(name.trim_matches('-'), LONGEST);
    match name.len() {
        0 => None,
        length if length < SHORTEST => Some(format!("{name}-api")),
        _ => Some(name.to_owned()),
    }
}

/// A title of one word with its humps parted: `ShippingService` is two words, `OpenAPI` is one.
fn parted(title: &str) -> String {
    if title.contains(|c: char| !c.is_alphanumeric()) {
        return title.to_owned();
    }
    let letters: Vec<char> = title.chars().collect();
    let mut words = String::new();
    for (at, c) in letters.iter().enumerate() {
        let after_small = at > 0 && letters[at - 1].is_lowercase();
        let before_small = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        if c.is_uppercase() && after_small && before_small {
            words.push(' ');
        }
        words.push(*c);
    }
    words
}

fn push(name: &mut String, c: char) {
    if c.is_ascii_alphanumeric() {
        name.push(c);
    } else if !name.ends_with('-') {
        name.push('-');
    }
}

/// A name cut after a word, if there is one in its second half.
fn shortened(name: &str, most: usize) -> &str {
    if name.len() <= most {
        return name;
    }
    let head = &name[..most];
    let end = match name[..=most].rfind('-') {
        Some(hyphen) if hyphen > most / 2 => hyphen,
        _ => most,
    };
    head[..end].trim_end_matches('-')
}

/// The name of a version: as it is stated, if a resource can have that name.
pub(super) fn version_name(stated: Option<&str>) -> String {
    stated
        .and_then(|version| valid_name_near(version.trim()).or_else(|| resource_name(version)))
        .unwrap_or_else(|| "1-0-0".to_owned())
}

/// Names that are taken; addresses ignore case.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// The first of these names that is free, or the first with a number.
    pub(super) fn first_free(&mut self, wanted: &str, other: Option<&str>) -> String {
        let is_free = |name: &&str| !self.taken.contains(&name.to_ascii_lowercase());
        match [Some(wanted), other].into_iter().flatten().find(is_free) {
            Some(free) => self.unique(free),
            None => self.unique(wanted),
        }
    }

    /// The wanted name, or the same with a number where it is taken.
    pub(super) fn unique(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 1;
        while !self.taken.insert(name.to_ascii_lowercase()) {
            number += 1;
            let suffix = format!("-{number}");
            let room = *NAME_LENGTHS.end() - suffix.len();
            name = format!("{}{suffix}", shortened(wanted, room));
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::FileFailurePersistence;

    use super::*;
    use crate::model::is_resource_name;

    #[test]
    fn titles_become_names() {
        for (title, name) in [
            ("Orders", Some("orders")),
            (
                "Swagger Petstore - OpenAPI 3.0",
                Some("swagger-petstore-openapi-3-0"),
            ),
            (
                "Bestell-Übersicht für Gäste",
                Some("bestell-uebersicht-fuer-gaeste"),
            ),
            ("Orders & Returns", Some("orders-and-returns")),
            ("Café's API 🚀", Some("cafes-api")),
            ("../../etc/passwd", Some("etc-passwd")),
            ("C#", Some("c-sharp")),
            ("Me", Some("me-api")),
            ("ShippingService", Some("shipping-service")),
            ("OpenAPI", Some("openapi")),
            ("IoT Hub", Some("iot-hub")),
            ("🚀", None),
            ("日本", None),
            ("", None),
        ] {
            assert_eq!(resource_name(title).as_deref(), name, "{title}");
        }
        let long = resource_name(&"lorem ipsum ".repeat(30)).unwrap();
        assert!(long.len() <= LONGEST && long.ends_with("-ipsum"), "{long}");
    }

    #[test]
    fn versions_become_names() {
        for (version, name) in [
            ("1.0.0", "1.0.0"),
            ("v1", "v1"),
            ("2", "2"),
            ("2023-10", "2023-10"),
            ("2024-05-01", "2024-05-01"),
            ("1.0.0-beta.1+x", "1.0.0-beta.1-x"),
            ("V2-Preview", "V2-Preview"),
            ("1_0", "1-0"),
            ("🚀", "1-0-0"),
        ] {
            assert_eq!(version_name(Some(version)), name, "{version}");
        }
    }

    #[test]
    fn taken_names_get_a_number() {
        let mut names = Names::default();
        let long = "a".repeat(90);
        assert_eq!(names.unique("orders"), "orders");
        assert_eq!(names.unique("Orders"), "Orders-2");
        assert_eq!(names.unique("orders"), "orders-3");
        assert_eq!(names.first_free("orders", Some("shop")), "shop");
        assert_eq!(names.first_free("orders", Some("shop")), "orders-4");
        assert_eq!(names.unique(&long), long);
        assert_eq!(names.unique(&long), format!("{}-2", "a".repeat(88)));
    }

    proptest! {
        #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("tests/proptest-regressions"))),
        ..ProptestConfig::default()
    })]

        #[test]
        fn every_name_is_valid(title in "\\PC{0,120}") {
            if let Some(name) = resource_name(&title) {
                prop_assert!(is_resource_name(&name), "{:?}", name);
            }
            prop_assert!(is_resource_name(&version_name(Some(&title))));
        }
    }
}
