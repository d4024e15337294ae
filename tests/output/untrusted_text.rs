//! Laws that hold for any plan, however foreign its texts.

use apicenter::model::{Diagnostic, code};
use apicenter::output::{
    render_html, render_html_failure, render_markdown, render_markdown_failure,
};
use apicenter::plan::{Action, Plan, Refusal};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::json;

use super::fixtures::{PlanFixture, api, definition, document, environment, version};
use super::markdown_reader::check;

/// Pieces that mean something to Markdown, HTML, shells or the eye.
const PIECES: &[&str] = &[
    "`",
    "``",
    "```",
    "~~~",
    "@team",
    "@org/team",
    "#12",
    "org/repo#3",
    "GH-4",
    "!5",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "</details>",
    "<b>",
    "|",
    "\n",
    "\n\n",
    "\r",
    "\n# x",
    "\n- y",
    "\n```\n",
    "\u{202e}",
    "\u{200b}",
    "\u{2028}",
    "*a*",
    "_b_",
    "[x](http://e.vil)",
    "https://e.vil",
    "www.e.vil",
    "$x$",
    ":tada:",
    "\\",
    "&lt;",
    "word",
    " ",
    "é",
    "👍",
    "deadbeef1",
    "\t",
    "{{script}}",
    "'",
    "\"",
    "0a1b2c3d-1111-2222-3333-444455556666",
];

fn foreign() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

#[derive(Debug, Clone)]
struct Item {
    fate: u8,
    name: String,
    before: String,
    after: String,
    repeat: usize,
}

fn item() -> impl Strategy<Value = Item> {
    (
        0..8_u8,
        foreign(),
        foreign(),
        foreign(),
        prop_oneof![9 => 1..3_usize, 1 => 1..400_usize],
    )
        .prop_map(|(fate, name, before, after, repeat)| Item {
            fate,
            name,
            before,
            after,
            repeat,
        })
}

fn world_of(items: &[Item]) -> (PlanFixture, Plan) {
    let mut world = PlanFixture::new();
    world.prune_all();
    world.options.safety.protect =
        apicenter::model::Patterns::new(["environment/*"]).expect("a pattern");
    let mut refusals = Vec::new();
    let mut warnings = Vec::new();
    for (i, item) in items.iter().enumerate() {
        let Item {
            fate,
            name,
            before,
            after,
            repeat,
        } = item;
        let (before, after) = (before.repeat(*repeat), after.repeat(*repeat));
        let top = api(&format!("{name}{i}"));
        match fate {
            0 => {
                world.live(&top, &json!({"title": before}));
                for n in 0..*repeat {
                    world.live(&version(&top, &format!("{name}{n}")), &json!({}));
                }
            }
            1 => {
                world.live(
                    &environment(&format!("{name}{i}")),
                    &json!({"title": before}),
                );
            }
            2 => {
                world
                    .live(&top, &json!({"title": before, name: "x"}))
                    .unmodelled = json!({name: 1}).as_object().cloned().expect("an object");
                world.declare(
                    &top,
                    &json!({"title": after, "description": before, name: after}),
                );
            }
            3 => {
                world.declare(&top, &json!({"title": after, name: [after, 1]}));
            }
            4 => world.document(
                &definition(&version(&top, "1"), name),
                &before,
                &format!("{after}\nx"),
            ),
            5 => {
                world.declare(&top, &json!({"source": "x"})).document = Some(document(&after));
            }
            6 => {
                let place = Some(world.span());
                refusals.push(Refusal {
                    code: "too-many-deletes".into(),
                    message: before,
                    help: after,
                    place,
                    address: None,
                });
            }
            _ => {
                let place = world.span();
                let warning = Diagnostic::warning(code::UNKNOWN_FIELD, before).at(place, "here");
                warnings.push(warning.help(after));
            }
        }
    }
    // Half of them in a pipeline, with links.
    if items.len() % 2 == 1 {
        world.in_a_pipeline();
    }
    world.options.target.name = items
        .first()
        .map_or(String::new(), |item| item.name.clone());
    world.asked.only = items
        .iter()
        .take(1)
        .map(|item| item.after.clone())
        .collect();
    let mut plan = world.plan();
    plan.refusals.extend(refusals);
    world.diagnostics = warnings;
    (world, plan)
}

/// Every delete is named, or counted where there are too many to name.
fn holds_every_delete(plan: &Plan, markdown: &str) -> bool {
    let deletes = plan
        .changes
        .iter()
        .filter(|c| c.action() == Action::Delete)
        .count();
    if deletes == 0 {
        return true;
    }
    let Some((_, section)) = markdown.split_once("### ⚠️ Deletes: ") else {
        return false;
    };
    let section = section.split("\n\n#").next().unwrap_or_default();
    let is_counted =
        section.contains("- … and ") || markdown.contains("the names of what is deleted");
    is_counted || section.matches('`').count() >= 2 * deletes
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("tests/proptest-regressions"))),
        ..ProptestConfig::with_cases(64)
    })]

    #[test]
    fn comments_stay_within_their_budget_and_hold_no_foreign_markup(
        items in proptest::collection::vec(item(), 0..12),
        budget in prop_oneof![Just(4000_usize), 4000..70_000_usize],
    ) {
        let (world, plan) = world_of(&items);
        let markdown = render_markdown(&plan, &world.review(), budget);
        prop_assert!(markdown.chars().count() <= budget, "{} of {budget}", markdown.chars().count());
        check(&markdown);
        prop_assert!(holds_every_delete(&plan, &markdown), "{}", markdown);
        prop_assert!(!markdown.contains("-1111-2222-") || plan.changes.iter().any(
            |c| c.address.to_string().contains("-1111-2222-")));
        if !plan.refusals.is_empty() {
            prop_assert!(markdown.contains("### ⛔ Refused"));
        }
    }

    #[test]
    fn failures_are_comments_too(messages in proptest::collection::vec(foreign(), 1..200)) {
        let mut world = PlanFixture::new();
        let place = world.span();
        world.diagnostics = messages.iter()
            .map(|m| Diagnostic::error(code::UNKNOWN_FIELD, m.clone()).at(place, "here").help(m.clone()))
            .collect();
        let markdown = render_markdown_failure("prod", &world.review(), 5000);
        prop_assert!(markdown.chars().count() <= 5000);
        check(&markdown);
        super::html::check(&render_html_failure("prod", world.review()).to_string());
    }

    #[test]
    fn pages_hold_foreign_text_as_data_only(items in proptest::collection::vec(item(), 0..6)) {
        let (world, plan) = world_of(&items);
        let page = render_html(&plan, world.review()).to_string();
        super::html::check(&page);
        prop_assert_eq!(page, render_html(&plan, world.review()).to_string());
    }
}
