//! Media types as they are compared.

/// A media type as it is compared: without spaces, and without the encoding of the text.
pub(super) fn media_type(text: &str) -> String {
    let mut parts = text.split(';').map(|part| part.trim().to_ascii_lowercase());
    let mut media = parts.next().unwrap_or_default();
    let mut parameters: Vec<String> = parts
        .filter(|part| !part.is_empty() && !part.starts_with("charset="))
        .collect();
    parameters.sort_unstable();
    for parameter in parameters {
        media.push(';');
        media.push_str(&parameter);
    }
    media
}
