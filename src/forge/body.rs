//! The text of a comment: marker, plan, links.

use std::str::FromStr;

use super::error::ForgeError;
use super::marker::Marker;
use crate::http::Url;

/// A link that is appended, such as one to an artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    text: String,
    url: Url,
}

impl FromStr for Link {
    type Err = String;

    /// Reads `TEXT=URL`.
    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let (text, url) = given
            .split_once('=')
            .filter(|(text, _)| !text.trim().is_empty())
            .ok_or("expected TEXT=URL")?;
        let url = Url::parse(url.trim()).map_err(|error| format!("no URL: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("only http and https links can be followed".to_owned());
        }
        Ok(Self {
            text: text.trim().to_owned(),
            url,
        })
    }
}

impl Link {
    fn markdown(&self) -> String {
        let mut text = String::new();
        for c in self.text.chars() {
            match c {
                '\\' | '[' | ']' | '<' | '>' | '`' | '*' | '_' | '|' | '@' | '&' | '!' => {
                    text.extend(['\\', c]);
                }
                c if c.is_control() => text.push(' '),
                c => text.push(c),
            }
        }
        let url = self.url.as_str().replace('(', "%28").replace(')', "%29");
        format!("[{text}]({url})")
    }
}

/// The text of a comment and the marker that it begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentBody {
    pub(super) marker: Marker,
    pub(super) text: String,
    says_no_changes: bool,
}

impl CommentBody {
    /// Puts a comment together. A marker that the text begins with wins over the target's.
    ///
    /// # Errors
    /// If the text is empty, or there is neither a marker nor a target.
    pub fn compose(text: &str, target: Option<&str>, links: &[Link]) -> Result<Self, ForgeError> {
        let text = text.trim_start_matches('\u{feff}').trim();
        let (marker, text) = match (Marker::at_start(text), target) {
            (Some(marker), _) => {
                let rest = text[marker.to_string().len()..].trim_start();
                (marker, rest)
            }
            (None, Some(target)) => (Marker::of(target), text),
            (None, None) => {
                return Err(ForgeError::usage(
                    "the text does not begin with a marker, so it is not known which comment it \
                     replaces",
                )
                .help("say which target the plan is for: --target NAME"));
            }
        };
        if text.is_empty() {
            return Err(ForgeError::usage("the text of the comment is empty"));
        }
        let mut whole = format!("{marker}\n{text}\n");
        if !links.is_empty() {
            let links: Vec<String> = links.iter().map(Link::markdown).collect();
            whole.push_str(&format!("\n{}\n", links.join(" · ")));
        }
        Ok(Self {
            says_no_changes: says_no_changes(text),
            marker,
            text: whole,
        })
    }

    /// Whether the text says that there is nothing to change.
    #[must_use]
    pub fn says_no_changes(&self) -> bool {
        self.says_no_changes
    }
}

/// Lines at the top in which the verdict is looked for; further down it may be quoted from anywhere.
const VERDICT_LINES: usize = 2;

fn says_no_changes(text: &str) -> bool {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut first = lines.take(VERDICT_LINES);
    first.any(|line| {
        let words = line
            .trim_start_matches(['#', '*', '_', ' ', ':'])
            .to_ascii_lowercase();
        let is_heading = line.starts_with('#');
        let verdict = words.trim_end_matches(['.', '*', '_', ' ']);
        verdict == "no changes"
            || words.starts_with("no changes.")
            || (is_heading && verdict.ends_with(": no changes"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marker_of_the_text_wins_over_the_targets() {
        let own = CommentBody::compose(
            "\u{feff}\n<!-- apicenter-plan:dev -->\n\n## Plan",
            Some("prod"),
            &[],
        )
        .unwrap();
        assert_eq!(own.text, "<!-- apicenter-plan:dev -->\n## Plan\n");
        let given = CommentBody::compose("## Plan", Some("prod"), &[]).unwrap();
        assert_eq!(given.text, "<!-- apicenter-plan:prod -->\n## Plan\n");
        assert!(CommentBody::compose("## Plan", None, &[]).is_err());
        assert!(CommentBody::compose("<!-- apicenter-plan:dev -->\n", None, &[]).is_err());
    }

    #[test]
    fn links_are_appended_and_cannot_break_out() {
        let links = [
            "Plan file=https://ci.example/1",
            "x](http://evil) @all=https://a.example/b(c)",
        ];
        let links = links.map(|link| link.parse().unwrap());
        let body = CommentBody::compose("## Plan", Some("prod"), &links).unwrap();
        let last = body.text.lines().last().unwrap();
        assert_eq!(
            last,
            "[Plan file](https://ci.example/1) · [x\\](http://evil) \
             \\@all](https://a.example/b%28c%29)"
        );
        for bad in ["https://a.example", "=https://a.example", "x=javascript:1"] {
            assert!(bad.parse::<Link>().is_err(), "{bad}");
        }
    }

    #[test]
    fn no_changes_is_read_from_the_top_only() {
        let says = |text: &str| {
            CommentBody::compose(text, Some("x"), &[])
                .unwrap()
                .says_no_changes()
        };
        assert!(says(
            "## Plan for `prod`\n\nNo changes. The service is as declared."
        ));
        assert!(says("## Plan for `prod`: no changes"));
        assert!(says("**No changes.**"));
        assert!(!says("## Plan for `prod`: 1 to add"));
        assert!(!says("## Plan\n1 to add\n\nNo changes."));
        assert!(!says("## Plan\n```\nNo changes.\n```"));
    }
}
