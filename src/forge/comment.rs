//! The comments of a pull request that have a marker.

/// A comment of ours that exists.
#[derive(Debug, Clone, Default)]
pub(super) struct Comment {
    /// Its id; later ones are larger.
    pub(super) id: u64,
    /// What locates it besides its id: the comment in its thread on Azure DevOps, the node on GitHub.
    pub(super) locator: String,
    pub(super) text: String,
    /// Whether it is minimised or its thread closed; `None` if the forge does not report it.
    pub(super) hidden: Option<bool>,
    pub(super) url: Option<String>,
}

/// The comments that begin with a marker.
#[derive(Debug, Default)]
pub(super) struct Comments {
    /// Written by us, newest first.
    pub(super) ours: Vec<Comment>,
    /// Written by others.
    pub(super) by_others: usize,
}

impl Comments {
    /// Splits comments into ours and those of others.
    pub(super) fn sorted(all: impl IntoIterator<Item = (bool, Comment)>) -> Self {
        let mut comments = Self::default();
        for (is_ours, comment) in all {
            if is_ours {
                comments.ours.push(comment);
            } else {
                comments.by_others += 1;
            }
        }
        comments
            .ours
            .sort_by_key(|comment| std::cmp::Reverse(comment.id));
        comments
    }
}
