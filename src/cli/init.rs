//! `apicenter init`.

use std::path::Path;

use clap::ValueEnum;

use super::console::Console;
use super::exit::Exit;
use super::export;
use super::failure::Failure;
use super::init_program::ProgramArgs;
use super::invocation::Invocation;
use super::project;
use super::refusal::refuse_to_overwrite;
use super::schema_files::SchemaFile;
use crate::export::ExportFile;
use crate::manifest::source::has_content;
use crate::model::counted;
use crate::project::PlanFlags;
use crate::scaffold::{self, Ci, Options, ServiceAt};

/// Start a catalogue: a project file, first manifests, editor settings, pipelines
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter init                                    to try things out, with the embedded emulator
  apicenter init --ci github --subscription-id 00000000-0000-0000-0000-000000000000 \\
    --resource-group rg-apis --service contoso \\
    --source https://github.com/OWNER/REPO@COMMIT   with pipelines that plan and apply
  apicenter init ... --from-live                    and with the service's resources as manifests
  apicenter init --ci gitlab --pipelines-only \\
    --binary https://example.com/apicenter.tar.gz --sha256 HEX
                                                    for an existing project

The pipelines run what --source or --binary names. Without either they are written with empty values in
one marked place, and fail until it is filled in.
If a file already exists with other content, nothing is written, unless --force is given.")]
pub(super) struct Args {
    /// Which pipelines to write
    #[arg(long, value_name = "CI", default_value = "none")]
    ci: CiChoice,

    #[command(flatten)]
    program: ProgramArgs,

    /// Name of the project [default: the folder's name]
    #[arg(long, value_name = "NAME", value_parser = project_name)]
    name: Option<String>,

    /// Subscription of the service of the target prod
    #[arg(long, value_name = "ID", value_parser = subscription, requires_all = ["resource_group", "service"])]
    subscription_id: Option<String>,

    /// Resource group of the service
    #[arg(long, value_name = "NAME", value_parser = resource_group, requires_all = ["subscription_id", "service"])]
    resource_group: Option<String>,

    /// Name of the service
    #[arg(long, value_name = "NAME", value_parser = project_name, requires_all = ["subscription_id", "resource_group"])]
    service: Option<String>,

    /// Cloud of the service: public, usgovernment, china, or the URL of a resource manager
    #[arg(long, value_name = "CLOUD", default_value = "public", value_parser = cloud, requires = "service")]
    cloud: String,

    /// Export the service's resources as manifests, instead of writing samples
    #[arg(long, requires = "service", conflicts_with = "pipelines_only")]
    from_live: bool,

    /// Write the pipelines of --ci and nothing else
    #[arg(long)]
    pipelines_only: bool,

    /// Overwrite files that differ
    #[arg(long)]
    force: bool,
}

/// Which pipelines to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CiChoice {
    /// GitHub Actions
    Github,
    /// Azure Pipelines
    AzurePipelines,
    /// GitLab CI
    Gitlab,
    /// None
    None,
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global, console, ..
    } = invocation;
    let folder = global.directory.as_deref().unwrap_or(Path::new("."));
    let options = args.options(folder)?;
    let files: Vec<ExportFile> = scaffold::files(&options)
        .into_iter()
        .map(|file| ExportFile {
            path: file.path.to_owned(),
            bytes: file.text.into_bytes(),
        })
        .collect();
    let differs = |file: &ExportFile| !has_content(&folder.join(&file.path), &file.bytes);
    let mut missing: Vec<&str> = files
        .iter()
        .filter(|file| differs(file))
        .map(|file| file.path.as_str())
        .collect();
    if !args.force {
        refuse_to_overwrite(
            folder,
            &files,
            "--force overwrites them; --pipelines-only writes the pipelines of --ci and nothing else",
        )?;
    }
    export::write_all(folder, &files)?;
    // The export adds what the schema is about.
    if !args.pipelines_only && !args.from_live {
        missing.extend(write_schema(args, invocation)?);
        missing.sort_unstable();
    }
    tell(&missing, console);
    if args.from_live {
        export::into_project(folder, args.force, invocation)
            .await
            .map_err(|failure| {
                failure.or_help(
                    "the files of init are kept; to continue, run apicenter export -t prod",
                )
            })?;
        write_schema(args, invocation)?;
    }
    if !missing.is_empty() {
        for step in scaffold::next_steps(&options) {
            console.hint(format!("  next: {step}"));
        }
    }
    Ok(Exit::Done)
}

/// Writes the schemas that the editor settings name. Those that exist are kept, as all files are.
fn write_schema(args: &Args, invocation: Invocation<'_>) -> Result<Vec<&'static str>, Failure> {
    let project = project::open(invocation, PlanFlags::default())?;
    let mut written = Vec::new();
    for file in SchemaFile::all(&project) {
        if !file.exists() || (args.force && !file.is_fresh()) {
            file.write(invocation.console)?;
            written.push(file.path);
        }
    }
    Ok(written)
}

fn tell(written: &[&str], console: &Console) {
    if written.is_empty() {
        console.output("All files already exist; nothing was written.");
        return;
    }
    console.output(format!("Wrote {}:", counted(written.len(), "file")));
    for path in written {
        console.output(format!("  {path}"));
    }
}

impl Args {
    fn options(&self, folder: &Path) -> Result<Options, Failure> {
        let ci = match self.ci {
            CiChoice::Github => Some(Ci::GitHub),
            CiChoice::AzurePipelines => Some(Ci::AzurePipelines),
            CiChoice::Gitlab => Some(Ci::GitLab),
            CiChoice::None => None,
        };
        if self.pipelines_only && ci.is_none() {
            return Err(Failure::usage("--pipelines-only requires --ci")
                .help("add --ci github, --ci azure-pipelines or --ci gitlab"));
        }
        let given = (&self.subscription_id, &self.resource_group, &self.service);
        let service = match given {
            (Some(subscription_id), Some(resource_group), Some(service)) => Some(ServiceAt {
                subscription_id: subscription_id.clone(),
                resource_group: resource_group.clone(),
                service: service.clone(),
                cloud: self.cloud.clone(),
            }),
            _ => None,
        };
        Ok(Options {
            name: self.name.clone().unwrap_or_else(|| folder_name(folder)),
            service,
            program: self.program.program(ci)?,
            ci,
            samples: !self.from_live,
            pipelines_only: self.pipelines_only,
        })
    }
}

/// The folder's name, with hyphens for characters that a project's name cannot have.
fn folder_name(folder: &Path) -> String {
    let folder = std::path::absolute(folder).unwrap_or_default();
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = name.chars().map(plain).take(90).collect();
    project_name(name.trim_matches('-')).unwrap_or_else(|_| "my-catalogue".to_owned())
}

fn project_name(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if (3..=90).contains(&text.len()) && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("must be 3 to 90 letters, digits and hyphens".to_owned())
    }
}

fn subscription(text: &str) -> Result<String, String> {
    match uuid::Uuid::try_parse(text) {
        Ok(id) if id.to_string().eq_ignore_ascii_case(text) => Ok(text.to_owned()),
        _ => Err("must be a GUID such as 00000000-0000-0000-0000-000000000000".to_owned()),
    }
}

fn resource_group(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_alphanumeric() || "-_.()".contains(c);
    if !text.is_empty() && text.chars().count() <= 90 && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("must be 1 to 90 letters, digits and -_.()".to_owned())
    }
}

fn cloud(text: &str) -> Result<String, String> {
    let is_url = text.starts_with("https://") || text.starts_with("http://");
    if is_url || ["public", "usgovernment", "china"].contains(&text) {
        Ok(text.to_owned())
    } else {
        Err("must be public, usgovernment, china or the URL of a resource manager".to_owned())
    }
}
