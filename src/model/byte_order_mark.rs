//! The mark that some editors put in front of a text, and the encodings that it distinguishes.

use std::string::FromUtf8Error;

/// The mark.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A text without a byte order mark.
#[must_use]
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// A byte order mark, or nothing if there is none, and the text behind it.
#[must_use]
pub fn split_mark(text: &str) -> (&str, &str) {
    text.split_at(text.len() - without_mark(text).len())
}

/// A text that was read, whatever its encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    /// Whether the file has another encoding than UTF-8.
    pub is_utf16: bool,
}

/// Bytes that are not a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not {encoding} text (byte {at})")]
pub struct NotText {
    encoding: &'static str,
    at: usize,
}

/// Reads a text in UTF-8, or in UTF-16 if it begins with the mark of one: Windows PowerShell redirects output so.
///
/// # Errors
/// If the bytes are not text in that encoding.
pub fn decoded(bytes: Vec<u8>) -> Result<Decoded, NotText> {
    let (unit, rest) = match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => (u16::from_le_bytes as fn([u8; 2]) -> u16, rest),
        [0xfe, 0xff, rest @ ..] => (u16::from_be_bytes as _, rest),
        _ => {
            let text = String::from_utf8(bytes).map_err(|error: FromUtf8Error| NotText {
                encoding: "UTF-8",
                at: error.utf8_error().valid_up_to(),
            })?;
            return Ok(Decoded {
                text,
                is_utf16: false,
            });
        }
    };
    let (units, left) = rest.as_chunks::<2>();
    let mut text = String::with_capacity(units.len());
    let mut read = bytes.len() - rest.len();
    let not_text = |at| NotText {
        encoding: "UTF-16",
        at,
    };
    for character in char::decode_utf16(units.iter().copied().map(unit)) {
        // A text of UTF-32 begins with the same mark.
        let character = character.ok().filter(|it| *it != '\0');
        let character = character.ok_or_else(|| not_text(read))?;
        read += 2 * character.len_utf16();
        text.push(character);
    }
    match left {
        [] => Ok(Decoded {
            text,
            is_utf16: true,
        }),
        _ => Err(not_text(read)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, of: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let marked = format!("{BYTE_ORDER_MARK}{text}");
        marked.encode_utf16().flat_map(of).collect()
    }

    #[test]
    fn marks_decide_the_encoding() {
        for text in ["", "a", "Öl 🛢 \r\n", "\u{feff}"] {
            let plain = Decoded {
                text: text.to_owned(),
                is_utf16: false,
            };
            assert_eq!(decoded(text.as_bytes().to_vec()), Ok(plain.clone()));
            let wide = Decoded {
                is_utf16: true,
                ..plain
            };
            assert_eq!(decoded(utf16(text, u16::to_le_bytes)), Ok(wide.clone()));
            assert_eq!(decoded(utf16(text, u16::to_be_bytes)), Ok(wide));
        }
    }

    #[test]
    fn other_bytes_are_refused_where_they_are() {
        let half = [utf16("ab", u16::to_le_bytes), vec![b'c']].concat();
        let alone = [utf16("a", u16::to_be_bytes), vec![0xd8, 0x3d]].concat();
        let utf32 = vec![0xff, 0xfe, 0, 0, b'a', 0, 0, 0];
        for (bytes, message) in [
            (b"ab\xff".to_vec(), "not UTF-8 text (byte 2)"),
            (half, "not UTF-16 text (byte 6)"),
            (alone, "not UTF-16 text (byte 4)"),
            (utf32, "not UTF-16 text (byte 2)"),
        ] {
            let error = decoded(bytes).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
    }
}
