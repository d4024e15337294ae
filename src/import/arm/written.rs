//! Arguments as they are written, without their values.

/// The first argument, without the space around it, and what follows: a comma, a bracket, or nothing.
pub(super) fn argument(text: &str) -> (&str, &str) {
    let (mut depth, mut is_quoted) = (0_usize, false);
    let end = text.char_indices().find_map(|(at, c)| {
        match c {
            '\'' => is_quoted = !is_quoted,
            '(' | '[' if !is_quoted => depth += 1,
            ')' | ']' if !is_quoted && depth > 0 => depth -= 1,
            ',' | ')' if !is_quoted && depth == 0 => return Some(at),
            _ => {}
        }
        None
    });
    let (argument, rest) = text.split_at(end.unwrap_or(text.len()));
    (argument.trim(), rest)
}

/// All arguments of a function, and what follows the last one.
pub(super) fn arguments(text: &str) -> (Vec<&str>, &str) {
    let mut arguments = Vec::new();
    let (mut one, mut rest) = argument(text);
    arguments.push(one);
    while let Some(more) = rest.strip_prefix(',') {
        (one, rest) = argument(more);
        arguments.push(one);
    }
    (arguments, rest)
}
