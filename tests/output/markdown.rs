//! Comments, one matter each.

use apicenter::kinds;
use apicenter::model::{Body, Diagnostic, Patterns, Suggestion, code};
use apicenter::output::render_markdown_failure;
use serde_json::json;

use super::fixtures::{
    PlanFixture, api, cascade, definition, digest, document, environment, large, service, top,
    varied, version,
};
use super::markdown_reader::check;
use super::text::alike;

fn shown(world: &PlanFixture) -> String {
    let markdown = world.markdown();
    check(&markdown);
    markdown
}

#[test]
fn nothing_to_do_is_short() {
    let mut world = PlanFixture::new();
    world.both(&api("orders"), &json!({"title": "Orders"}));
    insta::assert_snapshot!(shown(&world));
}

#[test]
fn a_new_api_with_all_below_it() {
    let mut world = PlanFixture::new();
    let v1 = version(&api("orders"), "1-0-0");
    world.declare(&api("orders"), &json!({"title": "Orders", "kind": "rest"}));
    world.declare(&v1, &json!({"title": "1.0.0"}));
    let text = "openapi: 3.0.3\n";
    world
        .declare(
            &definition(&v1, "openapi"),
            &json!({"source": digest(text)}),
        )
        .document = Some(document(text));
    insta::assert_snapshot!(shown(&world));
}

#[test]
fn an_update_shows_each_field_with_its_place() {
    let mut world = PlanFixture::new();
    world
        .live(
            &api("orders"),
            &json!({"title": "Orders", "summary": "Old", "description": "One.\nTwo.\n"}),
        )
        .unmodelled = json!({"futureField": 1}).as_object().cloned().unwrap();
    world.declare(
        &api("orders"),
        &json!({"title": "Order API", "description": "One.\nThree.\n", "kind": "rest"}),
    );
    insta::assert_snapshot!(shown(&world));
}

#[test]
fn deletes_are_named_one_by_one() {
    let mut world = PlanFixture::new();
    world.prune_all();
    world.live(&api("legacy"), &json!({"title": "Legacy"}));
    world.live(&version(&api("legacy"), "1-0-0"), &json!({}));
    world.live(&environment("old"), &json!({}));
    insta::assert_snapshot!(shown(&world));
}

#[test]
fn blocked_changes_say_which_rule_and_what_it_stops() {
    let mut world = PlanFixture::new();
    world.prune_all();
    world.options.safety.protect = Patterns::new(["environment/prod*"]).unwrap();
    world.live(&environment("prod-eu"), &json!({"title": "Production"}));
    insta::assert_snapshot!(shown(&world));
}

#[test]
fn a_refused_plan_says_so_first() {
    let mut world = PlanFixture::new();
    world.live(&service(), &json!({"location": "westeurope"}));
    world.declare(&service(), &json!({"location": "northeurope"}));
    world.declare(&api("orders"), &json!({"title": "Orders"}));
    insta::assert_snapshot!(shown(&world));
}

#[test]
fn documents_are_shown_line_by_line() {
    let mut world = PlanFixture::new();
    let at = definition(&version(&api("orders"), "1-0-0"), "openapi");
    let before = "info:\n  title: A\npaths:\n  /a: {}\n  /b: {}\n";
    world.document(
        &at,
        before,
        &before
            .replace("/b", "/c")
            .replace("title: A", "title: ```A"),
    );
    insta::assert_snapshot!(shown(&world));
}

#[test]
fn everything_together() {
    let mut world = varied();
    world.show_unchanged = true;
    world.options.prune.enabled = false;
    let place = world.span();
    let warning = Diagnostic::warning(code::UNKNOWN_VALUE, "`rset` is not a known kind of API");
    world
        .diagnostics
        .push(warning.at(place, "here").help("did you mean `rest`?"));
    insta::assert_snapshot!(shown(&world));
}

#[test]
fn what_is_asked_for_is_in_the_command() {
    let mut world = PlanFixture::new();
    world.declare(&api("orders"), &json!({"title": "Orders"}));
    world.asked.only = vec!["api/orders*".to_owned()];
    world.asked.prune = true;
    world.options.target.name = "it's".to_owned();
    let markdown = shown(&world);
    let id = world.plan().id;
    let command =
        format!(r"apicenter apply --expect-plan {id} -t 'it'\''s' --only 'api/orders*' --prune");
    assert!(markdown.contains(&command), "{markdown}");
    assert!(
        markdown.starts_with("<!-- apicenter-plan:it%27s -->\n"),
        "{markdown}"
    );
}

#[test]
fn manifests_that_cannot_be_planned() {
    let mut world = PlanFixture::new();
    let place = world.span();
    let error = Diagnostic::error(code::UNKNOWN_FIELD, "unknown field `titel`");
    world
        .diagnostics
        .push(error.at(place, "here").help("did you mean `title`?"));
    let markdown = render_markdown_failure("prod", &world.review(), 60_000);
    check(&markdown);
    insta::assert_snapshot!(markdown);
}

#[test]
fn ids_of_subscriptions_and_principals_are_cut() {
    let markdown = shown(&varied());
    assert!(
        markdown.contains("`5ab1e000…`") && markdown.contains("0a1b2c3d…"),
        "{markdown}"
    );
    assert!(
        !markdown.contains("-1111-") && !markdown.contains("-aaaa-"),
        "{markdown}"
    );
}

#[test]
fn the_emulator_has_no_subscription() {
    let mut world = PlanFixture::new();
    world.is_emulator = true;
    let markdown = shown(&world);
    assert!(
        markdown.contains("Service `contoso` in the embedded emulator ·"),
        "{markdown}"
    );
    assert!(!markdown.contains("5ab1e000"), "{markdown}");
    assert!(!world.html().contains("5ab1e000"));
}

#[test]
fn a_long_plan_loses_what_matters_least() {
    let world = large(1000);
    let markdown = world.markdown();
    check(&markdown);
    assert!(
        markdown.contains("Left out to stay within 60,000 characters"),
        "{markdown}"
    );
    for budget in [60_000, 10_000] {
        let markdown = world.markdown_within(budget);
        let (_, deletes) = markdown.split_once("### ⚠️ Deletes: ").expect("deletes");
        let (deletes, _) = deletes.split_once("\n###").expect("more than deletes");
        for i in (0..1000).step_by(10) {
            assert!(deletes.contains(&format!("`api/api-{i:05}`")), "{i}");
        }
    }
    insta::assert_snapshot!(world.markdown_within(4000));
}

#[test]
fn the_same_change_of_many_apis_is_one_row() {
    let mut world = alike(189);
    world.in_a_pipeline();
    let markdown = shown(&world);
    assert!(is_two_screens(&markdown), "{markdown}");
    let (changes, _) = markdown
        .split_once("<details>")
        .expect("something is behind a click");
    insta::assert_snapshot!(changes);
}

#[test]
fn a_day_of_changes_is_seen_at_once() {
    let mut world = a_day();
    world.in_a_pipeline();
    insta::assert_snapshot!(shown(&world));
}

/// Deletes, breaking definitions, and changes of short and of long values.
fn a_day() -> PlanFixture {
    let mut world = varied();
    for i in 0..40 {
        let name = api(&format!("partner-{i:02}"));
        world.both(
            &name,
            &json!({"title": format!("Partner {i}"), "kind": "rest"}),
        );
        world.both(&version(&name, "v1"), &json!({"title": "v1"}));
        let text = |more: &str| {
            format!(
                "openapi: 3.0.3\ninfo: {{title: P{i}}}\npaths:\n  /orders: {{get: {{}}{more}}}\n"
            )
        };
        let at = definition(&version(&name, "v1"), "openapi");
        world.document(&at, &text(", delete: {}"), &text(""));
    }
    let body = |team: &str, summary: &str| {
        json!({"title": "Payments", "kind": "rest", "summary": summary,
            "customProperties": {"team": team, "pattern": format!("^({team}|x)$")}})
    };
    let long = "Takes payments of all kinds, and gives them back when somebody asks for it";
    world.live(&api("payments"), &body("checkout", &format!("{long}.")));
    world.declare(
        &api("payments"),
        &body("platform", &format!("{long} twice.")),
    );
    world
}

/// Whether what is seen without a click takes at most two screens, by the lines that a forge shows at least.
fn is_two_screens(markdown: &str) -> bool {
    let (mut rows, mut depth) = (0, 0);
    for line in markdown.lines().filter(|line| !line.is_empty()) {
        let opens = line.matches("<details>").count();
        if depth == 0 {
            let text = line.split("](").map(|part| match part.split_once(')') {
                Some((url, rest)) if url.starts_with("https://") => rest,
                _ => part,
            });
            let long = text.map(|part| part.chars().count()).sum::<usize>();
            rows += 1 + long / 120 + line.matches("<br>").count();
        }
        depth += opens;
        depth -= line.matches("</details>").count();
    }
    rows <= 76
}

/// Fields of many APIs that are addresses of the web, each long and each another.
fn addresses() -> PlanFixture {
    let mut world = PlanFixture::new();
    for i in 0..60 {
        let name = api(&format!("address-{i}"));
        let body = |version: &str| {
            let page = format!("https://docs.contoso.com/products/payments/{version}/service-{i}");
            json!({"title": format!("Service {i}"), "kind": "rest",
                "termsOfService": {"url": format!("{page}/terms-of-service.html")},
                "license": {"name": "MIT", "url": format!("{page}/licence.html")}})
        };
        world.live(&name, &body("v1"));
        world.declare(&name, &body("v2"));
    }
    world
}

/// Plans that are large, each in another way.
fn worlds() -> Vec<(&'static str, PlanFixture)> {
    let broken = |n: usize| {
        let mut world = large(n);
        for i in 0..n {
            let at = definition(&version(&api(&format!("broken-{i}")), "v1"), "openapi");
            let text = |path: usize| {
                format!("openapi: 3.0.3\ninfo: {{}}\npaths:\n  /p{path}: {{get: {{}}}}\n")
            };
            world.document(&at, &text(i), &text(n + i));
        }
        world
    };
    let mut gone = PlanFixture::new();
    gone.prune_all();
    gone.options.safety.protect = Patterns::new(["environment/*"]).expect("a pattern");
    for i in 0..1500 {
        gone.live(&api(&format!("api-{i}")), &json!({}));
        gone.live(&environment(&format!("environment-{i}")), &json!({}));
    }
    let mut warned = large(100);
    warned.diagnostics = (0..300)
        .map(|i| Diagnostic::warning(code::UNKNOWN_VALUE, format!("number {i}")))
        .collect();
    vec![
        ("day", a_day()),
        ("cascade", cascade()),
        ("many", large(567)),
        ("larger", large(2000)),
        ("alike", alike(300)),
        ("addresses", addresses()),
        ("broken", broken(300)),
        ("gone", gone),
        ("warned", warned),
    ]
}

#[test]
fn two_screens_are_enough_for_any_plan() {
    for (name, mut world) in worlds() {
        for is_linked in [false, true] {
            if is_linked {
                world.in_a_pipeline();
            }
            let markdown = world.markdown_within(1_000_000);
            check(&markdown);
            assert!(is_two_screens(&markdown), "{name}: {markdown}");
            let markdown = world.markdown();
            check(&markdown);
            assert!(is_two_screens(&markdown), "{name}: {markdown}");
        }
    }
}

/// Writes comments for `tests/browser/pictures.mjs`, which measures them in the styles of forges.
#[test]
fn comments_for_the_browser() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("comments");
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: String, markdown: &str| {
        check(markdown);
        std::fs::write(folder.join(name), markdown).unwrap();
    };
    for (name, mut world) in worlds() {
        write(format!("{name}.md"), &world.markdown());
        world.in_a_pipeline();
        write(format!("{name}-linked.md"), &world.markdown());
        write(format!("{name}-short.md"), &world.markdown_within(10_000));
    }
}

#[test]
fn places_and_apis_are_links_where_there_are_pages() {
    let mut world = a_day();
    world.integration("apim");
    world.in_a_pipeline();
    let markdown = shown(&world);
    let page = "https://github.com/contoso/apis/blob/0123456789abcdef/apis/orders.yaml";
    let portal = "/workspaces/default/apis/";
    let visible = markdown.split("```").step_by(2).collect::<String>();
    for line in visible.lines() {
        let places = line.matches("`apis/orders.yaml:").count();
        assert_eq!(
            places,
            line.matches("[`apis/orders.yaml:").count(),
            "{line}"
        );
        let apis = line.matches("`api/").count();
        assert!(apis <= line.matches(portal).count(), "{line}");
    }
    assert!(visible.contains(&format!("]({page}#L2)")), "{markdown}");
    assert!(visible.contains(&format!("{portal}legacy)")), "{markdown}");
    let without = shown(&a_day());
    assert!(!without.contains("https://"), "{without}");
}

#[test]
fn what_breaks_is_said_in_the_heading_and_beside_the_api() {
    let mut world = PlanFixture::new();
    let at = |api_name: &str| definition(&version(&api(api_name), "1-0-0"), "openapi");
    let text = |more: &str| format!("openapi: 3.0.3\ninfo: {{title: T}}\npaths:\n  /a: {more}\n");
    let operation = |required: bool, name: &str| {
        text(&format!(
            "{{get: {{parameters: [{{in: query, name: '{name}', required: {required}}}]}}, put: {{}}}}"
        ))
    };
    world.document(&at("orders"), &operation(false, "q"), &text("{get: {}}"));
    world.document(
        &at("carts"),
        &operation(false, "@a](x)"),
        &operation(true, "@a](x)"),
    );
    world.document(&at("harmless"), &text("{get: {}}"), &operation(false, "q"));
    let moved = |server: &str| format!("{}servers: [{{url: '{server}'}}]\n", text("{get: {}}"));
    world.document(&at("moved"), &moved("https://a"), &moved("https://b"));
    let paths: String = (0..15)
        .map(|i| format!("  /p{i:02}: {{get: {{}}}}\n"))
        .collect();
    world.document(&at("many"), &format!("{}{paths}", text("{}")), &text("{}"));
    insta::assert_snapshot!(shown(&world));
}

#[test]
fn what_is_new_or_not_known_breaks_nothing() {
    let mut world = PlanFixture::new();
    let v1 = version(&api("orders"), "1-0-0");
    let at = definition(&v1, "openapi");
    let (before, after) = (
        "openapi: 3.0.3\ninfo: {}\npaths: {/a: {get: {}}}\n",
        "openapi: 3.0.3\ninfo: {}\npaths: {}\n",
    );
    world.document(&at, before, after);
    assert!(shown(&world).contains("1 breaking change"));
    // A live state without texts, as a snapshot is.
    world.live.resources.get_mut(&at).unwrap().text = None;
    assert!(!shown(&world).contains("breaking"));
    world.live.resources.clear();
    assert!(!shown(&world).contains("breaking"));
}

#[test]
fn a_long_comment_still_counts_what_breaks() {
    let mut world = large(1000);
    for i in 0..100 {
        let at = definition(&version(&api(&format!("broken-{i}")), "1-0-0"), "openapi");
        let start = "openapi: 3.0.3\ninfo: {}\npaths:\n";
        let paths: String = (0..20)
            .map(|i| format!("  /p{i}: {{get: {{}}}}\n"))
            .collect();
        world.document(
            &at,
            &format!("{start}{paths}"),
            &format!("{start}  /new: {{}}\n"),
        );
    }
    for budget in [60_000, 8000] {
        let markdown = world.markdown_within(budget);
        check(&markdown);
        assert!(markdown.chars().count() <= budget);
        assert!(markdown.contains("2,000 breaking changes"), "{markdown}");
        assert!(
            markdown.contains("### ⚠️ Breaking: 2,000 changes in 100 API descriptions"),
            "{markdown}"
        );
    }
}

#[test]
fn what_a_warning_advises_to_declare_is_a_block_of_code() {
    let mut world = PlanFixture::new();
    world.integration("apim");
    let orders = json!({"match": {"integration": "apim", "title": "Orders"}});
    world.declare(&top(&kinds::SYNCED_API.info, "orders"), &orders);
    insta::assert_snapshot!(shown(&world));
}

#[test]
fn a_manifest_of_foreign_words_stays_in_its_block() {
    let mut world = PlanFixture::new();
    let suggestion = Suggestion {
        kind: "Api",
        name: "```\n# @team\u{202e}".to_owned(),
        spec: Body::new(),
    };
    let warning = Diagnostic::warning(code::UNKNOWN_VALUE, "x")
        .help("declare it")
        .suggest(suggestion);
    world.diagnostics.push(warning);
    let markdown = shown(&world);
    let block = "    ````yaml\n    apiVersion: apicenter/v1\n    kind: Api\n    metadata: {name: \
                 \"```\\n# @team\\u{202e}\"}\n    spec: {}\n    ````\n";
    assert!(markdown.contains(block), "{markdown}");
}

#[test]
fn blocked_changes_show_what_they_would_change() {
    let mut world = PlanFixture::new();
    world.live(
        &service(),
        &json!({"location": "westeurope", "tags": {"a": "b"}}),
    );
    world.declare(
        &service(),
        &json!({"location": "northeurope", "tags": {"a": "c"}}),
    );
    insta::assert_snapshot!(shown(&world));
}

#[test]
fn a_replaced_resource_shows_both_sides() {
    let mut world = PlanFixture::new();
    let address = top(&kinds::ROLE_ASSIGNMENT.info, "apim-reader");
    let body = |role: &str| json!({"role": role, "principal": {"serviceIdentity": true}});
    world.live(&address, &body("Reader"));
    world.declare(&address, &body("API Management Service Reader Role"));
    insta::assert_snapshot!(shown(&world));
}

#[test]
fn a_cascade_lists_what_vanishes_and_asks_for_its_consent() {
    insta::assert_snapshot!(shown(&cascade()));
}
