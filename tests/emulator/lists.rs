//! Lists: order, pages, filters.

use apicenter::emulator::EmulatorOptions;
use reqwest::Method;
use serde_json::{Value, json};

use super::harness::{EmulatorFixture, keys, names};

const APIS: &str = "/services/contoso/workspaces/default/apis";

async fn filled(page_size: usize) -> EmulatorFixture {
    let options = EmulatorOptions {
        seed_sample: false,
        page_size,
        ..EmulatorOptions::default()
    };
    let center = EmulatorFixture::with(options).await;
    for name in ["zebra", "apple", "mango", "birch", "cedar"] {
        let kind = if name == "mango" { "REST" } else { "rest" };
        center
            .set(
                &format!("{APIS}/{name}"),
                json!({"title": name, "kind": kind}),
            )
            .await
            .expect(200);
    }
    center
}

#[tokio::test]
async fn lists_come_in_order_of_creation_without_etags() {
    let center = filled(100).await;
    center
        .set(
            &format!("{APIS}/zebra"),
            json!({"title": "again", "kind": "rest"}),
        )
        .await
        .expect(200);
    let heard = center.get(APIS).await.expect(200);
    assert_eq!(
        names(&heard.json()),
        ["zebra", "apple", "mango", "birch", "cedar"]
    );
    assert_eq!(heard.header("etag"), None);
    assert_eq!(keys(&heard.json()), ["value"]);
    assert_eq!(
        keys(&heard.json()["value"][0]["systemData"]),
        ["createdAt", "lastModifiedAt"]
    );
}

#[tokio::test]
async fn pages_are_followed_by_an_absolute_link() {
    let center = filled(2).await;
    let mut url = center.url(APIS);
    let mut pages = Vec::new();
    loop {
        let page = center
            .send(Method::GET, &url, None)
            .await
            .expect(200)
            .json();
        pages.push(names(&page).join(" "));
        let Some(next) = page.get("nextLink").and_then(Value::as_str) else {
            break;
        };
        assert!(next.starts_with(&center.emulator.url()), "{next}");
        url = next.to_owned();
    }
    assert_eq!(pages, ["zebra apple", "mango birch", "cedar"]);
}

#[tokio::test]
async fn filters_compare_with_case_and_page_too() {
    let center = filled(3).await;
    let named = center
        .get(&format!("{APIS}?$filter=name%20eq%20%27mango%27"))
        .await
        .expect(200);
    assert_eq!(names(&named.json()), ["mango"]);
    let none = center
        .get(&format!("{APIS}?$filter=name%20eq%20%27Mango%27"))
        .await
        .expect(200);
    assert!(names(&none.json()).is_empty());
    let rest = center
        .get(&format!("{APIS}?$filter=kind+eq+%27rest%27"))
        .await
        .expect(200)
        .json();
    assert_eq!(names(&rest), ["zebra", "apple", "birch"]);
    let next = rest["nextLink"].as_str().unwrap();
    let rest = center
        .send(Method::GET, next, None)
        .await
        .expect(200)
        .json();
    assert_eq!(names(&rest), ["cedar"]);
    center
        .get(&format!("{APIS}?$filter=startswith(name,%27m%27)"))
        .await
        .expect(400)
        .problems();
    center
        .get(&format!("{APIS}?$skiptoken=nonsense"))
        .await
        .expect(400);
}
