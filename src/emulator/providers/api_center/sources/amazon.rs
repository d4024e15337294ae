//! The APIs of every Amazon API Gateway: two invented ones (chosen here).

use crate::emulator::providers::api_center::sources::offered::{
    Offered, OfferedDocument, OfferedVersion,
};

/// Name, title, and the path that is described.
const APIS: [(&str, &str, &str); 2] = [
    ("a1b2c3d4e5", "Loyalty", "/points/{customer}"),
    ("f6g7h8i9j0", "Returns", "/returns"),
];

pub(super) fn apis(region: &str) -> Vec<Offered> {
    let offered = APIS.map(|(id, title, path)| {
        let runtime_uri = format!("https://{id}.execute-api.{region}.amazonaws.com/prod");
        let text = document(title, path, &runtime_uri);
        let document = OfferedDocument {
            name: "openapi".to_owned(),
            version: "3.0.1".to_owned(),
            text,
        };
        Offered {
            origin: format!("restapis/{id}"),
            title: title.to_owned(),
            description: None,
            kind: "REST".to_owned(),
            versions: vec![OfferedVersion {
                origin: format!("{id}/prod"),
                title: "prod".to_owned(),
                runtime_uri,
                document: Some(document),
            }],
        }
    });
    offered.into_iter().collect()
}

fn document(title: &str, path: &str, url: &str) -> String {
    let description = serde_json::json!({
        "openapi": "3.0.1",
        "info": {"title": title, "version": "prod"},
        "servers": [{"url": url}],
        "paths": {path: {"get": {"responses": {"200": {"description": "200 response"}}}}},
    });
    format!("{description:#}\n")
}
