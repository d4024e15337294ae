//! Sources that are repositories.

use reqwest::Method;
use serde_json::{Value, json};

use super::{WORKSPACE, center, options, properties, send, set};
use crate::emulator::harness::{EmulatorFixture, names};

const SOURCE: &str = "/services/contoso/workspaces/default/apiSources/skills-repo";

fn repository(types: &[&str]) -> Value {
    let types: Vec<Value> = types
        .iter()
        .map(|one| json!({"assetType": one, "filesToInclude": "**/SKILL.md"}))
        .collect();
    json!({"apiSourceType": "Git", "gitSource": {"gitProvider": "github", "assetTypes": types,
        "repositoryUrl": "https://github.com/contoso/skills/tree/main/skills", "novel": true}})
}

async fn listed(center: &EmulatorFixture, collection: &str) -> Vec<String> {
    let path = format!("{WORKSPACE}/{collection}");
    let list = send(center, Method::GET, &path, None)
        .await
        .expect(200)
        .json();
    names(&list).iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_repository_brings_in_its_assets_and_takes_them_along() {
    let center = center(options()).await;
    let own = format!("{WORKSPACE}/skills/release-notes");
    set(&center, &own, json!({"title": "Ours"}))
        .await
        .expect(201);
    set(&center, SOURCE, repository(&["skill", "agent"]))
        .await
        .expect(200);
    let source = properties(&center, SOURCE).await;
    assert_eq!(source["apiSourceType"], "Git");
    assert_eq!(source["linkState"]["state"], "syncing");
    assert_eq!(source["gitSource"]["novel"], true);
    let skills = listed(&center, "skills").await;
    assert_eq!(skills.len(), 3, "{skills:?}");
    assert_eq!(listed(&center, "agents").await, ["triage-agent"]);
    let linked = format!("{WORKSPACE}/skills/incident-report");
    let refused = send(&center, Method::DELETE, &linked, None)
        .await
        .expect(400);
    assert!(refused.text.contains("unlink"));

    set(&center, SOURCE, repository(&["skill"]))
        .await
        .expect(200);
    assert!(listed(&center, "agents").await.is_empty());
    send(&center, Method::DELETE, SOURCE, None)
        .await
        .expect(204);
    assert_eq!(listed(&center, "skills").await, ["release-notes"]);
}

#[tokio::test]
async fn a_repository_needs_its_three_fields() {
    let center = center(options()).await;
    for missing in ["repositoryUrl", "gitProvider", "assetTypes"] {
        let mut source = repository(&["skill"]);
        source["gitSource"]
            .as_object_mut()
            .expect("a mapping")
            .shift_remove(missing);
        let refused = set(&center, SOURCE, source).await.expect(400);
        assert!(refused.text.contains(missing), "{}", refused.text);
    }
}
