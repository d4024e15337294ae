//! Pages: what they carry, and that they reach for nothing.

use apicenter::model::view::ServiceView;
use apicenter::model::{Diagnostic, Suggestion, code};
use apicenter::output::{Linked, PlanJson, PlanOrigin, Requests, render_html_failure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::fixtures::{
    PlanFixture, SUBSCRIPTION, api, cascade, definition, large, varied, version,
};

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
    assert_eq!(shown(&data), changes(&data));
    data
}

/// The positions of all changes.
fn changes(data: &Value) -> Vec<u64> {
    let changes = data["plan"]["changes"].as_array().expect("changes");
    (0..changes.len() as u64).collect()
}

/// The positions of the changes that the page has a place for, sorted.
fn shown(data: &Value) -> Vec<u64> {
    fn collect(value: &Value, into: &mut Vec<u64>) {
        match value {
            Value::Number(position) => into.extend(position.as_u64()),
            Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
            _ => {}
        }
    }
    fn collect_branch(branch: &Value, into: &mut Vec<u64>) {
        collect(&branch["change"], into);
        for below in branch["below"].as_array().into_iter().flatten() {
            collect_branch(below, into);
        }
    }
    let list = |name: &str| data[name].as_array().cloned().unwrap_or_default();
    let mut all = Vec::new();
    for branch in list("tree") {
        collect_branch(&branch, &mut all);
    }
    for group in list("groups") {
        collect(&group["changes"], &mut all);
    }
    for delete in list("deletes") {
        collect(&delete["taken"], &mut all);
        if delete["sent"] == true {
            collect(&delete["top"], &mut all);
        }
    }
    all.sort_unstable();
    all
}

#[test]
fn only_the_style_and_the_script_of_the_page_may_run() {
    let page = varied().html();
    let between = |start: &str, end: &str| {
        let (_, rest) = page.split_once(start).expect("a start");
        rest.split_once(end).expect("an end").0
    };
    let policy = between("Content-Security-Policy\" content=\"", "\"");
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let style = hash(between("<style>", "</style>"));
    let (_, script) = page.rsplit_once("<script>").expect("the script");
    let script = hash(script.split_once("</script>").expect("an end").0);
    assert_eq!(
        policy,
        format!(
            "default-src 'none'; style-src {style}; script-src {script}; img-src data:; \
             base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; \
             trusted-types 'none'"
        )
    );
    // An attribute would need a permission of its own.
    assert!(!page.contains(" style=") && !page.contains(" onclick="));
}

#[test]
fn a_page_says_what_it_is_about() {
    let mut world = varied();
    assert_eq!(check(&world.html())["origin"], json!({"program": VERSION}));
    world.origin = origin();
    let found = check(&world.html())["origin"].clone();
    assert_eq!(found["project"], "contoso");
    assert_eq!(found["program"], VERSION);
    assert_eq!(found["pullRequest"]["name"], "#7");
    let file = found["file"].as_str().unwrap();
    assert!(file.ends_with("/catalogue/{path}#L{line}"), "{file}");
    world.origin.branch.as_mut().unwrap().name = "</script><script>alert(1)</script>".to_owned();
    let found = check(&world.html())["origin"].clone();
    assert_eq!(
        found["branch"]["name"],
        "</script><script>alert(1)</script>"
    );
    let failure = render_html_failure("prod", world.review()).to_string();
    assert_eq!(check(&failure)["origin"], found);
}

#[test]
fn equal_plans_are_equal_pages() {
    for world in [varied(), cascade(), large(50)] {
        assert_eq!(world.html(), world.html());
    }
}

#[test]
fn a_page_has_the_outline_of_the_plan() {
    let mut world = varied();
    documents(&mut world);
    let page = check(&world.html());
    let address = |position: &Value| {
        let position = usize::try_from(position.as_u64().unwrap()).unwrap();
        page["plan"]["changes"][position]["address"].clone()
    };
    // What breaks callers comes first.
    assert_eq!(page["tree"][0]["address"], "api/payments");
    let below = &page["tree"][0]["below"][0];
    assert_eq!(
        below["address"],
        "api/payments/version/3-0-0/definition/openapi"
    );
    assert_eq!(address(&page["reasons"][0]["changes"][0]), below["address"]);
    let delete = &page["deletes"][0];
    assert_eq!(address(&delete["top"]), "api/legacy");
    assert_eq!(address(&delete["taken"][0]), "api/legacy/version/1-0-0");
    assert_eq!(delete["words"], "1 version");
    let apis = page["counts"].as_array().unwrap();
    let apis = apis.iter().find(|kind| kind["noun"] == "API").unwrap();
    assert_eq!(
        apis["counts"],
        json!({"delete": 1, "update": 2, "create": 1})
    );
    let about =
        &page["about"][usize::try_from(page["tree"][0]["change"].as_u64().unwrap()).unwrap()];
    assert_eq!(about["title"], "\"Payments\"");
    // Both the old value and the new one find it.
    assert_eq!(
        about["metadata"],
        json!({"regulations": ["pci-dss", "sox"], "team": ["checkout", "platform"]})
    );
}

#[test]
fn what_is_below_an_unchanged_api_has_its_title_and_metadata() {
    let mut world = PlanFixture::new();
    let orders = json!({"title": "Orders", "customProperties": {"team": "checkout"}});
    world.both(&api("orders"), &orders);
    world.live(&version(&api("orders"), "v1"), &json!({"title": "One"}));
    world.declare(&version(&api("orders"), "v1"), &json!({"title": "1"}));
    let page = check(&world.html());
    assert_eq!(
        page["roots"],
        json!([{"address": "api/orders", "noun": "API", "title": "\"Orders\"",
            "metadata": {"team": ["checkout"]}}])
    );
    assert_eq!(page["about"][0]["root"], 0);
}

#[test]
fn documents_are_compared_in_one_layout() {
    let mut world = PlanFixture::new();
    documents(&mut world);
    let page = check(&world.html());
    let diffs = page["diffs"].as_array().unwrap();
    let has_note = |diff: &&Value| diff["lines"].to_string().contains("in one layout");
    let diff = diffs.iter().find(has_note).unwrap();
    // One operation of 4 lines, and two lines that changed.
    assert_eq!((&diff["removed"], &diff["added"]), (&json!(6), &json!(2)));
}

#[test]
fn changes_that_are_alike_say_what_they_have_in_common() {
    let mut world = PlanFixture::new();
    for i in 0..25 {
        let body = |team: &str, end: &str| {
            json!({"title": format!("Service {i}"), "summary": format!("What {i} does{end}"),
                "customProperties": {"team": team}})
        };
        world.live(&api(&format!("service-{i}")), &body("checkout", "."));
        world.declare(&api(&format!("service-{i}")), &body("platform", ". Moved."));
    }
    let page = check(&world.html());
    let group = &page["groups"][0];
    assert_eq!(group["words"], "25 APIs");
    let mut fields = group["fields"].as_array().unwrap().clone();
    fields.sort_by_key(|field| field["path"].to_string());
    assert_eq!(
        fields,
        [
            json!({"before": "checkout", "after": "platform", "path": "customProperties.team", "count": 25}),
            json!({"suffix": " Moved.", "path": "summary", "count": 25}),
        ]
    );
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[test]
fn a_page_carries_the_plan_as_json_and_the_differences_of_texts() {
    let mut world = varied();
    world.show_unchanged = true;
    let page = check(&world.html());
    let planned = world.plan();
    let plan = PlanJson::new(
        &planned,
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
    let page = apicenter::output::render_html(&plan, world.review()).to_string();
    let comment = apicenter::output::render_markdown(&plan, &world.review(), 60_000);
    let changes = &data(&page)["plan"]["changes"];
    assert_eq!(changes.as_array().map(Vec::len), Some(MANY));
    assert!(comment.len() <= 60_000, "{}", comment.len());
    super::markdown_reader::check(&comment);
}

/// A pull request on GitHub.
fn origin() -> PlanOrigin {
    let base = "https://github.com/contoso/apis";
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let linked = |name: &str, path: &str| {
        Some(Linked {
            name: name.to_owned(),
            url: Some(format!("{base}{path}")),
        })
    };
    PlanOrigin {
        project: "contoso".to_owned(),
        repository: linked("contoso/apis", ""),
        commit: linked(commit, &format!("/commit/{commit}")),
        branch: linked("new-team", "/tree/new-team"),
        pull_request: linked("#7", "/pull/7"),
        file: Some(format!("{base}/blob/{commit}/catalogue/{{path}}#L{{line}}")),
    }
}

/// A JSON document that was on one line and breaks callers, and metadata to filter by.
fn documents(world: &mut PlanFixture) {
    let payments = |team: &str, summary: &str| {
        json!({"title": "Payments", "kind": "rest", "summary": summary,
            "customProperties": {"team": team, "regulations": ["pci-dss", "sox"]}})
    };
    let text = "Authorise, capture and refund card payments; the only way money moves";
    world.live(&api("payments"), &payments("checkout", &format!("{text}.")));
    world.declare(
        &api("payments"),
        &payments("platform", &format!("{text} at Contoso.")),
    );
    let v3 = version(&api("payments"), "3-0-0");
    world.both(
        &v3,
        &json!({"title": "3.0.0", "lifecycleStage": "production"}),
    );
    let description = |operations: Value, version: &str| {
        let mut paths =
            json!({"/payments": {"get": {"responses": {"200": {"description": "All."}}}}});
        paths["/payments/{id}"] = operations;
        json!({"openapi": "3.0.3", "info": {"title": "Payments", "version": version}, "paths": paths})
    };
    let operation = |words: &str| json!({"responses": {"200": {"description": words}}});
    let before = description(
        json!({"get": operation("One payment."), "delete": operation("Done.")}),
        "3.0.0",
    );
    let after = description(json!({"get": operation("A payment.")}), "3.1.0");
    world.document(
        &definition(&v3, "openapi"),
        &before.to_string(),
        &serde_json::to_string_pretty(&after).expect("JSON"),
    );
}

/// APIs whose documents change by more lines than paper has room for.
fn contracts(n: usize) -> PlanFixture {
    let mut world = PlanFixture::new();
    for i in 0..n {
        let openapi = definition(&version(&api(&format!("service-{i:03}")), "v1"), "openapi");
        let text = |words: &str| {
            let paths =
                (0..40).map(|path| format!("  /{path}: {{get: {{summary: {words} {i}}}}}\n"));
            let paths: String = paths.collect();
            format!("openapi: 3.0.3\ninfo: {{title: Service {i}, version: v1}}\npaths:\n{paths}")
        };
        world.document(&openapi, &text("Before"), &text("After"));
    }
    world
}

/// What is said of the warnings that a branch does not cause.
const ELSEWHERE: &str =
    "60 warnings about files that this branch does not change; `validate` lists them";

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
    world.in_a_pipeline();
    world.origin = origin();
    documents(&mut world);
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
    write("values.html", super::values::dates_and_addresses().html());
    write("large.html", large(5000).html());
    write("many.html", large(567).html());
    write("alike.html", super::text::alike(189).html());
    write("contracts.html", contracts(80).html());
    write("cascade.html", cascade().html());
    let mut empty = PlanFixture::new();
    empty.elsewhere = Some(ELSEWHERE.to_owned());
    write("empty.html", empty.html());
    let mut failed = PlanFixture::new();
    let place = failed.span();
    failed
        .diagnostics
        .push(Diagnostic::error(code::UNKNOWN_FIELD, "unknown field `titel`").at(place, "here"));
    write(
        "failed.html",
        render_html_failure("prod", failed.review()).to_string(),
    );
}

#[test]
fn findings_are_at_the_lines_that_are_shown() {
    let mut world = PlanFixture::new();
    documents(&mut world);
    let page = check(&world.html());
    let diffs = page["diffs"].as_array().unwrap();
    let marked: Vec<&Value> = diffs
        .iter()
        .filter(|diff| diff["marks"].is_array())
        .collect();
    let [diff] = marked[..] else {
        panic!("{marked:?}");
    };
    let [mark] = &diff["marks"].as_array().unwrap()[..] else {
        panic!("{diff}");
    };
    assert_eq!(
        (&mark["list"], &mark["finding"]),
        (&json!("breaking"), &json!(0))
    );
    let line = usize::try_from(mark["line"].as_u64().unwrap()).unwrap();
    assert_eq!(diff["lines"][line], "-    delete:");
}

#[test]
fn apis_lead_to_the_portal_where_the_target_is_azure() {
    let mut world = varied();
    let portals = |world: &PlanFixture| -> Vec<String> {
        let page = check(&world.html());
        let roots = page["roots"].as_array().unwrap().iter();
        let shown = roots.filter_map(|root| {
            let portal = root["portal"].as_str()?;
            let (_, page) = portal.split_once("/services/contoso").unwrap();
            Some(format!("{} {page}", root["address"].as_str().unwrap()))
        });
        shown.collect()
    };
    assert!(portals(&world).is_empty());
    world.in_a_pipeline();
    let expected = ["carts", "legacy", "orders"];
    let expected = expected.map(|name| format!("api/{name} /workspaces/default/apis/{name}"));
    let mut found = portals(&world);
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn warnings_that_a_branch_does_not_cause_are_counted() {
    let mut world = varied();
    assert_eq!(check(&world.html())["elsewhere"], Value::Null);
    world.elsewhere = Some(ELSEWHERE.to_owned());
    assert_eq!(check(&world.html())["elsewhere"], ELSEWHERE);
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
