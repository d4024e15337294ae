//! One comment for each target: created once, then kept up to date.

use super::body::CommentBody;
use super::client::DryRunRequest;
use super::client::RETRY;
use super::error::{ForgeError, ForgeErrorKind};
use super::host::{Forge, Host};

/// The change to the comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommentChange {
    /// It was created.
    Created,
    /// Its text was replaced.
    Updated,
    /// It had the same text already.
    Unchanged,
    /// There is none, and the plan has no changes.
    Skipped,
}

/// The result of publishing a comment.
#[derive(Debug)]
pub struct Published {
    /// The change to the comment.
    pub change: CommentChange,
    /// Whether it is hidden now: minimised, or its thread closed.
    pub hidden: bool,
    /// Its URL, if the forge reports it.
    pub url: Option<String>,
    /// Notes for the user.
    pub notes: Vec<String>,
    /// The requests that a dry run did not send.
    pub not_sent: Vec<DryRunRequest>,
}

/// The most rounds while it is not known whether a comment was created.
const MOST_ROUNDS: u32 = 3;

/// Creates or updates the comment. `hide` hides it, for a plan without changes.
///
/// # Errors
/// If the text is too long, or the forge refuses or does not respond.
pub async fn publish(
    forge: &Forge,
    body: &CommentBody,
    hide: bool,
) -> Result<Published, ForgeError> {
    require_room(forge.host(), body)?;
    let mut round = 1;
    loop {
        match attempt(forge, body, hide).await {
            // Looking again shows whether the comment was created after all.
            Err(error) if error.uncertain && round < MOST_ROUNDS => {
                tracing::debug!(%error, "checking whether the comment was created");
                tokio::time::sleep(RETRY.backoff(round)).await;
                round += 1;
            }
            result => return result,
        }
    }
}

fn require_room(host: Host, body: &CommentBody) -> Result<(), ForgeError> {
    let (length, most) = (body.text.chars().count(), host.most_characters());
    if length <= most {
        return Ok(());
    }
    let message = format!(
        "the comment has {length} characters; {} takes {most}",
        host.name()
    );
    Err(
        ForgeError::new(ForgeErrorKind::Usage, message).help(format!(
            "write a shorter one with: apicenter plan --format markdown --markdown-budget {}",
            most.min(65_000)
        )),
    )
}

async fn attempt(forge: &Forge, body: &CommentBody, hide: bool) -> Result<Published, ForgeError> {
    let text = forge.prepare(&body.text);
    let found = forge.find(&body.marker).await?;
    let mut outcome = Published {
        change: CommentChange::Skipped,
        hidden: false,
        url: None,
        notes: Vec::new(),
        not_sent: Vec::new(),
    };
    if found.by_others > 0 {
        outcome.notes.push(format!(
            "{} by others with the marker {}: not changed",
            comments(found.by_others),
            body.marker
        ));
    }
    let Some(newest) = found.ours.first() else {
        if !hide {
            outcome.url = forge.create(&text).await?;
            outcome.change = CommentChange::Created;
        }
        outcome.not_sent = forge.not_sent();
        return Ok(outcome);
    };
    if found.ours.len() > 1 {
        outcome.notes.push(format!(
            "{} begin with the marker {}: only the newest is updated; delete the others",
            comments(found.ours.len()),
            body.marker
        ));
    }
    outcome.url.clone_from(&newest.url);
    let is_same = same(&newest.text, &text);
    if !is_same {
        forge.update(newest, &text).await?;
    }
    outcome.change = if is_same {
        CommentChange::Unchanged
    } else {
        CommentChange::Updated
    };
    outcome.hidden = hide && forge.host() != Host::GitLab;
    // Whoever hid a comment has seen it: it is shown again only with a new text.
    let turn = match newest.hidden {
        Some(now) => now != hide && (hide || !is_same),
        None => hide,
    };
    if turn && let Err(error) = forge.set_hidden(newest, hide).await {
        outcome.hidden = newest.hidden.unwrap_or(false);
        let verb = if hide { "hidden" } else { "shown again" };
        outcome
            .notes
            .push(format!("the comment was not {verb}: {error}"));
    }
    outcome.not_sent = forge.not_sent();
    Ok(outcome)
}

fn comments(count: usize) -> String {
    match count {
        1 => "1 comment".to_owned(),
        n => format!("{n} comments"),
    }
}

/// Whether two texts are equal for a reader; forges trim them and change line ends.
fn same(a: &str, b: &str) -> bool {
    let lines = |text: &'_ str| -> Vec<String> {
        text.trim()
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect()
    };
    lines(a) == lines(b)
}
