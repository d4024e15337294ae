//! What the branch changes: warnings about other files are counted, not shown.

use std::collections::BTreeSet;
use std::path::Path;

use super::failure::Failure;
use crate::config::Pipeline;
use crate::model::{Address, Diagnostic, Severity, counted};
use crate::project::LoadedProject;
use crate::workflow::{BranchBase, BranchPoint, changed_files};

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
        changed_since: Option<&str>,
        pipeline: &Pipeline,
        root: &Path,
    ) -> Result<Self, Failure> {
        let files = match changed_since {
            Some(name) => {
                let point = BranchPoint::find(root, name)?;
                changed_files(root, &BranchBase::Reference(point.commit))
            }
            None => bases(pipeline)
                .iter()
                .find_map(|base| changed_files(root, base)),
        };
        Ok(Self { files })
    }

    /// Whether a problem is shown: an error always is, and a warning that is in no file. A warning about a document
    /// may be in the manifest that names it.
    fn concerns(&self, diagnostic: &Diagnostic, project: &LoadedProject) -> bool {
        let (Some(files), Some(label)) = (&self.files, &diagnostic.primary) else {
            return true;
        };
        let labels = std::iter::once(label).chain(&diagnostic.related);
        let mut named = labels.map(|label| project.sources.get(label.span.source).name.as_str());
        let addresses = diagnostic.addresses.iter();
        let mut read = addresses.flat_map(|address| read_for(project, address));
        diagnostic.severity == Severity::Error
            || named.any(|name| files.contains(name))
            || read.any(|name| files.contains(name))
    }

    /// The problems that are shown, and how many are not.
    pub(super) fn split(&self, project: &LoadedProject) -> (Vec<Diagnostic>, Elsewhere) {
        self.split_some(project.diagnostics.iter(), project)
    }

    /// The same for some of the problems.
    pub(super) fn split_some<'a>(
        &self,
        diagnostics: impl IntoIterator<Item = &'a Diagnostic>,
        project: &LoadedProject,
    ) -> (Vec<Diagnostic>, Elsewhere) {
        let (shown, others): (Vec<&Diagnostic>, Vec<&Diagnostic>) = diagnostics
            .into_iter()
            .partition(|diagnostic| self.concerns(diagnostic, project));
        let labels = others.iter().filter_map(|other| other.primary.as_ref());
        let files: BTreeSet<_> = labels.map(|label| label.span.source).collect();
        let elsewhere = Elsewhere {
            warnings: others.len(),
            files: files.len(),
        };
        (shown.into_iter().cloned().collect(), elsewhere)
    }
}

/// The files that the document of a declared resource was read from.
fn read_for<'a>(
    project: &'a LoadedProject,
    address: &Address,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let declared = project.desired.resources.get(address);
    let document = declared.and_then(|declared| declared.document.as_ref());
    document.into_iter().flat_map(|document| {
        let parts = document.parts.iter();
        let parts = parts.map(|part| project.sources.get(part.source).name.as_str());
        document.file.as_deref().into_iter().chain(parts)
    })
}

impl Elsewhere {
    /// What is said in place of the warnings; `None` if there are none.
    pub(super) fn words(self, project: &LoadedProject) -> Option<String> {
        (self.warnings > 0).then(|| {
            format!(
                "{} in {} that this branch does not change; `apicenter validate -t {}` shows {}",
                counted(self.warnings, "warning"),
                counted(self.files, "file"),
                project.options.target.name,
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
