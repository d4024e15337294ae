//! What the branch changes: warnings about other files are counted, not shown.

use std::collections::BTreeSet;
use std::path::Path;

use clap::Args;

use super::failure::Failure;
use crate::config::Pipeline;
use crate::model::{Diagnostic, Severity, Sources, counted};
use crate::workflow::{BranchBase, changed_files};

/// The flag that says where the branch begins.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct BranchArgs {
    /// Count the warnings about files that have not changed since the branch left this one, instead of showing them
    /// [default: the target of the pull request, in a pipeline]
    #[arg(long, value_name = "REF")]
    changed_since: Option<String>,
}

/// The files that the branch changes.
#[derive(Debug, Clone, Default)]
pub(super) struct BranchFiles {
    /// `None` if it is not known: then everything is shown.
    files: Option<BTreeSet<String>>,
}

/// Warnings about files that the branch does not change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Elsewhere {
    warnings: usize,
    files: usize,
}

impl BranchFiles {
    /// Asks git. A base that only the pipeline names may be missing from its checkout; one that the user names must
    /// be there.
    pub(super) fn find(
        args: &BranchArgs,
        pipeline: &Pipeline,
        root: &Path,
    ) -> Result<Self, Failure> {
        let files = match &args.changed_since {
            Some(name) => Some(
                changed_files(root, &BranchBase::Reference(name.clone())).ok_or_else(|| {
                    Failure::usage(format!(
                        "--changed-since: git knows no commit `{name}` from which this branch comes"
                    ))
                    .help("name a branch, a tag or a commit that is in this clone; a shallow clone lacks most of them")
                })?,
            ),
            None => bases(pipeline)
                .iter()
                .find_map(|base| changed_files(root, base)),
        };
        Ok(Self { files })
    }

    /// Whether a problem is shown: an error always is, and a warning that is in no file.
    fn concerns(&self, diagnostic: &Diagnostic, sources: &Sources) -> bool {
        let (Some(files), Some(label)) = (&self.files, &diagnostic.primary) else {
            return true;
        };
        let labels = std::iter::once(label).chain(&diagnostic.related);
        let mut names = labels.map(|label| &sources.get(label.span.source).name);
        diagnostic.severity == Severity::Error || names.any(|name| files.contains(name.as_str()))
    }

    /// The problems that are shown, and how many are not.
    pub(super) fn split<'a>(
        &self,
        diagnostics: impl IntoIterator<Item = &'a Diagnostic>,
        sources: &Sources,
    ) -> (Vec<Diagnostic>, Elsewhere) {
        let (shown, others): (Vec<&Diagnostic>, Vec<&Diagnostic>) = diagnostics
            .into_iter()
            .partition(|diagnostic| self.concerns(diagnostic, sources));
        let labels = others.iter().filter_map(|other| other.primary.as_ref());
        let files: BTreeSet<_> = labels.map(|label| label.span.source).collect();
        let elsewhere = Elsewhere {
            warnings: others.len(),
            files: files.len(),
        };
        (shown.into_iter().cloned().collect(), elsewhere)
    }
}

impl Elsewhere {
    /// What is said in place of the warnings; `None` if there are none.
    pub(super) fn words(self) -> Option<String> {
        (self.warnings > 0).then(|| {
            format!(
                "{} in {} that this branch does not change; `apicenter validate` shows {}",
                counted(self.warnings, "warning"),
                counted(self.files, "file"),
                if self.warnings == 1 { "it" } else { "them" }
            )
        })
    }
}

/// The base of a pull request, by the variables of its pipeline, the surest first.
fn bases(pipeline: &Pipeline) -> Vec<BranchBase> {
    let get = |name| pipeline.get(name);
    let branch = |name: &str| {
        let name = name.strip_prefix("refs/heads/").unwrap_or(name);
        BranchBase::Reference(format!("origin/{name}"))
    };
    let mut bases = Vec::new();
    for (target, commit) in [
        ("GITHUB_BASE_REF", "GITHUB_SHA"),
        ("SYSTEM_PULLREQUEST_TARGETBRANCH", "BUILD_SOURCEVERSION"),
    ] {
        if let Some(target) = get(target) {
            let merge = get(commit).map(|commit| BranchBase::MergeCommit(commit.to_owned()));
            bases.extend(merge);
            bases.push(branch(target));
        }
    }
    let start = get("CI_MERGE_REQUEST_DIFF_BASE_SHA");
    bases.extend(start.map(|start| BranchBase::Reference(start.to_owned())));
    bases.extend(get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME").map(branch));
    bases
}
