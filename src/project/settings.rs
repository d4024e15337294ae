//! What a plan depends on, from the project file and the flags of a command.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ignore;
use crate::kinds;
use crate::manifest::{Project, did_you_mean, list};
use crate::model::{Code, Diagnostic, Diagnostics, OwnershipMarker, Patterns, code};
use crate::plan::{
    ChangedSince, MaxDeletes, PlanBase, PlanOptions, PruneOptions, PruneScope, Safety, Target,
};

/// What the flags of a command change in a plan.
#[derive(Debug, Clone, Default)]
pub struct PlanFlags {
    /// `--prune`.
    pub prune: bool,
    /// `--only`.
    pub only: Patterns,
    /// `--exclude`.
    pub exclude: Patterns,
    /// `--changed-since`, with what it selects.
    pub changed: Option<Arc<ChangedSince>>,
    /// `--base`, with what it has.
    pub base: Option<Arc<PlanBase>>,
    /// `--ours`.
    pub ours: Patterns,
    /// `--theirs`.
    pub theirs: Patterns,
}

/// What a plan depends on, from the project file and the flags.
#[must_use]
pub(super) fn plan_options(
    project: &Project,
    target: &Target,
    flags: &PlanFlags,
    diagnostics: &mut Diagnostics,
) -> PlanOptions {
    let spec = &project.spec;
    let prune = spec.prune.clone().unwrap_or_default();
    let scope = match prune.scope.as_deref() {
        None => PruneScope::Owned,
        Some(scope) if scope.eq_ignore_ascii_case("owned") => PruneScope::Owned,
        Some(scope) if scope.eq_ignore_ascii_case("all") => PruneScope::All,
        Some(scope) => {
            let message = format!("`{scope}` is not a scope of a prune");
            diagnostics.push(
                setting(project, &["prune", "scope"], message, "`owned` or `all`")
                    .help("nothing is pruned on a guess"),
            );
            PruneScope::Owned
        }
    };
    PlanOptions {
        target: target.clone(),
        ownership: spec.ownership.as_ref().map(|ownership| OwnershipMarker {
            owner: ownership.owner.clone(),
            property: ownership.property.clone(),
        }),
        prune: PruneOptions {
            enabled: flags.prune || prune.enabled.unwrap_or(false),
            scope,
        },
        safety: safety(project, diagnostics),
        ignore: ignore::rules(project, diagnostics),
        only: flags.only.clone(),
        exclude: flags.exclude.clone(),
        changed: flags.changed.clone(),
        limits: limits(project, diagnostics),
        base: flags.base.clone(),
        ours: flags.ours.clone(),
        theirs: flags.theirs.clone(),
        from: None,
        undone: None,
    }
}

/// Resources that another repository declares.
#[must_use]
pub(super) fn external(project: &Project, diagnostics: &mut Diagnostics) -> Patterns {
    patterns(
        project,
        project.spec.external.as_deref(),
        &["external"],
        diagnostics,
    )
}

fn safety(project: &Project, diagnostics: &mut Diagnostics) -> Safety {
    let mut safety = Safety::default();
    let Some(spec) = &project.spec.safety else {
        return safety;
    };
    if let Some(text) = &spec.max_deletes {
        let parsed = match text.strip_suffix('%') {
            Some(share) => share
                .trim()
                .parse()
                .ok()
                .filter(|share| (0.0..=100.0).contains(share))
                .map(MaxDeletes::Percent),
            None => text.trim().parse().ok().map(MaxDeletes::Count),
        };
        match parsed {
            Some(most) => safety.max_deletes = most,
            None => diagnostics.push(setting(
                project,
                &["safety", "maxDeletes"],
                format!("`{text}` is neither a number nor a share such as 30%"),
                "a number or a share",
            )),
        }
    }
    safety.min_existing = spec.min_existing.unwrap_or(safety.min_existing);
    safety.protect = patterns(
        project,
        spec.protect.as_deref(),
        &["safety", "protect"],
        diagnostics,
    );
    safety
}

fn patterns(
    project: &Project,
    given: Option<&[String]>,
    path: &[&str],
    diagnostics: &mut Diagnostics,
) -> Patterns {
    let given = given.unwrap_or_default();
    for (i, pattern) in given.iter().enumerate() {
        if let Err(error) = Patterns::new([pattern]) {
            let index = i.to_string();
            let path: Vec<&str> = path.iter().copied().chain([index.as_str()]).collect();
            diagnostics.push(setting(project, &path, error.to_string(), "not a pattern"));
        } else if let Some(help) = unknown_address(pattern) {
            let index = i.to_string();
            let path: Vec<&str> = path.iter().copied().chain([index.as_str()]).collect();
            let message = format!("`{pattern}` can name no resource");
            diagnostics.push(setting(project, &path, message, "no such address").help(help));
        }
    }
    Patterns::new(given).unwrap_or_default()
}

/// Why a pattern can match no address: one of its parts that should be a kind of
/// resource is not one that can be there.
fn unknown_address(pattern: &str) -> Option<String> {
    let mut slugs: Vec<&str> = kinds::declarable().map(|kind| kind.info.slug).collect();
    let parts: Vec<&str> = pattern.split('/').collect();
    for (i, pair) in parts.chunks(2).enumerate() {
        let slug = pair[0];
        let is_plain = slug.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !is_plain {
            return None;
        }
        let mut kinds = kinds::KINDS.iter();
        let Some(kind) = kinds.find(|kind| {
            kind.info.slug.eq_ignore_ascii_case(slug) && slugs.contains(&kind.info.slug)
        }) else {
            return Some(did_you_mean(slug, &slugs).unwrap_or_else(|| {
                match (i, slugs.as_slice()) {
                    (0, slugs) => format!(
                        "an address begins with {}, as in environment/prod",
                        list(slugs, "or")
                    ),
                    (_, []) => "there are no kinds below such a resource".to_owned(),
                    (_, slugs) => format!("the kinds below it are {}", list(slugs, "or")),
                }
            }));
        };
        let is_below = |other: &&&kinds::Kind| {
            let parent = other.location.parent();
            parent.is_some_and(|parent| parent.info == kind.info)
        };
        let below = kinds::KINDS.iter().filter(is_below);
        slugs = below.map(|kind| kind.info.slug).collect();
        if pair.get(1).is_some_and(|name| name.contains(['{', '['])) || pair.contains(&"**") {
            return None;
        }
    }
    None
}

fn limits(project: &Project, diagnostics: &mut Diagnostics) -> BTreeMap<String, usize> {
    let limits = project.spec.limits.clone().unwrap_or_default();
    let known: Vec<&str> = crate::model::limit::LIMITS
        .iter()
        .map(|limit| limit.name)
        .collect();
    for name in limits.keys().filter(|name| !known.contains(&name.as_str())) {
        let hint = did_you_mean(name, &known)
            .unwrap_or_else(|| format!("the limits are {}", list(&known, "and")));
        let message = format!("unknown limit `{name}`");
        diagnostics.push(setting(project, &["limits", name], message, "no such limit").help(hint));
    }
    limits
}

pub(super) fn setting(
    project: &Project,
    path: &[&str],
    message: String,
    label: &str,
) -> Diagnostic {
    const CODE: Code = code::PROJECT_SETTING;
    let diagnostic = Diagnostic::error(CODE, message);
    match project.place(path) {
        Some(span) => diagnostic.at(span, label),
        None => diagnostic,
    }
}
