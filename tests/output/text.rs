//! Plans for a terminal.

use apicenter::output::{Extent, PlanView, Text, captions, render_plan};
use apicenter::plan::MaxDeletes;
use serde_json::json;
use unicode_width::UnicodeWidthStr as _;

use super::fixtures::{
    PlanFixture, api, cascade, definition, environment, large, top, varied, version,
};

/// A plan at a width, as the program shows it.
fn shown(world: &PlanFixture, extent: Extent, width: usize) -> String {
    rendered(world, extent, width).to_string()
}

fn rendered(world: &PlanFixture, extent: Extent, width: usize) -> Text {
    let captions = captions(&world.desired);
    let view = PlanView {
        sources: &world.sources,
        target: "prod: service contoso in resource group rg-apis",
        from: None,
        captions: &captions,
        extent,
        width,
        wraps: false,
        show_unchanged: false,
        show_unmanaged: false,
        diff_lines: None,
    };
    render_plan(&world.plan(), &view)
}

/// Writes plans for `tests/browser/pictures.mjs`.
#[test]
fn terminals_for_the_browser() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("terminals");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, world) in [
        ("varied", varied()),
        ("many", large(567)),
        ("alike", alike(189)),
    ] {
        let text = rendered(&world, Extent::Usual, 100).render(true);
        assert!(text.contains("\u{1b}["), "{text}");
        std::fs::write(folder.join(format!("{name}.ansi")), text).unwrap();
    }
}

pub(super) fn usual(world: &PlanFixture, width: usize) -> String {
    shown(world, Extent::Usual, width)
}

/// Deletes are never folded: each may have a line.
fn deletes(world: &PlanFixture) -> usize {
    world.plan().summary().delete
}

/// `n` APIs that all get another team and a longer summary.
pub(super) fn alike(n: usize) -> PlanFixture {
    let mut world = PlanFixture::new();
    for i in 0..n {
        let body = |team: &str, end: &str| {
            json!({"title": format!("Service {i}"), "kind": "rest",
                "summary": format!("What service {i} does{end}"),
                "customProperties": {"team": team}})
        };
        let name = api(&format!("service-{i}"));
        world.live(&name, &body("checkout", "."));
        world.declare(&name, &body("platform", ". (moved to platform team)"));
        let (v1, deployment) = (
            version(&name, "v1"),
            name.child(&apicenter::kinds::DEPLOYMENT.info, "eu"),
        );
        world.live(&v1, &json!({"title": "v1", "lifecycleStage": "preview"}));
        world.declare(&v1, &json!({"title": "v1", "lifecycleStage": "production"}));
        world.live(&deployment, &json!({"title": format!("Old {i}")}));
        world.declare(&deployment, &json!({"title": format!("New {i}")}));
    }
    world
}

#[test]
fn what_a_warning_advises_to_declare_keeps_its_lines() {
    let mut world = PlanFixture::new();
    world.integration("apim");
    let text = usual(&world, 100);
    let (_, warning) = text.split_once("\nwarning: ").expect("a warning");
    insta::assert_snapshot!(warning);
}

/// The widths that people have.
const WIDTHS: [usize; 3] = [80, 100, 200];

#[test]
fn every_form_at_every_width() {
    let mut refused = varied();
    refused.prune_all();
    refused.options.safety.max_deletes = MaxDeletes::Count(0);
    refused.options.safety.min_existing = 0;
    let worlds = [
        ("cascade", cascade()),
        ("alike", alike(189)),
        ("refused", refused),
        ("values", super::values::dates_and_addresses()),
        ("nothing", PlanFixture::new()),
        ("many", large(567)),
    ];
    for width in WIDTHS {
        for (name, world) in &worlds {
            insta::assert_snapshot!(format!("{name}_at_{width}_columns"), usual(world, width));
        }
        for (form, extent) in [("in_full", Extent::Details), ("in_counts", Extent::Summary)] {
            let text = shown(&varied(), extent, width);
            insta::assert_snapshot!(format!("varied_{form}_at_{width}_columns"), text);
        }
    }
}

#[test]
fn a_varied_plan_at_80_columns() {
    insta::assert_snapshot!(usual(&varied(), 80));
}

#[test]
fn a_varied_plan_at_100_columns() {
    insta::assert_snapshot!(usual(&varied(), 100));
}

#[test]
fn a_varied_plan_at_200_columns() {
    insta::assert_snapshot!(usual(&varied(), 200));
}

#[test]
fn a_varied_plan_in_full() {
    insta::assert_snapshot!(shown(&varied(), Extent::Details, 100));
}

#[test]
fn a_varied_plan_in_counts() {
    insta::assert_snapshot!(shown(&varied(), Extent::Summary, 100));
}

#[test]
fn a_cascade_names_all_that_it_takes() {
    insta::assert_snapshot!(usual(&cascade(), 100));
}

#[test]
fn changes_alike_in_many_resources_are_groups() {
    insta::assert_snapshot!(usual(&alike(189), 100));
}

#[test]
fn a_plan_of_any_size_has_few_lines() {
    for (name, world) in [
        ("large", large(567)),
        ("very large", large(3000)),
        ("alike", alike(189)),
        ("varied", varied()),
    ] {
        let changes = world.plan().changes.len();
        for width in [80, 100, 200] {
            let text = usual(&world, width);
            let lines = text.lines().count();
            let most = 90 + deletes(&world);
            assert!(lines <= most, "{name}: {changes} changes, {lines} lines");
        }
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for world in [varied(), large(200), alike(50), cascade()] {
        for width in [80, 100, 200] {
            let text = usual(&world, width);
            let changes = text.split("\nwarning: ").next().unwrap_or_default();
            for line in changes.lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn every_delete_is_named_whatever_the_size() {
    let world = large(567);
    let text = usual(&world, 100);
    for i in (0..567).step_by(10) {
        assert!(
            text.contains(&format!("- api/api-{i:05}  \"Gone {i}\"")),
            "{i}"
        );
    }
}

#[test]
fn everything_is_in_the_details() {
    for world in [alike(20), varied(), cascade(), large(100)] {
        let text = shown(&world, Extent::Details, 100);
        for change in &world.plan().changes {
            let (symbol, address) = (change.action().symbol(), &change.address);
            assert!(text.contains(&format!("{symbol} {address}  ")), "{address}");
            let writes = change.after().is_some();
            for field in change.fields.iter().filter(|_| writes) {
                assert!(text.contains(&field.path), "{address}: {}", field.path);
                let values = [&field.before, &field.after].into_iter().flatten();
                let texts = values.filter_map(|value| value.as_str());
                for line in texts.flat_map(str::lines) {
                    // Of a digest, the beginning says enough.
                    let line = if change.is_document(field) {
                        &line[..19]
                    } else {
                        line
                    };
                    assert!(text.contains(line), "{address}: {line}");
                }
            }
        }
        assert!(!text.contains("--details"), "{text}");
    }
    let text = shown(&alike(20), Extent::Details, 100);
    assert!(
        text.contains("customProperties.team  checkout → platform"),
        "{text}"
    );
}

#[test]
fn what_breaks_is_shown_however_many_changes_there_are() {
    let mut world = large(567);
    let paths =
        |paths: &str| format!("openapi: 3.0.3\ninfo: {{title: A, version: v1}}\npaths:{paths}\n");
    for i in 0..40 {
        let name = api(&format!("broken-{i}"));
        world.both(
            &name,
            &json!({"title": format!("Broken {i}"), "kind": "rest"}),
        );
        let v1 = version(&name, "v1");
        world.both(&v1, &json!({"title": "v1"}));
        let ok = "{responses: {'200': {description: OK}}}";
        world.document(
            &definition(&v1, "openapi"),
            &paths(&format!("\n  /a: {{get: {ok}, delete: {ok}}}")),
            &paths(&format!("\n  /a: {{get: {ok}}}")),
        );
    }
    let text = usual(&world, 100);
    assert!(text.contains("DELETE /a: operation removed"), "{text}");
    assert!(text.contains("40 breaking changes."), "{text}");
    assert!(text.lines().count() <= 90 + deletes(&world));
}

#[test]
fn values_are_cut_where_they_are_the_same() {
    let mut world = PlanFixture::new();
    let text = |word: &str| format!("{} {word} {}", "before ".repeat(20), "after ".repeat(20));
    let body = |word: &str| json!({"title": "P", "description": text(word)});
    world.live(&environment("prod"), &body("old"));
    world.declare(&environment("prod"), &body("new"));
    let text = usual(&world, 80);
    let (old, new) = (
        text.lines()
            .find(|line| line.trim_start().starts_with("- …")),
        text.lines()
            .find(|line| line.trim_start().starts_with("+ …")),
    );
    assert!(old.is_some_and(|line| line.contains(" old ")), "{text}");
    assert!(new.is_some_and(|line| line.contains(" new ")), "{text}");
}

#[test]
fn the_choices_of_a_schema_are_a_list() {
    let mut world = PlanFixture::new();
    let address = top(&apicenter::kinds::METADATA_SCHEMA.info, "line");
    let schema = |choices: &[&str]| {
        let choices: Vec<_> = choices
            .iter()
            .map(|one| json!({"const": one, "description": ""}))
            .collect();
        json!({"schema": {"type": "string", "oneOf": choices}, "assignedTo": [{"entity": "api"}]})
    };
    world.live(&address, &schema(&["retail", "finance"]));
    world.declare(&address, &schema(&["retail", "legal", "it"]));
    let text = usual(&world, 100);
    assert!(
        text.contains("schema.choices  −finance +legal +it"),
        "{text}"
    );
    world.live.resources.clear();
    let text = shown(&world, Extent::Details, 100);
    assert!(
        text.contains("schema.choices  [retail, legal, it]"),
        "{text}"
    );
}
