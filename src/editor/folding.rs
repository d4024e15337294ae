//! What of a document can be folded: its resources, and what is indented below a key.

use lsp_types::{FoldingRange, FoldingRangeKind};

/// The ranges that can be folded, by the indentation of lines.
pub(super) fn folds(text: &str) -> Vec<FoldingRange> {
    let mut found = Vec::new();
    // The lines that may begin a fold, with their indentation.
    let mut open: Vec<(usize, u32)> = Vec::new();
    let mut last = 0;
    let mut document = None;
    let end = |open: &mut Vec<(usize, u32)>, indent, last, found: &mut Vec<FoldingRange>| {
        while let Some((_, start)) = open.pop_if(|(own, _)| *own >= indent) {
            found.extend(fold(start, last));
        }
    };
    for (line, number) in text.lines().zip(0_u32..) {
        let content = line.trim_start();
        if line.starts_with("---") {
            end(&mut open, 0, last, &mut found);
            found.extend(document.take().and_then(|start| fold(start, last)));
            continue;
        }
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        document.get_or_insert(number);
        let indent = line.len() - content.len();
        // A list may be as far to the left as its key, which goes on then.
        let own = indent + usize::from(content.starts_with("- "));
        end(&mut open, own, last, &mut found);
        open.push((own, number));
        last = number;
    }
    end(&mut open, 0, last, &mut found);
    found.extend(document.and_then(|start| fold(start, last)));
    found.sort_by_key(|fold| (fold.start_line, std::cmp::Reverse(fold.end_line)));
    found.dedup_by_key(|fold| fold.start_line);
    found
}

fn fold(start_line: u32, end_line: u32) -> Option<FoldingRange> {
    (start_line < end_line).then(|| FoldingRange {
        start_line,
        end_line,
        kind: Some(FoldingRangeKind::Region),
        ..FoldingRange::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_keys_and_items_can_be_folded() {
        let text = "a: 1\nb:\n- c: 2\n  d:\n    e: 3\n- f: 4\n\n---\ng:\n  h: 5\n";
        let found: Vec<(u32, u32)> = folds(text)
            .iter()
            .map(|fold| (fold.start_line, fold.end_line))
            .collect();
        assert_eq!(found, [(0, 5), (1, 5), (2, 4), (3, 4), (8, 9)]);
    }
}
