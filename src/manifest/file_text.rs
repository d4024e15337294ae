//! The text of a file that may be a manifest, or why there is none.

use std::sync::Arc;

use super::file_problem::contains;
use super::left_out::LeftOutReason;
use super::request::Request;
use super::source::{MOST_MANIFEST_BYTES, ReadProblem};
use super::unrecognized;
use crate::document::claims_description;
use crate::model::{Diagnostic, Sources, Span, code, decoded, without_mark};

/// Why there is no text of a file.
pub(super) enum Unread {
    /// It is too large for a manifest, and looks like a file of another kind.
    Foreign(LeftOutReason),
    /// It is to be reported, unless it has another use.
    Unreadable(ReadProblem),
    /// So are these bytes, which are not text.
    NotText(Vec<u8>),
}

/// The text without its byte order mark.
pub(super) fn unmarked(text: &Arc<str>) -> Arc<str> {
    match without_mark(text) {
        rest if rest.len() < text.len() => Arc::from(rest),
        _ => Arc::clone(text),
    }
}

/// Whether a file is what an import made a copy of, to which manifests refer.
fn is_description_in_utf16(bytes: &[u8]) -> bool {
    decoded(bytes.to_vec()).is_ok_and(|it| it.is_utf16 && claims_description(&it.text))
}

/// The whole text of a file.
pub(super) fn read_text(
    request: Request<'_>,
    path: &str,
    is_default: bool,
) -> Result<Arc<str>, Unread> {
    let bytes = match request.files.read(path, MOST_MANIFEST_BYTES) {
        Ok(bytes) => bytes,
        Err(ReadProblem::TooLarge { head, .. })
            if claims_description(&String::from_utf8_lossy(&head)) =>
        {
            return Err(Unread::Foreign(LeftOutReason::Description));
        }
        Err(ReadProblem::TooLarge { head, .. })
            if is_default
                && unrecognized::has_short_ending(path)
                && !contains(&head, b"apicenter/") =>
        {
            return Err(Unread::Foreign(LeftOutReason::OtherTool));
        }
        Err(problem) => return Err(Unread::Unreadable(problem)),
    };
    match std::str::from_utf8(&bytes) {
        Ok(text) if !text.contains('\0') => Ok(Arc::from(text)),
        Err(_) if is_description_in_utf16(&bytes) => {
            Err(Unread::Foreign(LeftOutReason::Description))
        }
        _ => Err(Unread::NotText(bytes)),
    }
}

/// That a file has bytes that are not text.
pub(super) fn not_text(sources: &mut Sources, path: &str, bytes: &[u8]) -> Diagnostic {
    let (at, what) = match std::str::from_utf8(bytes) {
        Ok(text) => (text.find('\0').unwrap_or_default(), "a NUL byte"),
        Err(error) => (error.valid_up_to(), "no UTF-8"),
    };
    let text = String::from_utf8_lossy(bytes).replace('\0', "\u{fffd}");
    let source = sources.set(path, text);
    Diagnostic::error(code::FILE_ENCODING, format!("`{path}` holds {what}"))
        .at(
            Span {
                source,
                start: at,
                end: at + '\u{fffd}'.len_utf8(),
            },
            format!("{what} here"),
        )
        .help("save the file as UTF-8")
}
