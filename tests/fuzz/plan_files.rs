//! Damaged plan files, applied by the program.

use apicenter::output::content_digest;
use serde_json::Value;

use super::targets::Target;
use crate::cli::harness::Project;

/// A saved plan as it was written for [`project`], without its digest.
pub(super) const PLAN_FILES: Target = Target {
    name: "plan files",
    seeds: &[
        r#"{"formatVersion": "1.0", "planId": "p2-d4131b11e1487f4c775d7293ee64e98b", "target": {"name": "local", "subscriptionId": "00000000-0000-0000-0000-000000000000", "resourceGroup": "local", "service": "contoso"}, "summary": {"create": 1, "update": 0}, "changes": [{"address": "environment/production", "kind": "Environment", "action": "create", "reason": "r", "fields": [{"path": "title", "before": null, "after": "P", "source": {"file": "a.yaml", "line": 4, "column": 15}}], "source": {"file": "a.yaml", "line": 1, "column": 1}}], "unmanaged": ["api/swagger-petstore"], "diagnostics": [{"code": "a", "message": "b"}], "requests": {"reads": 12, "writes": 1}, "options": {"only": ["environment/*"], "prune": true}}"#,
    ],
    // Each is a run of the program.
    share: 10,
    run: |input| {
        let project = Project::local().file(
            "a.yaml",
            "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: production}\nspec: {title: P, kind: production}\n",
        );
        project.write("plan.json", input);
        ends(&project);
        // With a digest that fits, so that more of it is read.
        if let Ok(Value::Object(mut plan)) = serde_json::from_slice(input) {
            plan.shift_remove("digest");
            let digest = content_digest(Value::Object(plan.clone()));
            plan.insert("digest".to_owned(), Value::String(digest));
            project.write("plan.json", Value::Object(plan).to_string());
            ends(&project);
        }
    },
};

/// The program ends as it should: with an error, or a refusal. The harness looks for panics.
fn ends(project: &Project) {
    let outcome = project.run("apply plan.json --auto-approve");
    let code = outcome.code();
    assert!(matches!(code, Some(1 | 5 | 64)), "{outcome}");
}
