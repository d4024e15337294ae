//! What expressions of a template know.

use std::rc::Rc;

use serde_json::Value;

use super::limits::Limits;
use super::placeholders::Placeholders;

/// What the names in an expression stand for.
pub(super) trait Bindings {
    /// The value of a parameter, or a placeholder for it.
    fn parameter(&mut self, name: &str) -> Result<Rc<Value>, String>;
    fn variable(&mut self, name: &str) -> Result<Rc<Value>, String>;
    /// The number of the present copy of a loop, of the innermost one without a name.
    fn copy_index(&self, name: Option<&str>) -> Option<u64>;
    /// The value of a function that the template itself has; `None` if there is none of that name.
    fn own_function(
        &mut self,
        name: &str,
        arguments: &[Value],
    ) -> Option<Result<Rc<Value>, String>>;
    /// Where the template is deployed: `subscriptionId`, `resourceGroup` or `location`.
    fn of_place(&mut self, name: &str) -> String;
    /// The value of an output of a nested deployment, by the argument of `reference`; `None` for anything else.
    fn output(&mut self, deployment: &str, output: &str) -> Option<Result<Rc<Value>, String>>;
    fn placeholders(&mut self) -> &mut Placeholders;
    fn limits(&mut self) -> &mut Limits;
}
