//! Where imported files go, and what stops them.

use std::collections::BTreeSet;

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::export::write_all;
use crate::cli::failure::Failure;
use crate::cli::refusal::{refuse, refuse_to_overwrite};
use crate::export::ExportFile;
use crate::import::{ApiChanges, Imported};
use crate::kinds;
use crate::manifest::source::{FileGlobs, has_content};
use crate::model::view::ApiView;
use crate::model::{Address, Diagnostics, Role, Severity, Sources, code, counted};
use crate::output::{Data, Text, render_diagnostics, summary_line};
use crate::project::LoadedProject;
use crate::yaml;

/// How many skipped files are named.
const MOST_SKIPPED: usize = 5;

/// Flags about what is written.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(super) struct OutputArgs {
    /// Print the manifests instead of writing anything
    #[arg(long, short = 'n')]
    pub(super) print: bool,

    /// Overwrite files that differ, import APIs with the title of another API, and (openapi) take the documents' values
    /// over those written by hand
    #[arg(long)]
    pub(super) force: bool,
}

/// What imported files declare.
struct Declared<'a> {
    address: Address,
    file: &'a ExportFile,
}

/// Writes an import into the project, or prints it.
pub(super) fn finish(
    project: &LoadedProject,
    imported: &Imported,
    args: OutputArgs,
    console: &Console,
) -> Result<Exit, Failure> {
    let declared = declared(imported);
    if args.print {
        print(&declared, console);
        report(imported, console);
        return Ok(Exit::Done);
    }
    refuse_duplicates(project, &declared)?;
    if !args.force {
        refuse_titles(project, imported)?;
        let help = "--print shows what would be written, --force overwrites them";
        refuse_to_overwrite(project.files.root(), &strange_files(imported), help)?;
    }
    let written = write_all(project.files.root(), &imported.files)?;
    report(imported, console);
    note_unread(project, &declared, console);
    console.output(summary(imported, written, "Imported", "written"));
    if written > 0 {
        console.hint("  next: apicenter validate, then apicenter plan");
    }
    Ok(Exit::Done)
}

/// The files that are neither the manifest nor a document of an API which the project declares already.
fn strange_files(imported: &Imported) -> Vec<ExportFile> {
    let merged = imported
        .apis
        .iter()
        .filter_map(|api| Some((&api.path, api.changes.as_ref()?)));
    let own: BTreeSet<&String> = merged
        .flat_map(|(manifest, changes)| changes.files.iter().chain([manifest]))
        .collect();
    let files = imported.files.iter();
    files
        .filter(|file| !own.contains(&file.path))
        .cloned()
        .collect()
}

/// Says what an import would write, and ends with the code for changes if there is something.
pub(super) fn check(
    project: &LoadedProject,
    imported: &Imported,
    console: &Console,
) -> Result<Exit, Failure> {
    refuse_duplicates(project, &declared(imported))?;
    refuse_titles(project, imported)?;
    let root = project.files.root();
    let differs = |file: &&ExportFile| !has_content(&root.join(&file.path), &file.bytes);
    let changed: Vec<&ExportFile> = imported.files.iter().filter(differs).collect();
    report(imported, console);
    console.output(summary(imported, changed.len(), "Checked", "to write"));
    for file in &changed {
        console.hint(format!("  would write {}", file.path));
    }
    Ok(if changed.is_empty() {
        Exit::Done
    } else {
        Exit::Changes
    })
}

/// Ends the command if something is wrong with what is to be imported; all of it is told.
pub(super) fn require_none(
    diagnostics: Diagnostics,
    sources: &Sources,
    console: &Console,
) -> Result<(), Failure> {
    if diagnostics.is_empty() {
        return Ok(());
    }
    let mut diagnostics = diagnostics;
    diagnostics.sort(sources);
    console.status(render_diagnostics(
        &diagnostics,
        sources,
        console.is_interactive(),
    ));
    console.status(summary_line(&diagnostics));
    console.status("nothing was imported");
    let errors = || diagnostics.iter().filter(|d| d.severity == Severity::Error);
    let unread = errors().all(|error| error.code == code::FILE_UNREADABLE);
    Err(Failure::already_reported(if unread {
        Exit::Error
    } else {
        Exit::Invalid
    }))
}

fn declared(imported: &Imported) -> Vec<Declared<'_>> {
    let mut sources = Sources::default();
    let of = |file| Some((address(file, &mut sources)?, file));
    let found = imported.files.iter().filter_map(of);
    found
        .map(|(address, file)| Declared { address, file })
        .collect()
}

/// What a file declares, if it is a manifest.
fn address(file: &ExportFile, sources: &mut Sources) -> Option<Address> {
    if !file.path.ends_with(".yaml") {
        return None;
    }
    let text = std::str::from_utf8(&file.bytes).ok()?;
    let source = sources.add(file.path.clone(), text);
    let document = yaml::parse(source, text, &mut Diagnostics::default());
    let root = document.into_iter().next()?.root?;
    let kind = root.get("kind")?.scalar_text()?.to_owned();
    let name = root.get("metadata")?.get("name")?.scalar_text()?.to_owned();
    root.get("apiVersion")?;
    Some(Address::top(&kinds::by_name(&kind)?.info, name))
}

fn print(declared: &[Declared<'_>], console: &Console) {
    let manifests: Vec<_> = declared
        .iter()
        .map(|declared| {
            let text = String::from_utf8_lossy(&declared.file.bytes);
            (declared.file.path.as_str(), text)
        })
        .collect();
    let manifests = manifests.iter().map(|(path, text)| (*path, &**text));
    console.data(&Data::yaml(manifests));
}

fn report(imported: &Imported, console: &Console) {
    for note in &imported.notes {
        console.hint(format!("note: {note}"));
    }
    if !imported.skipped.is_empty() {
        let few = imported.skipped.iter().take(MOST_SKIPPED);
        let mut names: Vec<&str> = few.map(String::as_str).collect();
        if imported.skipped.len() > MOST_SKIPPED {
            names.push("…");
        }
        let count = imported.skipped.len();
        let verb = if count == 1 { "describes" } else { "describe" };
        console.hint(format!(
            "note: skipped {}, which {verb} no API: {}",
            counted(count, "file"),
            names.join(", ")
        ));
    }
}

/// A resource that another file declares would be declared twice; no flag makes that right.
fn refuse_duplicates(project: &LoadedProject, declared: &[Declared<'_>]) -> Result<(), Failure> {
    let found = declared.iter().filter_map(|declared| {
        let file = file_of(project, &declared.address)?;
        (file != declared.file.path).then(|| format!("{} in {file}", declared.address))
    });
    refuse(
        &found.collect::<Vec<_>>(),
        "these resources are already declared",
        "--print shows the manifests; add what is new to those files",
    )
}

fn file_of<'a>(project: &'a LoadedProject, address: &Address) -> Option<&'a str> {
    let place = project.desired.resources.get(address)?.place?;
    Some(&project.sources.get(place.source).name)
}

/// The same API under another name is more likely a mistake than another API.
fn refuse_titles(project: &LoadedProject, imported: &Imported) -> Result<(), Failure> {
    let new = imported.apis.iter().filter(|api| api.changes.is_none());
    let found = new.flat_map(|api| {
        let declared = project.desired.resources.values().filter(|declared| {
            let address = &declared.resource.address;
            address.kind().role == Role::Api
                && !address.name().eq_ignore_ascii_case(&api.name)
                && ApiView::of(&declared.resource.body).title() == Some(&api.title)
        });
        declared.map(|declared| {
            let address = &declared.resource.address;
            let file = file_of(project, address).unwrap_or_default();
            format!("`{}`: {address} in {file}", api.title)
        })
    });
    refuse(
        &found.collect::<Vec<_>>(),
        "other APIs have these titles",
        "--force imports them anyway, as additional APIs",
    )
}

/// A project may read its manifests from certain folders only.
fn note_unread(project: &LoadedProject, declared: &[Declared<'_>], console: &Console) {
    let Some(patterns) = &project.settings.spec.manifests else {
        return;
    };
    let Ok(globs) = FileGlobs::new(patterns) else {
        return;
    };
    for path in declared.iter().map(|declared| &declared.file.path) {
        if !globs.matches(path) {
            console.hint(format!(
                "note: {path} does not match spec.manifests in apicenter.yaml"
            ));
        }
    }
}

fn summary(imported: &Imported, written: usize, done: &str, state: &str) -> Text {
    let width = |length: fn(&crate::import::ImportedApi) -> usize| {
        imported.apis.iter().map(length).max().unwrap_or_default()
    };
    let name_width = width(|api| api.name.len());
    let path_width = width(|api| api.path.len());
    let mut text = Text::from(format!(
        "{done} {} to {} ({written} {state}, {} unchanged).",
        counted(imported.apis.len(), "API"),
        counted(imported.files.len(), "file"),
        imported.files.len() - written,
    ));
    for api in &imported.apis {
        let counts = [
            counted(api.versions, "version"),
            counted(api.definitions, "document"),
            counted(api.deployments, "deployment"),
        ];
        let counts = counts.join(", ");
        let done = match &api.changes {
            Some(changes) => format!("{counts}: {}", words(changes)),
            None => counts,
        };
        text.push(format!(
            "  api/{:name_width$}  {:path_width$}  {}",
            api.name, api.path, done
        ));
    }
    text
}

/// What was done to an API that was declared already.
fn words(changes: &ApiChanges) -> String {
    let lists = [
        ("added", &changes.added),
        ("updated", &changes.updated),
        ("kept", &changes.kept),
    ];
    let mut words: Vec<String> = lists
        .iter()
        .filter(|(_, list)| !list.is_empty())
        .map(|(word, list)| format!("{word} {}", list.join(", ")))
        .collect();
    if changes.is_empty() {
        words.insert(0, "unchanged".to_owned());
    }
    words.join("; ")
}
