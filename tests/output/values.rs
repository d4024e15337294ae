//! Values as people write them: dates, times and addresses of the web.

use serde_json::json;

use super::fixtures::{PlanFixture, api};
use super::text::usual;

/// An API whose metadata has dates, and fields that are addresses.
pub(super) fn dates_and_addresses() -> PlanFixture {
    let mut world = PlanFixture::new();
    let body = |launched: &str, reviewed: &str, sunset: &str, terms: &str| {
        json!({"title": "Orders", "kind": "rest", "termsOfService": {"url": terms},
            "externalDocumentation": [{"url": "https://docs.contoso.com/orders"}],
            "customProperties": {"launched": launched, "reviewed": reviewed, "sunset": sunset}})
    };
    world.live(
        &api("orders"),
        &body(
            "2026-03-01T00:00:00Z",
            "2026-03-01T12:00:00+02:00",
            "2027-01-01",
            "https://contoso.com/terms/v1",
        ),
    );
    world.declare(
        &api("orders"),
        &body(
            "2026-04-01T00:00:00Z",
            "2026-03-01T10:00:00.000Z",
            "2027-01-01T00:00:00Z",
            "https://contoso.com/terms/v2",
        ),
    );
    let new = json!({"title": "Carts", "kind": "rest", "termsOfService": {"url": "https://contoso.com/terms/v2"},
        "summary": "In use since 2025; see https://docs.contoso.com/carts, please",
        "customProperties": {"launched": "2025-11-30T18:45:00Z"}});
    world.declare(&api("carts"), &new);
    world
}

/// How each of them changes, and what is said besides.
const CHANGES: [[&str; 3]; 4] = [
    ["customProperties.launched", "2026-03-01", "2026-04-01"],
    [
        "customProperties.reviewed",
        "2026-03-01 12:00 +02:00",
        "2026-03-01 10:00 UTC",
    ],
    [
        "customProperties.sunset",
        "2027-01-01",
        "2027-01-01T00:00:00Z",
    ],
    [
        "termsOfService.url",
        "https://contoso.com/terms/v1",
        "https://contoso.com/terms/v2",
    ],
];

const SAME_TIME: &str = "(the same time, written differently)";

#[test]
fn a_terminal_shows_dates_as_people_read_them() {
    let text = usual(&dates_and_addresses(), 120);
    for [label, before, after] in CHANGES {
        let line = text.lines().find(|line| line.contains(label)).expect(label);
        assert!(line.contains(&format!("{before} → {after}")), "{line}");
        let is_same = label.ends_with("reviewed") || label.ends_with("sunset");
        assert_eq!(line.contains(SAME_TIME), is_same, "{line}");
    }
    // Where there is little room, too.
    let narrow = usual(&dates_and_addresses(), 60);
    for text in [
        "- 2026-03-01 12:00 +02:00",
        "+ 2026-03-01 10:00 UTC",
        SAME_TIME,
    ] {
        assert!(narrow.contains(text), "{narrow}");
    }
}

#[test]
fn a_comment_shows_dates_as_people_read_them_and_links_addresses() {
    let comment = dates_and_addresses().markdown();
    super::markdown_reader::check(&comment);
    let shown = |text: &str| match text.strip_prefix("https://") {
        Some(_) => format!("[`{text}`]({text})"),
        None => format!("`{text}`"),
    };
    for [label, before, after] in CHANGES {
        let change = format!("`{label}` {} → {}", shown(before), shown(after));
        assert!(comment.contains(&change), "{change} in {comment}");
    }
    assert_eq!(
        comment
            .matches(&format!("→ `2027-01-01T00:00:00Z` {SAME_TIME}"))
            .count(),
        1
    );
    assert!(
        comment.contains("+   customProperties.launched: 2025-11-30 18:45 UTC"),
        "{comment}"
    );
}

/// What a link leads to is always what it shows, and it is not something that a forge takes for its own reference.
#[test]
fn only_addresses_that_say_where_they_lead_are_links() {
    let world = |terms: &str| {
        let mut world = PlanFixture::new();
        let body = |terms: &str| json!({"title": "Orders", "termsOfService": {"url": terms}});
        world.live(&api("orders"), &body("https://contoso.com/"));
        world.declare(&api("orders"), &body(terms));
        world
    };
    for terms in [
        "https://github.com@e.vil/",
        "https://e.vil/)](https://x",
        "https://github.com/contoso/apis/issues/3",
        "https://contoso.com/0a1b2c3d-1111-2222-3333-444455556666",
        "javascript:alert(1)",
        "//e.vil",
    ] {
        let comment = world(terms).markdown();
        super::markdown_reader::check(&comment);
        assert_eq!(comment.matches("[`").count(), 1, "{comment}");
    }
}

/// Programs get what is declared.
#[test]
fn json_has_values_as_they_are() {
    let plan = dates_and_addresses().plan().changes;
    let change = plan
        .iter()
        .find(|change| change.address == api("orders"))
        .expect("a change");
    let field = change
        .fields
        .iter()
        .find(|field| field.path == "customProperties.launched");
    assert_eq!(
        field.expect("a field").before,
        Some(json!("2026-03-01T00:00:00Z"))
    );
}
