//! A plan as one page: everything is in the file, nothing is fetched, and only its own code runs.
//!
//! The page carries the plan as JSON and shows it as text; no foreign character ever is markup. Equal
//! plans give equal bytes.

mod arrangement;
mod data;
mod json_text;
mod metadata;

use std::fmt::Write as _;
use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::data::Data;
use super::review::Review;
use crate::plan::Plan;

const PAGE: &str = include_str!("assets/page.html");

/// The style that pages of this program have in common.
pub const BASE_STYLE: &str = include_str!("assets/base.css");

/// The script with which pages of this program show text of others: `el` and `visible`.
pub const NODES_SCRIPT: &str = include_str!("assets/nodes.js");

const STYLE: &str = concat!(
    include_str!("assets/base.css"),
    include_str!("assets/page.css")
);
const SCRIPT: &str = concat!(
    include_str!("assets/nodes.js"),
    include_str!("assets/dom.js"),
    include_str!("assets/values.js"),
    include_str!("assets/diffs.js"),
    include_str!("assets/rows.js"),
    include_str!("assets/blocks.js"),
    include_str!("assets/filter.js"),
    include_str!("assets/print.js"),
    include_str!("assets/page.js"),
);

/// Writes a plan as a page.
#[must_use]
pub fn render_html<'a>(plan: &'a Plan, review: Review<'a>) -> Data<'a> {
    Data::html(move |out| page(out, |out| data::of_plan(plan, &review, out)))
}

/// Writes what is wrong with manifests that cannot be planned, as a page.
#[must_use]
pub fn render_html_failure<'a>(target: &'a str, review: Review<'a>) -> Data<'a> {
    Data::html(move |out| page(out, |out| data::of_failure(target, &review, out)))
}

/// Fills the template, whose places are in the order in which they are filled.
fn page(
    out: &mut dyn io::Write,
    data: impl Fn(&mut dyn io::Write) -> io::Result<()>,
) -> io::Result<()> {
    let policy = policy();
    let mut rest = PAGE;
    for (place, text) in [
        ("{{policy}}", Some(policy.as_str())),
        ("{{style}}", Some(STYLE)),
        ("{{data}}", None),
        ("{{script}}", Some(SCRIPT)),
    ] {
        let (before, after) = rest.split_once(place).unwrap_or((rest, ""));
        out.write_all(before.as_bytes())?;
        match text {
            Some(text) => out.write_all(text.as_bytes())?,
            None => data(out)?,
        }
        rest = after;
    }
    out.write_all(rest.as_bytes())
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
