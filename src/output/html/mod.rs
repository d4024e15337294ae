//! A plan as one page: everything is in the file, nothing is fetched, and only its own code runs.
//!
//! The page carries the plan as JSON and shows it as text; no foreign character ever is markup. Equal
//! plans give equal bytes.

mod arrangement;
mod data;
mod json_text;
mod metadata;

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::data::{Data, escape_json};
use super::review::Review;
use crate::plan::Plan;

const PAGE: &str = include_str!("assets/page.html");
const STYLE: &str = include_str!("assets/page.css");
const SCRIPT: &str = concat!(
    include_str!("assets/dom.js"),
    include_str!("assets/values.js"),
    include_str!("assets/diffs.js"),
    include_str!("assets/rows.js"),
    include_str!("assets/blocks.js"),
    include_str!("assets/filter.js"),
    include_str!("assets/print.js"),
    include_str!("assets/page.js"),
);

/// The place of the data in the template.
const DATA: &str = "{{data}}";

/// Writes a plan as a page.
#[must_use]
pub fn render_html(plan: &Plan, review: &Review<'_>) -> Data {
    Data::html(page(data::of_plan(plan, review)))
}

/// Writes what is wrong with manifests that cannot be planned, as a page.
#[must_use]
pub fn render_html_failure(target: &str, review: &Review<'_>) -> Data {
    Data::html(page(data::of_failure(target, review)))
}

/// Fills the template, whose places are in the order in which they are filled.
fn page(data: String) -> String {
    let escaped = escape_json(&data);
    drop(data);
    let data = escaped;
    let mut out = String::with_capacity(PAGE.len() + STYLE.len() + SCRIPT.len() + data.len());
    let mut rest = PAGE;
    for (place, text) in [
        ("{{policy}}", policy().as_str()),
        ("{{style}}", STYLE),
        (DATA, &data),
        ("{{script}}", SCRIPT),
    ] {
        let (before, after) = rest.split_once(place).unwrap_or((rest, ""));
        out.push_str(before);
        if place == DATA {
            // Inside a script element only `<` can end anything.
            let mut pieces = text.split('<');
            out.push_str(pieces.next().unwrap_or_default());
            for piece in pieces {
                out.push_str("\\u003c");
                out.push_str(piece);
            }
        } else {
            out.push_str(text);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Only this style and this script, and no request to anywhere.
fn policy() -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let mut policy = "default-src 'none'".to_owned();
    let _ = write!(policy, "; style-src {}", hash(STYLE));
    let _ = write!(policy, "; script-src {}", hash(SCRIPT));
    policy.push_str("; img-src data:; base-uri 'none'; form-action 'none'");
    policy.push_str("; require-trusted-types-for 'script'; trusted-types 'none'");
    policy
}
