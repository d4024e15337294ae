//! Who made the differences of a plan, in numbers.

use std::collections::BTreeMap;

use crate::model::counted;
use crate::plan::{Author, Plan};

/// "Since main (a1b2c3d): 3 differences from the repository, 1 from the portal, 1 from both."; none without a base and
/// without differences.
pub(super) fn author_words(plan: &Plan) -> Option<String> {
    let base = plan.base.as_ref()?;
    let mut counts: BTreeMap<Author, usize> = BTreeMap::new();
    for change in &plan.changes {
        let fields: Vec<Author> = change
            .fields
            .iter()
            .filter_map(|field| field.author)
            .collect();
        let authors = match fields.is_empty() {
            true => change.author.into_iter().collect(),
            false => fields,
        };
        for author in authors {
            *counts.entry(author).or_default() += 1;
        }
    }
    for author in plan.unmanaged_authors.values() {
        *counts.entry(*author).or_default() += 1;
    }
    let from = |author: Author| match author {
        Author::Repository => "from the repository",
        Author::Portal => "from the portal",
        Author::Both => "from both",
    };
    let mut parts: Vec<String> = Vec::new();
    for (author, count) in counts {
        parts.push(match parts.is_empty() {
            true => format!("{} {}", counted(count, "difference"), from(author)),
            false => format!("{count} {}", from(author)),
        });
    }
    (!parts.is_empty()).then(|| format!("Since {base}: {}.", parts.join(", ")))
}
