//! Damaged plan files, applied by the program.

use super::targets::{SAVED_PLANS, Target, with_digest};
use crate::cli::harness::Project;

pub(super) const PLAN_FILES: Target = Target {
    name: "plan files",
    seeds: SAVED_PLANS.seeds,
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
        if let Some(plan) = with_digest(input) {
            project.write("plan.json", plan);
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
