//! How much a template may be evaluated to: a few lines can stand for endless work.

use serde_json::Value;

/// How deep values and expressions may be nested, in one another and through variables (chosen here).
const MOST_DEPTH: usize = 100;

/// Copies of a loop, at most (documented).
pub(super) const MOST_COPIES: u64 = 800;

/// The largest value, in bytes (chosen here; a document of the service has 3 MB at most).
pub(super) const MOST_VALUE_BYTES: usize = 16 * 1024 * 1024;

/// All values of a file together, in bytes (chosen here).
const MOST_BYTES: usize = 256 * 1024 * 1024;

/// What a value takes besides its texts, in bytes.
const NODE_BYTES: usize = 64;

/// What a resource takes that is not part of what is imported, in bytes (chosen here).
pub(super) const RESOURCE_BYTES: usize = 1024;

/// What a file may still be evaluated to.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    depth: usize,
    left: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 0,
            left: MOST_BYTES,
        }
    }
}

impl Limits {
    /// Goes into a value; [`Self::leave`] goes out again.
    pub(super) fn enter(&mut self) -> Result<(), String> {
        if self.depth == MOST_DEPTH {
            return Err(too_deep());
        }
        self.depth += 1;
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Counts a value with texts of that length.
    pub(super) fn spend(&mut self, text_bytes: usize) -> Result<(), String> {
        self.left = self.left.saturating_sub(text_bytes + NODE_BYTES);
        match self.is_exhausted() {
            true => Err(format!(
                "the values of the template have more than {} MB",
                MOST_BYTES >> 20
            )),
            false => Ok(()),
        }
    }

    /// Counts a value with all that is in it.
    pub(super) fn spend_value(&mut self, value: &Value) -> Result<(), String> {
        let bytes = size(value, MOST_DEPTH).ok_or_else(too_deep)?;
        if bytes > MOST_VALUE_BYTES {
            let most = MOST_VALUE_BYTES >> 20;
            return Err(format!("the value has more than {most} MB"));
        }
        self.spend(bytes)
    }

    /// Whether nothing more is evaluated.
    pub(super) fn is_exhausted(&self) -> bool {
        self.left == 0
    }
}

fn too_deep() -> String {
    format!("values are nested more than {MOST_DEPTH} deep")
}

/// The size of a list of that many short values.
pub(super) fn list_bytes(count: usize) -> usize {
    count.saturating_mul(NODE_BYTES)
}

/// The text of a value, and the keys of an object, in bytes.
pub(super) fn text_bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        // However many digits it has.
        Value::Number(number) => number.as_str().len(),
        Value::Object(entries) => entries.keys().map(String::len).sum(),
        Value::Null | Value::Bool(_) | Value::Array(_) => 0,
    }
}

/// The size of a value in bytes; `None` if it is nested deeper than that.
fn size(value: &Value, most_depth: usize) -> Option<usize> {
    let below = most_depth.checked_sub(1);
    let own = NODE_BYTES + text_bytes(value);
    match value {
        Value::Array(items) => items
            .iter()
            .try_fold(own, |sum, item| Some(sum + size(item, below?)?)),
        Value::Object(entries) => entries
            .values()
            .try_fold(own, |sum, value| Some(sum + size(value, below?)?)),
        _ => Some(own),
    }
}
