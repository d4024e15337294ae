//! What `apicenter init` writes: a small catalogue, editor settings and pipelines.
//!
//! Pure: from options to files. The texts are beside this file, as they are written; `@NAME@` and
//! `@VERSION@` in them are filled in.

mod pipelines;
mod project;

pub use pipelines::Ci;

/// What to scaffold.
#[derive(Debug, Clone)]
pub struct Options {
    /// Name of the project.
    pub name: String,
    /// The service that the target `prod` stands for; without it, the target is there as a comment.
    pub service: Option<ServiceAt>,
    /// Which pipelines.
    pub ci: Option<Ci>,
    /// Whether manifests are written that show how it is done.
    pub samples: bool,
    /// Whether only the pipelines are written.
    pub pipelines_only: bool,
}

/// Where a service is in Azure.
#[derive(Debug, Clone)]
pub struct ServiceAt {
    /// Its subscription.
    pub subscription_id: String,
    /// Its resource group.
    pub resource_group: String,
    /// Its name.
    pub service: String,
    /// The cloud: `public`, `usgovernment`, `china` or the address of a resource manager.
    pub cloud: String,
}

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Path below the folder, with `/` between its parts.
    pub path: &'static str,
    /// Its text.
    pub text: String,
}

/// The files, sorted by path: same options, same bytes.
#[must_use]
pub fn files(options: &Options) -> Vec<File> {
    let mut files = Vec::new();
    if !options.pipelines_only {
        files.extend(project::files(options));
    }
    if let Some(ci) = options.ci {
        files.extend(pipelines::files(ci));
    }
    files.sort_by_key(|file| file.path);
    files
}

/// What is left for the user to do, one sentence each.
#[must_use]
pub fn next_steps(options: &Options) -> Vec<String> {
    let mut steps = Vec::new();
    if !options.pipelines_only {
        steps
            .push("apicenter plan     shows what would be created in the embedded emulator".into());
        steps.push("apicenter apply    creates it there".into());
        if options.service.is_none() {
            let when = match options.ci {
                Some(_) => "before the pipelines run, which plan for it",
                None => "when there is a service",
            };
            steps.push(format!("fill in the target prod in apicenter.yaml {when}"));
        }
    }
    if let Some(ci) = options.ci {
        steps.push(ci.next_step().into());
    }
    steps
}
