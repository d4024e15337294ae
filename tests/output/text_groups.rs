//! What a plan for a terminal never hides, however many changes there are and however narrow it is.

use apicenter::kinds;
use apicenter::model::{Body, Diagnostic, Patterns, code};
use apicenter::output::{Extent, PlanView, captions, render_plan};
use apicenter::plan::Plan;
use serde_json::json;
use unicode_width::UnicodeWidthStr as _;

use super::fixtures::{
    PlanFixture, api, definition, digest, document, environment, top, varied, version,
};

/// A plan at a width, with so many lines of a difference.
fn drawn(world: &PlanFixture, plan: &Plan, width: usize, diff_lines: Option<usize>) -> String {
    let captions = captions(&world.desired);
    let view = PlanView {
        sources: &world.sources,
        target: "prod: service contoso in resource group rg-apis",
        from: None,
        captions: &captions,
        extent: Extent::Usual,
        width,
        wraps: false,
        show_unchanged: false,
        show_unmanaged: false,
        diff_lines,
    };
    render_plan(plan, &view).to_string()
}

fn usual(world: &PlanFixture, width: usize) -> String {
    drawn(world, &world.plan(), width, None)
}

fn position(text: &str, part: &str) -> usize {
    text.find(part)
        .unwrap_or_else(|| panic!("no {part:?} in\n{text}"))
}

/// Lines of a plan that remove or add a value, without their sign.
fn sides(text: &str) -> Vec<&str> {
    let lines = text.lines().map(str::trim_start);
    lines
        .filter_map(|line| line.strip_prefix("- ").or_else(|| line.strip_prefix("+ ")))
        .filter(|line| !line.starts_with("environment/") && !line.starts_with("integration/"))
        .collect()
}

/// `n` APIs with a document each that loses operations.
fn broken(world: &mut PlanFixture, n: usize, removed: impl Fn(usize) -> Vec<String>) {
    let head = "openapi: 3.0.3\ninfo: {title: A, version: v1}\npaths:\n  /kept: {}\n";
    let ok = "{responses: {'200': {description: OK}}}";
    for i in 0..n {
        let name = api(&format!("broken-{i:03}"));
        world.both(
            &name,
            &json!({"title": format!("Broken {i}"), "kind": "rest"}),
        );
        let v1 = version(&name, "v1");
        world.both(&v1, &json!({"title": "v1"}));
        let paths: String = removed(i)
            .iter()
            .map(|path| format!("  {path}: {{get: {ok}}}\n"))
            .collect();
        world.document(&definition(&v1, "openapi"), &format!("{head}{paths}"), head);
    }
}

#[test]
fn a_field_that_is_lost_unseen_is_named_however_many_changes_are_alike() {
    let mut world = PlanFixture::new();
    for i in 0..5 {
        let name = api(&format!("orders-{i}"));
        let contacts = json!({"title": "Orders", "contacts": [{"name": "Ada"}]});
        let lost = json!({"contacts": [{"phone": "1"}]});
        world.live(&name, &contacts).unmodelled = lost.as_object().cloned().unwrap();
        world.declare(&name, &json!({"title": "Orders"}));
    }
    let text = usual(&world, 100);
    assert_eq!(text.matches("contacts[0].phone").count(), 5, "{text}");
    assert!(!text.contains("alike"), "{text}");
}

#[test]
fn resource_ids_and_addresses_are_shown_to_their_end() {
    let gateway = |group: &str| {
        format!(
            "/subscriptions/5ab1e000-aaaa-bbbb-cccc-0123456789ab/resourceGroups/{group}/providers/\
             Microsoft.ApiManagement/service/contoso-apim"
        )
    };
    let url = |page: &str| {
        let path = "catalogue/of/many/things/and/others/".repeat(3);
        format!("https://contoso.com/{path}{page}/index.html")
    };
    let mut world = PlanFixture::new();
    let body = |group: &str, page: &str| {
        json!({"instance": gateway(group), "pages": [url(page), "https://contoso.com"],
            "links": [{"title": "Everything that there is to read", "url": url(&format!("link/{page}"))}]})
    };
    world.live(&environment("prod"), &body("rg-old", "before"));
    world.declare(&environment("prod"), &body("rg-new", "after"));
    for width in [40, 80, 100] {
        let text = usual(&world, width);
        for value in [
            gateway("rg-old"),
            gateway("rg-new"),
            url("before"),
            url("after"),
        ] {
            assert!(text.contains(&value), "{width}: no {value} in\n{text}");
        }
        let mut rows = sides(&text);
        assert_eq!(rows.len(), 6, "{text}");
        rows.sort_unstable();
        rows.dedup();
        assert_eq!(rows.len(), 6, "{text}");
    }
}

#[test]
fn items_of_lists_are_cut_where_they_are_the_same() {
    let mut world = PlanFixture::new();
    let item = |word: &str| format!("{} {word} {}", "before ".repeat(20), "after ".repeat(20));
    let body = |words: &[&str]| json!({"title": "P", "notes": words.iter().map(|w| item(w)).collect::<Vec<_>>()});
    world.live(&environment("prod"), &body(&["one", "two", "three"]));
    world.declare(&environment("prod"), &body(&["one", "zwei"]));
    let text = usual(&world, 80);
    for word in [" two ", " three ", " zwei "] {
        assert!(text.contains(word), "no {word} in\n{text}");
    }
    assert!(text.contains("--details"), "{text}");
}

#[test]
fn an_item_that_is_there_less_often_is_no_other_order() {
    let mut world = PlanFixture::new();
    let long = "x".repeat(50);
    let body = |items: &[&str]| json!({"title": "P", "notes": items});
    world.live(&environment("prod"), &body(&[&long, &long, "b"]));
    world.declare(&environment("prod"), &body(&[&long, "b"]));
    let text = usual(&world, 80);
    assert_eq!(sides(&text), [long.as_str()], "{text}");
    world.declare(&environment("prod"), &body(&["b", &long, &long]));
    let text = usual(&world, 80);
    assert!(text.contains("the same items in another order"), "{text}");
}

#[test]
fn what_is_new_below_an_api_says_what_it_brings() {
    let mut world = PlanFixture::new();
    let declare = |world: &mut PlanFixture, n: usize| {
        let name = api(&format!("orders-{n:03}"));
        world.both(&name, &json!({"title": "Orders", "kind": "rest"}));
        let v2 = version(&name, "v2");
        world.declare(&v2, &json!({"title": "v2"}));
        let text = "openapi: 3.0.3\n";
        let definition = definition(&v2, "openapi");
        let body = json!({"source": digest(text)});
        world.declare(&definition, &body).document = Some(document(text));
    };
    declare(&mut world, 0);
    let text = usual(&world, 100);
    assert!(text.contains("+ api/orders-000/version/v2"), "{text}");
    assert!(text.contains("  1 definition"), "{text}");
    for n in 1..120 {
        declare(&mut world, n);
    }
    let text = usual(&world, 100);
    assert!(
        text.contains("+ 120 API versions  with 120 definitions\n"),
        "{text}"
    );
    assert!(!text.contains("API definitions\n"), "{text}");
}

#[test]
fn a_single_break_among_frequent_ones_is_named_and_described() {
    let mut world = PlanFixture::new();
    broken(&mut world, 120, |i| {
        let frequent = (0..6).map(|n| format!("/frequent-{n}"));
        let rare = (i == 77).then(|| "/rare".to_owned());
        frequent.chain(rare).collect()
    });
    let text = usual(&world, 100);
    assert!(text.contains("721 breaking"), "{text}");
    assert!(text.contains("/rare: path removed"), "{text}");
    for n in 0..6 {
        assert!(
            text.contains(&format!("/frequent-{n}: path removed")),
            "{text}"
        );
    }
    for i in 0..120 {
        let name = format!("api/broken-{i:03}/version/v1/definition/openapi");
        assert!(text.contains(&name), "{name} in\n{text}");
    }
}

#[test]
fn cautions_are_counted_where_fields_have_no_rows() {
    let mut world = PlanFixture::new();
    let document = |link: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: A, version: v1}}\npaths:\n  /kept: {{get: {{responses: \
             {{'200': {{description: OK{link}}}}}}}}}\n"
        )
    };
    for i in 0..120 {
        let name = api(&format!("orders-{i:03}"));
        world.both(&name, &json!({"title": "Orders", "kind": "rest"}));
        let v1 = version(&name, "v1");
        world.both(&v1, &json!({"title": "v1"}));
        let before = document(", links: {next: {operationId: n}}");
        let after = document(&format!(", x-number: {i}"));
        world.document(&definition(&v1, "openapi"), &before, &after);
    }
    let text = usual(&world, 100);
    assert!(text.contains("120 cautions"), "{text}");
    assert!(!text.contains("breaking"), "{text}");
}

#[test]
fn steps_of_new_metadata_schemas_are_shown_however_many_there_are() {
    let mut world = PlanFixture::new();
    let schema = |n: usize| top(&kinds::METADATA_SCHEMA.info, &format!("field-{n:03}"));
    for n in 0..100 {
        let assigned = match n < 2 {
            true => json!([{"entity": "api", "required": true}]),
            false => json!([{"entity": "api"}]),
        };
        let body = json!({"schema": {"type": "string"}, "assignedTo": assigned});
        world.declare(&schema(n), &body);
    }
    let values = json!({"field-000": "x", "field-001": "x"});
    world.live(&api("orders"), &json!({"title": "Orders"}));
    let declared = json!({"title": "Orders", "customProperties": values});
    world.declare(&api("orders"), &declared);
    let text = usual(&world, 100);
    assert_eq!(text.matches("so in steps:").count(), 2, "{text}");
    assert!(text.contains("+ 98 metadata schemas"), "{text}");
}

#[test]
fn blocked_deletes_are_named_one_by_one_and_have_no_fields() {
    let mut world = PlanFixture::new();
    world.prune_all();
    world.options.safety.protect = Patterns::new(["environment/prod*"]).expect("a pattern");
    for i in 0..60 {
        let name = environment(&format!("prod-of-a-region-{i:02}"));
        world.live(&name, &json!({"title": format!("Production {i}")}));
    }
    for i in 0..4 {
        let name = api(&format!("orders-{i}"));
        world.live(&name, &json!({"title": "Old"}));
        world.declare(&name, &json!({"title": "New"}));
    }
    let text = usual(&world, 80);
    let blocked = "! 60 environments delete blocked: protected by safety.protect\n";
    assert!(
        position(&text, blocked) < position(&text, "~ 4 APIs alike"),
        "{text}"
    );
    assert!(!text.contains("(none)"), "{text}");
    for i in 0..60 {
        assert!(text.contains(&format!("prod-of-a-region-{i:02}")), "{text}");
    }
    let trees = usual(&varied(), 80);
    let (blocked, changed) = ("! environment/prod-eu", "~ api/orders");
    assert!(position(&trees, blocked) < position(&trees, changed));
}

#[test]
fn what_is_blocked_comes_before_what_changes() {
    let mut world = PlanFixture::new();
    world.prune_all();
    world.options.safety.protect = Patterns::new(["environment/prod*"]).expect("a pattern");
    // Sorts before the blocked one by its address.
    let name = environment("dev");
    world.live(&name, &json!({"title": "Old"}));
    world.declare(&name, &json!({"title": "New"}));
    world.live(&environment("prod"), &json!({"title": "Production"}));
    let text = usual(&world, 100);
    let (blocked, changed) = ("! environment/prod", "~ environment/dev");
    assert!(
        position(&text, blocked) < position(&text, changed),
        "{text}"
    );
}

#[test]
fn warnings_about_what_is_destroyed_are_never_cut() {
    let world = varied();
    let mut plan = world.plan();
    plan.diagnostics.clear();
    let warn = |code: code::Code, n: usize| Diagnostic::warning(code, format!("number {n}"));
    plan.diagnostics
        .extend((0..30).map(|n| warn(code::NOT_SYNCHRONISED, n)));
    plan.diagnostics
        .extend((100..130).map(|n| warn(code::CASCADE, n)));
    plan.diagnostics.push(warn(code::ANONYMOUS_ACCESS, 200));
    plan.diagnostics.push(warn(code::DANGLING_LINK, 300));
    let text = drawn(&world, &plan, 100, None);
    assert_eq!(text.matches("warning: number").count(), 10 + 32, "{text}");
    for n in (0..10).chain(100..130).chain([200, 300]) {
        assert!(
            text.contains(&format!("warning: number {n}\n")),
            "{n} in\n{text}"
        );
    }
    assert!(text.contains("20 more warnings are not shown"), "{text}");
}

#[test]
fn a_value_that_is_cut_leaves_a_hint_to_the_details() {
    let body =
        |word: &str| json!({"title": "P", "description": format!("{}{word}", "long ".repeat(40))});
    let mut world = PlanFixture::new();
    world.live(&environment("prod"), &body("old"));
    world.declare(&environment("prod"), &body("new"));
    assert!(usual(&world, 80).contains("--details"));
    assert!(!usual(&world, 500).contains("--details"));
    let lines =
        |end: &str| json!({"title": "P", "description": format!("{}{end}", "line\n".repeat(3))});
    world.live(&environment("prod"), &lines("old"));
    world.declare(&environment("prod"), &lines(&"new\n".repeat(200)));
    let text = usual(&world, 100);
    assert!(
        text.contains("more lines differ") && text.contains("--details"),
        "{text}"
    );
    // Many fields alike in many resources.
    let mut world = PlanFixture::new();
    let fields = |side: &str| -> Body {
        let fields = (0..12).map(|n| (format!("field{n}"), json!(side)));
        fields.collect()
    };
    for name in ["a", "b", "c"] {
        world.live(&environment(name), &json!(fields("old")));
        world.declare(&environment(name), &json!(fields("new")));
    }
    let text = usual(&world, 100);
    assert!(
        text.contains("and 4 more fields") && text.contains("--details"),
        "{text}"
    );
}

#[test]
fn no_line_of_a_difference_is_shown_where_none_is_asked_for() {
    let mut world = PlanFixture::new();
    let body = |end: &str| json!({"title": "P", "description": format!("one\ntwo\n{end}")});
    world.live(&environment("prod"), &body("three"));
    world.declare(&environment("prod"), &body("four\nfive"));
    let shown = |lines| drawn(&world, &world.plan(), 100, lines);
    let none = shown(Some(0));
    assert!(none.contains("description  +2 −1 lines"), "{none}");
    assert!(!none.contains("four"), "{none}");
    assert!(shown(None).contains("+ four"), "{none}");
}

#[test]
fn wide_characters_and_long_values_fit_the_terminal() {
    let mut world = PlanFixture::new();
    let body = |word: &str| {
        let long = format!("{}{word}{}", "日本語の説明".repeat(30), "終わり".repeat(30));
        json!({"title": format!("文書 {word}"), "description": long, "notes": [long, "x"],
            "text": format!("一行目\n{long}\n三行目"), "limit": {"value": long}})
    };
    for name in ["dev", "test", "prod", "other"] {
        world.live(&environment(name), &body("古い"));
        world.declare(&environment(name), &body("新しい"));
    }
    let alone = environment("alone");
    world.live(&alone, &body("古い"));
    world.declare(
        &alone,
        &json!({"title": "短い", "description": "別の説明".repeat(60)}),
    );
    let schema = top(&kinds::METADATA_SCHEMA.info, "line");
    world.declare(
        &schema,
        &json!({"schema": {"type": "string", "title": "製品".repeat(60)}}),
    );
    for width in [80, 100, 200] {
        let text = usual(&world, width);
        let (changes, _) = text
            .split_once("\nEvery resource")
            .expect("something is cut");
        for line in changes.lines().skip(1) {
            assert!(line.width() <= width, "{width}: {line}");
        }
    }
}
