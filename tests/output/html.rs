//! Pages: what they carry, and that they reach for nothing.

use apicenter::model::view::ServiceView;
use apicenter::model::{Diagnostic, Suggestion, code};
use apicenter::output::{PlanJson, Requests, render_html_failure};
use serde_json::{Value, json};

use super::fixtures::{PlanFixture, SUBSCRIPTION, api, cascade, large, varied};

const DATA: &str = "<script type=\"application/json\" id=\"plan\">";

/// What a page carries.
fn data(page: &str) -> Value {
    let (_, rest) = page.split_once(DATA).expect("the data");
    let (data, _) = rest.split_once("</script>").expect("the end of the data");
    serde_json::from_str(data).expect("JSON")
}

/// Fails where a page is not well-formed, or names anything outside itself.
pub(super) fn check(page: &str) -> Value {
    let data = data(page);
    let lower = page.to_ascii_lowercase();
    assert_eq!(lower.matches("<script").count(), 2);
    assert_eq!(lower.matches("</script").count(), 2);
    assert_eq!(lower.matches("<style").count(), 1);
    let (before, rest) = page.split_once(DATA).expect("the data");
    let (foreign, after) = rest.split_once("</script>").expect("the end of the data");
    assert!(!foreign.contains('<'), "markup in the data");
    let ours = format!("{before}{after}");
    for word in [
        "http:",
        "https:",
        "//cdn",
        "src=\"",
        "@import",
        "url(",
        "innerHTML",
        "eval(",
    ] {
        assert!(!ours.contains(word), "{word}");
    }
    data
}

#[test]
fn a_page_carries_the_plan_as_json_and_the_differences_of_texts() {
    let mut world = varied();
    world.show_unchanged = true;
    let page = check(&world.html());
    let plan = PlanJson::new(
        &world.plan(),
        &[],
        &world.sources,
        Requests::default(),
        apicenter::output::OptionsJson::default(),
        true,
    );
    let text = serde_json::to_string(&plan).unwrap();
    let text = text.replace(SUBSCRIPTION, "5ab1e000…");
    let text = text.replace("0a1b2c3d-1111-2222-3333-444455556666", "0a1b2c3d…");
    let mut plan: Value = serde_json::from_str(&text).unwrap();
    plan.as_object_mut().unwrap().shift_remove("requests");
    assert_eq!(page["plan"], plan);
    insta::assert_snapshot!(serde_json::to_string_pretty(&page["diffs"]).unwrap());
}

#[test]
fn names_stay_what_they_are_even_if_they_look_like_principals() {
    let mut world = PlanFixture::new();
    let name = "0a1b2c3d-1111-2222-3333-444455556666";
    world.declare(&api(name), &json!({"title": name}));
    let page = check(&world.html());
    let change = &page["plan"]["changes"][0];
    assert_eq!(change["address"], format!("api/{name}"));
    assert_eq!(change["fields"][0]["after"], "0a1b2c3d…");
}

#[test]
fn the_template_is_filled_once() {
    let mut world = PlanFixture::new();
    world.declare(
        &api("a"),
        &json!({"title": "{{style}} {{script}} </script><script>"}),
    );
    let page = world.html();
    let data = check(&page);
    assert_eq!(
        data["plan"]["changes"][0]["fields"][0]["after"],
        "{{style}} {{script}} </script><script>"
    );
    assert!(page.trim_end().ends_with("</html>"));
}

/// Far more changes than anybody reviews.
#[test]
fn large_plans_are_rendered_whole() {
    const MANY: usize = 20_000;
    let world = large(MANY);
    let plan = world.plan();
    let page = apicenter::output::render_html(&plan, &world.review()).to_string();
    let comment = apicenter::output::render_markdown(&plan, &world.review(), 60_000);
    let changes = &data(&page)["plan"]["changes"];
    assert_eq!(changes.as_array().map(Vec::len), Some(MANY));
    assert!(comment.len() <= 60_000, "{}", comment.len());
    super::markdown_reader::check(&comment);
}

/// Pages for `tests/browser`, which looks at them in a browser.
#[test]
fn pages_for_the_browser() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, page: String| {
        check(&page);
        std::fs::write(folder.join(name), page).unwrap();
    };
    let mut world = varied();
    let place = world.span();
    let warning = Diagnostic::warning(code::UNKNOWN_VALUE, "`rset` is not a known kind of API");
    world
        .diagnostics
        .push(warning.at(place, "here").help("did you mean `rest`?"));
    let advice = Diagnostic::warning(code::INTEGRATION_PREREQUISITE, "an identity is needed");
    let service = Suggestion {
        kind: ServiceView::KIND,
        name: "contoso".to_owned(),
        spec: ServiceView::body("westeurope", None),
    };
    world
        .diagnostics
        .push(advice.help("declare it").suggest(service));
    world.declare(
        &api("hostile"),
        &json!({
            "title": "<img src=x onerror=alert(1)>\u{202e}</script><script>alert(1)</script>",
            "summary": "{{script}} @everyone",
        }),
    );
    // One contact moves, the other is removed together with its phone.
    let contacts = |names: &[&str]| {
        let contacts = names.iter().map(|name| json!({"name": name}));
        json!({"title": "Contacts", "contacts": contacts.collect::<Vec<_>>()})
    };
    let unmodelled = json!({"contacts": [{"phone": "1"}, {"phone": "2"}]});
    world
        .live(&api("contacts"), &contacts(&["Ann", "Ben"]))
        .unmodelled = unmodelled.as_object().unwrap().clone();
    world.declare(&api("contacts"), &contacts(&["Ben"]));
    let page = world.html();
    let changes = check(&page)["plan"]["changes"].clone();
    let mut changes = changes.as_array().unwrap().iter();
    let change = changes
        .find(|change| change["address"] == "api/contacts")
        .unwrap();
    assert_eq!(change["unmodelledDropped"], json!(["contacts[0].phone"]));
    write("varied.html", page);
    write("large.html", large(5000).html());
    write("cascade.html", cascade().html());
    write("empty.html", PlanFixture::new().html());
    let mut failed = PlanFixture::new();
    let place = failed.span();
    failed
        .diagnostics
        .push(Diagnostic::error(code::UNKNOWN_FIELD, "unknown field `titel`").at(place, "here"));
    write(
        "failed.html",
        render_html_failure("prod", &failed.review()).to_string(),
    );
}

#[test]
fn what_breaks_is_in_the_page() {
    let mut world = varied();
    let at = super::fixtures::definition(
        &super::fixtures::version(&api("orders"), "1-0-0"),
        "openapi",
    );
    let text = |paths: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{}}\nservers: [{{url: '{paths}'}}]\npaths: {{{paths}: {{get: {{}}}}}}\n"
        )
    };
    world.document(&at, &text("/a"), &text("/b"));
    let page = check(&world.html());
    let changes = page["plan"]["changes"].as_array().unwrap();
    let change = changes
        .iter()
        .find(|change| change["address"] == at.to_string());
    let change = change.unwrap();
    assert_eq!(
        change["breaking"],
        json!([{"place": "/a", "message": "path removed (GET)", "rule": "path-removed",
            "before": "/paths/~1a", "beforePlace": {"line": 4, "column": 9}, "operations": ["GET /a"]}])
    );
    // No operation is left that the removed address could concern.
    assert_eq!(change["cautions"], Value::Null);
    let others = changes
        .iter()
        .filter(|change| change["breaking"] != Value::Null);
    assert_eq!(others.count(), 1);
}
