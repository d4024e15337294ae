//! One comment for each target: made once, then kept up to date.

use super::body::CommentBody;
use super::client::DryRunRequest;
use super::client::RETRY;
use super::error::{ForgeError, ForgeErrorKind};
use super::host::{Forge, Host};

/// What became of the comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommentChange {
    /// It is new.
    Created,
    /// It has another text now.
    Updated,
    /// It said the same already.
    Unchanged,
    /// There is none, and no change that would be worth one.
    Skipped,
}

/// What was done.
#[derive(Debug)]
pub struct Published {
    /// What became of the comment.
    pub change: CommentChange,
    /// Whether it is out of the way now: minimised, or its thread closed.
    pub hidden: bool,
    /// Its address, where the forge told.
    pub url: Option<String>,
    /// What the user should know besides.
    pub notes: Vec<String>,
    /// What a dry run would have sent.
    pub not_sent: Vec<DryRunRequest>,
}

/// How often everything is done again when it is not known whether a comment was made.
const MOST_ROUNDS: u32 = 3;

/// Makes or updates the comment. `hidden` gets it out of the way, as nothing is to be changed.
///
/// # Errors
/// If the text is too long, or the forge refuses or does not answer.
pub async fn publish(
    forge: &Forge,
    body: &CommentBody,
    hidden: bool,
) -> Result<Published, ForgeError> {
    require_room(forge.host(), body)?;
    let mut round = 1;
    loop {
        match attempt(forge, body, hidden).await {
            // Looking again tells whether the comment was made after all.
            Err(error) if error.uncertain && round < MOST_ROUNDS => {
                tracing::debug!(%error, "looking whether the comment was made");
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

async fn attempt(forge: &Forge, body: &CommentBody, hidden: bool) -> Result<Published, ForgeError> {
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
            "{} of somebody else with the marker {}: left alone",
            comments(found.by_others),
            body.marker
        ));
    }
    let Some(newest) = found.ours.first() else {
        if !hidden {
            outcome.url = forge.create(&text).await?;
            outcome.change = CommentChange::Created;
        }
        outcome.not_sent = forge.not_sent();
        return Ok(outcome);
    };
    if found.ours.len() > 1 {
        outcome.notes.push(format!(
            "{} begin with the marker {}: the newest is kept up to date, delete the others",
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
    outcome.hidden = hidden && forge.host() != Host::GitLab;
    // Whoever hid a comment has seen it: it comes back only with something new to say.
    let turn = match newest.hidden {
        Some(now) => now != hidden && (hidden || !is_same),
        None => hidden,
    };
    if turn && let Err(error) = forge.set_hidden(newest, hidden).await {
        outcome.hidden = newest.hidden.unwrap_or(false);
        let verb = if hidden { "hidden" } else { "shown again" };
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

/// Whether two texts are the same to a reader; forges trim them and change line ends.
fn same(a: &str, b: &str) -> bool {
    let lines = |text: &'_ str| -> Vec<String> {
        text.trim()
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect()
    };
    lines(a) == lines(b)
}
