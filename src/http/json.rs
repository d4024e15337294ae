//! JSON that others wrote: read only if it takes a bounded amount of memory.

use serde_json::Value;

/// The most memory that the values of one text may take, as [`memory_of`] estimates it (chosen here: a page of a
/// thousand resources takes about a tenth of this).
const MOST_MEMORY: usize = 256 * 1024 * 1024;

/// What a value takes besides its text, and what an object or a list takes besides its values. A list of small
/// numbers takes fifty times as many bytes in memory as in its text.
const BYTES_OF_VALUE: usize = 128;
const BYTES_OF_COLLECTION: usize = 256;

/// Why a text is not read as JSON; the end of a sentence about it.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// It is something else.
    #[error("is not valid JSON: {0}")]
    Invalid(#[from] serde_json::Error),
    /// It is JSON, perhaps, that would fill the memory.
    #[error("has more values than this program reads: they would take {0} bytes of memory")]
    TooLarge(usize),
}

/// A text as JSON; none if it is empty. A byte order mark before it is skipped.
///
/// # Errors
/// If it is not JSON, or has too many values.
pub fn parse_json(text: &[u8]) -> Result<Option<Value>, JsonError> {
    let text = text.trim_ascii();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    if text.is_empty() {
        return Ok(None);
    }
    let memory = memory_of(text);
    if memory > MOST_MEMORY {
        return Err(JsonError::TooLarge(memory));
    }
    Ok(serde_json::from_slice(text).map(Some)?)
}

/// About how much memory the values of a JSON text take, in bytes; never much less than they do.
#[must_use]
pub fn memory_of(text: &[u8]) -> usize {
    let mut memory = text.len();
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b',' => memory += BYTES_OF_VALUE,
            b'[' | b'{' => memory += BYTES_OF_COLLECTION,
            b'"' => {
                // To the end of the string; an escaped character is not the end.
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'"' => break,
                        b'\\' => _ = bytes.next(),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    memory
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inside_a_string_is_no_value() {
        assert_eq!(memory_of(br#""a,b[{\",""#), 10);
        assert_eq!(memory_of(br#"{"a":1}"#), 7 + BYTES_OF_COLLECTION);
        assert_eq!(
            memory_of(br#"["a,\\",1]"#),
            10 + BYTES_OF_COLLECTION + BYTES_OF_VALUE
        );
        assert_eq!(memory_of(br#""without an end\"#), 16);
    }

    #[test]
    fn a_text_of_very_many_values_is_refused_and_a_long_one_is_not() {
        let dense = format!("[{}0]", "0,".repeat(3_000_000));
        let error = parse_json(dense.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("has more values than"), "{error}");
        let nested = format!("[{}{{}}]", "{},".repeat(1_000_000));
        assert!(parse_json(nested.as_bytes()).is_err());
        let long = format!("[\"{}\"]", "0,".repeat(3_000_000));
        assert!(parse_json(long.as_bytes()).unwrap().is_some());
        assert!(parse_json(b" \xEF\xBB\xBF{} ").unwrap().is_some());
        assert_eq!(parse_json(b" \n").unwrap(), None);
    }
}
