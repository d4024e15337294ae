//! Random applies, killed at random moments or not at all, and undone: the catalogue is exported as before, but for the order
//! of versions.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use apicenter::emulator::{Fault, FaultRule};
use serde_json::Value;

use super::scenario::at_once;
use crate::cli::files::{exported, without_order};
use crate::cli::harness::Project;
use crate::cli::held::held;
use crate::cli::service_fixture::ServiceFixture;

const SETTINGS: &str = "prune: {scope: all}\nsafety: {maxDeletes: \"100%\"}";

const APPLY: &str = "apply --auto-approve --prune";

const UNDO: &str = "apply --undo undo.json --auto-approve";

/// Numbers that are the same in every run (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        let most = u64::try_from(all.len()).expect("a short list");
        all[usize::try_from(self.roll(most)).expect("a position")]
    }

    fn is(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }
}

/// The names that APIs and environments have in a catalogue, by the ones that they start with.
type Names = BTreeMap<&'static str, String>;

const TITLES: [&str; 3] = ["Orders", "Payments", "Shipping"];

const DOCUMENTS: [&str; 2] = ["one.json", "two.json"];

/// A catalogue as manifests. What was there under another name is renamed.
fn catalogue(dice: &mut Dice, former: &Names) -> (String, Names) {
    let (mut text, mut names) = (String::new(), Names::new());
    let rank = dice.one_of(&["", "string", "array, items: {type: string}"]);
    if !rank.is_empty() {
        let _ = write!(
            text,
            "---\napiVersion: apicenter/v1\nkind: MetadataSchema\nmetadata: {{name: rank}}\nspec:\n  \
             schema: {{type: {rank}, title: {}}}\n  assignedTo: [{{entity: api}}]\n",
            dice.one_of(&TITLES)
        );
    }
    for environment in ["eu", "us"] {
        if let Some(metadata) = named(dice, environment, former, &mut names) {
            let title = dice.one_of(&TITLES);
            let _ = write!(
                text,
                "---\napiVersion: apicenter/v1\nkind: Environment\n{metadata}spec: {{title: {title}, kind: production}}\n"
            );
        }
    }
    for api in ["first", "second", "third"] {
        if let Some(metadata) = named(dice, api, former, &mut names) {
            let _ = write!(text, "---\napiVersion: apicenter/v1\nkind: Api\n{metadata}");
            declare_api(dice, rank, &names, &mut text);
        }
    }
    (text, names)
}

/// The metadata of something that is in the catalogue, under its former name or another one.
fn named(dice: &mut Dice, name: &'static str, former: &Names, names: &mut Names) -> Option<String> {
    if !dice.is(75) {
        return None;
    }
    let other = format!("{name}-{}", dice.roll(3));
    let (now, previously) = match former.get(name) {
        Some(known) if *known != other && dice.is(40) => (other, Some(known)),
        Some(known) => (known.clone(), None),
        None => (name.to_owned(), None),
    };
    names.insert(name, now.clone());
    let previously = previously.map(|known| format!(", previously: [{known}]"));
    Some(format!(
        "metadata: {{name: {now}{}}}\n",
        previously.unwrap_or_default()
    ))
}

fn declare_api(dice: &mut Dice, rank: &str, names: &Names, text: &mut String) {
    let title = dice.one_of(&TITLES);
    let _ = write!(text, "spec:\n  title: {title}\n  kind: rest\n");
    if dice.is(50) {
        let _ = writeln!(text, "  contacts: [{{name: {}}}]", dice.one_of(&TITLES));
    }
    if !rank.is_empty() && dice.is(70) {
        let value = dice.one_of(&["low", "high"]);
        let value = match rank {
            "string" => value.to_owned(),
            _ => format!("[{value}]"),
        };
        let _ = writeln!(text, "  customProperties: {{rank: {value}}}");
    }
    let mut definitions = Vec::new();
    let mut versions = String::new();
    for version in ["v1", "v2"] {
        if dice.is(40) {
            continue;
        }
        let stage = dice.one_of(&["design", "production"]);
        let _ = writeln!(
            versions,
            "    - name: {version}\n      title: {version}\n      lifecycleStage: {stage}"
        );
        if dice.is(75) {
            let title = dice.one_of(&TITLES);
            let source = match dice.is(75) {
                true => format!(", source: {{file: {}}}", dice.one_of(&DOCUMENTS)),
                false => String::new(),
            };
            let _ = writeln!(
                versions,
                "      definitions: [{{name: openapi, title: {title}{source}}}]"
            );
            definitions.push(format!("{version}/openapi"));
        }
    }
    if !versions.is_empty() {
        let _ = write!(text, "  versions:\n{versions}");
    }
    let environments: Vec<&String> = ["eu", "us"]
        .iter()
        .filter_map(|environment| names.get(environment))
        .collect();
    if !definitions.is_empty() && !environments.is_empty() && dice.is(70) {
        let definition = &definitions[definitions.len() - 1];
        let environment = dice.one_of(&environments);
        let title = dice.one_of(&TITLES);
        let _ = writeln!(
            text,
            "  deployments: [{{name: live, title: {title}, environment: {environment}, definition: {definition}}}]"
        );
    }
}

/// Runs a command that may be killed while the service holds a write.
fn run(center: &ServiceFixture, project: &Project, command: &str, dice: &mut Dice) -> bool {
    center.inject(FaultRule {
        method: Some(dice.one_of(&["PUT", "PUT", "DELETE"]).to_owned()),
        path: String::new(),
        nth: u32::try_from(1 + dice.roll(6)).expect("a small number"),
        times: u32::MAX,
        fault: match dice.is(50) {
            true => Fault::HoldAfter,
            false => Fault::HoldBefore,
        },
    });
    let parallelism = 1 + dice.roll(4);
    let mut run = project.start(&format!("{command} --parallelism {parallelism}"));
    while !center.is_holding() && run.child().try_wait().expect("it can be asked").is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    let is_killed = center.is_holding();
    if is_killed {
        run.child().kill().expect("it is killed");
        run.finish().killed();
    } else {
        let ended = run.finish();
        assert!(ended.is_success(), "{ended}");
    }
    center.heal();
    is_killed
}

/// A file of an export: what a manifest means in whatever order, and its lines; or the bytes of a document.
#[derive(Debug, PartialEq)]
enum Exported {
    Manifest(Vec<Value>, Vec<String>),
    Document(String),
}

/// The files of an export. The service lists versions in the order in which they were created, and an export writes them so.
/// Nobody but the service sets that date, so what is created again is younger for good: that order is the only thing that
/// does not count, and the plan of the undo warns of it.
fn comparable(project: &Project) -> BTreeMap<String, Exported> {
    let files = exported(project).into_iter();
    let files = files.map(|(name, text)| match name.ends_with(".yaml") {
        true => {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            (name, Exported::Manifest(without_order(&text), lines))
        }
        false => (name, Exported::Document(text)),
    });
    files.collect()
}

/// Everything but the stage of an API, which the service derives from the order in which versions were created.
fn state(center: &ServiceFixture) -> Value {
    let mut state = held(center);
    let apis = state["apis"].as_array_mut().expect("a list");
    for api in apis.iter_mut() {
        api["api"]["properties"]["lifecycleStage"].take();
    }
    apis.sort_by_key(|api| api["api"]["name"].to_string());
    state
}

fn document(title: &str) -> String {
    format!(
        "{{\n \"openapi\": \"3.0.3\", \"info\": {{\"title\": \"{title}\", \"version\": \"1\"}}, \"paths\": {{}}}}\r\n"
    )
}

fn case(seed: u64) {
    let mut dice = Dice(seed);
    let center = ServiceFixture::start();
    let project = Project::of_with(&center, SETTINGS)
        .file("one.json", &document("One"))
        .file("two.json", &document("Two"));
    let (before, names) = catalogue(&mut dice, &Names::new());
    project.write("all.yaml", &before);
    let applied = project.run(APPLY);
    assert!(applied.is_success(), "{before}{applied}");
    let (state, files) = (self::state(&center), comparable(&project));
    let (after, _) = catalogue(&mut dice, &names);
    project.write("all.yaml", &after);
    let about = format!("seed {seed}, from\n{before}to\n{after}");
    let recorded = format!("{APPLY} --undo-file undo.json");
    if run(&center, &project, &recorded, &mut dice) && dice.is(50) {
        let completed = project.run(&recorded);
        assert!(completed.is_success(), "{about}{completed}");
    }
    if project.path("undo.json").exists() {
        if dice.is(40) {
            run(&center, &project, UNDO, &mut dice);
        }
        let undone = project.run(UNDO);
        assert!(undone.is_success(), "{about}{undone}");
    }
    let (undone_state, undone_files) = (self::state(&center), comparable(&project));
    let others: Vec<_> = undone_files
        .iter()
        .filter(|(name, content)| files.get(*name) != Some(*content))
        .collect();
    assert!(others.is_empty(), "{about}{others:#?}");
    assert_eq!(undone_files, files, "{about}");
    assert_eq!(undone_state, state, "{about}");
}

#[test]
fn random_applies_are_undone() {
    at_once(4, 1..=16, case);
}

#[test]
#[ignore = "some minutes: two hundred applies"]
fn many_random_applies_are_undone() {
    at_once(4, 1001..=1200, case);
}
