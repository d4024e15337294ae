//! What `apicenter init` writes: a small catalogue, editor settings and pipelines.
//!
//! Pure: from options to files. The texts are beside this file, as they are written; words such as
//! `@NAME@` in them are filled in.

mod file;
mod options;
mod pipelines;
mod program;
mod project;

pub use file::File;
pub use options::{Options, ServiceAt};
pub use pipelines::Ci;
pub use program::Program;

/// The files, sorted by path: same options, same bytes.
#[must_use]
pub fn files(options: &Options) -> Vec<File> {
    let mut files = Vec::new();
    if !options.pipelines_only {
        files.extend(project::files(options));
    }
    if let Some(ci) = options.ci {
        let host = options.service.as_ref().and_then(ServiceAt::own_host);
        files.extend(pipelines::files(ci, &options.program, host.as_deref()));
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
                None => "once the service exists",
            };
            steps.push(format!("fill in the target prod in apicenter.yaml {when}"));
        }
    }
    if let Some(ci) = options.ci {
        if options.program == Program::Undecided {
            steps.push(format!(
                "decide which apicenter the pipelines run, which fail until then: fill in ADDRESS and SHA256 in \
                 {}, or run init again with --source REPOSITORY@COMMIT or --binary ADDRESS --sha256 HEX",
                ci.program_file()
            ));
        }
        steps.push(ci.next_step().into());
    }
    steps
}
