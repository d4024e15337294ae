//! A condition on one field.

use serde_json::Value;

use super::bad::BadCondition;
use super::test::Test;

/// A condition on one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The path of the field, as written.
    pub field: String,
    /// Where the field is in the expression, in characters.
    pub at: usize,
    /// The expression.
    pub expression: String,
    pub(super) test: Test,
}

impl Condition {
    /// A problem with its field.
    #[must_use]
    pub fn problem(&self, message: impl Into<String>) -> BadCondition {
        BadCondition {
            text: self.expression.clone(),
            message: message.into(),
            at: self.at,
        }
    }

    /// Whether the values of the field meet the condition. A field may have several, as in a list; none means that it
    /// is not set.
    #[must_use]
    pub fn is_met_by(&self, values: &[Value]) -> bool {
        self.test.is_met_by(values)
    }
}
