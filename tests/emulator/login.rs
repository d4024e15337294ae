//! Signing in, and https.

use apicenter::emulator::{Emulator, EmulatorOptions, Storage};
use base64::Engine as _;
use reqwest::{Certificate, Client, Method};
use serde_json::{Value, json};

use super::harness::{API, EmulatorFixture, ReceivedResponse, SERVICE};

const FORM: &str = "application/x-www-form-urlencoded";

async fn sign_in(client: &Client, url: &str, secret: &str) -> ReceivedResponse {
    let form = format!(
        "grant_type=client_credentials&client_id=app&client_secret={secret}&scope=https%3A%2F%2Fm%2F.default"
    );
    let request = client
        .post(format!("{url}/contoso.com/oauth2/v2.0/token"))
        .header("content-type", FORM)
        .body(form);
    ReceivedResponse::read(request.send().await.expect("an answer")).await
}

async fn open(center: &EmulatorFixture, path: &str) -> Value {
    let url = format!("{}{path}", center.emulator.url());
    let response = center.client.get(url).send().await.expect("an answer");
    ReceivedResponse::read(response).await.expect(200).json()
}

async fn with_token(center: &EmulatorFixture, token: &str) -> ReceivedResponse {
    let request = center.client.get(center.url(SERVICE)).bearer_auth(token);
    ReceivedResponse::read(request.send().await.expect("an answer")).await
}

#[tokio::test]
async fn tokens_look_like_those_of_the_authority() {
    let center = EmulatorFixture::start().await;
    let heard = sign_in(&center.client, &center.emulator.url(), "any").await;
    let body = heard.expect(200).json();
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 3599);
    let token = body["access_token"].as_str().expect("a token");
    let claims = token.split('.').nth(1).expect("three parts");
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(claims)
        .expect("base64");
    let claims: Value = serde_json::from_slice(&claims).expect("JSON");
    assert_eq!(claims["aud"], "https://m");
    assert_eq!(claims["appid"], "app");
    let life = claims["exp"].as_u64().expect("exp") - claims["iat"].as_u64().expect("iat");
    assert_eq!(life, 3599);
    with_token(&center, token).await.expect(200);
}

#[tokio::test]
async fn the_authority_and_the_cloud_say_where_things_are() {
    let center = EmulatorFixture::start().await;
    let url = center.emulator.url();
    let found = open(
        &center,
        "/contoso.com/v2.0/.well-known/openid-configuration",
    )
    .await;
    let token = format!("{url}/contoso.com/oauth2/v2.0/token");
    assert_eq!(found["token_endpoint"], json!(token));
    assert_eq!(found["issuer"], json!(format!("{url}/contoso.com/v2.0")));
    let keys = found["jwks_uri"].as_str().expect("an address");
    let keys = keys.strip_prefix(&url).expect("an own address");
    assert_eq!(open(&center, keys).await["keys"], json!([]));
    let found = open(&center, "/common/discovery/instance?api-version=1.1").await;
    let host = url.strip_prefix("http://").expect("an address");
    assert_eq!(found["metadata"][0]["aliases"], json!([host]));
    let found = open(&center, "/metadata/endpoints?api-version=2022-09-01").await;
    assert_eq!(found["resourceManager"], json!(url));
    assert_eq!(found["authentication"]["loginEndpoint"], json!(url));
    let found = open(&center, "/metadata/endpoints?api-version=2019-05-01").await;
    assert_eq!(found[0]["authentication"]["audiences"], json!([url]));
    let found = open(&center, "/metadata/endpoints?api-version=2015-01-01").await;
    let login = format!("{url}/");
    assert_eq!(found["authentication"]["loginEndpoint"], json!(login));
}

#[tokio::test]
async fn a_demanded_secret_must_be_the_right_one() {
    let center = EmulatorFixture::with(EmulatorOptions {
        client_secret: Some("right".to_owned()),
        ..EmulatorOptions::default()
    })
    .await;
    let url = center.emulator.url();
    sign_in(&center.client, &url, "right").await.expect(200);
    let refused = sign_in(&center.client, &url, "wrong")
        .await
        .expect(401)
        .json();
    assert_eq!(refused["error"], "invalid_client");
    assert_eq!(refused["error_codes"], json!([7_000_215]));
    let text = refused["error_description"].as_str().expect("a text");
    assert!(
        text.starts_with("AADSTS7000215: Invalid client secret"),
        "{text}"
    );
}

#[tokio::test]
async fn where_login_is_required_only_own_tokens_are_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = EmulatorOptions {
        require_login: true,
        data: Storage::File(folder.path().join("state.redb")),
        ..EmulatorOptions::default()
    };
    let center = EmulatorFixture::with(options.clone()).await;
    let heard = with_token(&center, "somebody's").await.expect(401);
    assert_eq!(heard.json()["error"]["code"], "InvalidAuthenticationToken");
    let challenge = heard.header("www-authenticate").expect("a challenge");
    let authority = format!("Bearer authorization_uri=\"{}/", center.emulator.url());
    assert!(challenge.starts_with(&authority), "{challenge}");
    let none = center.client.get(center.url(API)).send().await;
    let heard = ReceivedResponse::read(none.expect("an answer"))
        .await
        .expect(401);
    assert_eq!(heard.json()["error"]["code"], "AuthenticationFailed");
    let body = sign_in(&center.client, &center.emulator.url(), "any").await;
    let body = body.expect(200).json();
    let token = body["access_token"].as_str().expect("a token").to_owned();
    with_token(&center, &token).await.expect(200);
    // A token outlives the emulator that gave it out, where the state does.
    center.emulator.stop().await;
    let again = EmulatorFixture::with(options).await;
    with_token(&again, &token).await.expect(200);
}

async fn over_https(data: Storage) -> (Emulator, String) {
    let options = EmulatorOptions {
        https: true,
        data,
        ..EmulatorOptions::default()
    };
    let emulator = Emulator::start(options).await.expect("it starts");
    let certificate = emulator.certificate().expect("a certificate").to_owned();
    (emulator, certificate)
}

fn trusting(certificate: &str) -> Client {
    let certificate = Certificate::from_pem(certificate.as_bytes()).expect("a certificate");
    let builder = Client::builder().no_proxy();
    builder
        .tls_certs_only([certificate])
        .build()
        .expect("a client")
}

#[tokio::test]
async fn https_is_trusted_by_its_certificate_and_keeps_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = Storage::File(folder.path().join("state.redb"));
    let (emulator, first) = over_https(data.clone()).await;
    let url = emulator.url();
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    let client = trusting(&first);
    let port = url.rsplit(':').next().expect("a port");
    for host in ["127.0.0.1", "localhost"] {
        let url = format!("https://{host}:{port}");
        let body = sign_in(&client, &url, "any").await.expect(200).json();
        assert!(body["access_token"].is_string());
    }
    // Addresses in answers are https, too.
    let page = client
        .get(format!("{url}/metadata/endpoints?api-version=2022-09-01"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        ReceivedResponse::read(page).await.json()["resourceManager"],
        json!(url)
    );
    emulator.stop().await;

    let (emulator, again) = over_https(data).await;
    assert_eq!(first, again);
    sign_in(&client, &emulator.url(), "any").await.expect(200);
    let (other, different) = over_https(Storage::Memory).await;
    assert_ne!(first, different);
    let url = format!("{}/metadata/endpoints", other.url());
    assert!(client.get(url).send().await.is_err(), "not its certificate");
}

#[tokio::test]
async fn a_client_that_never_shakes_hands_keeps_nobody_out() {
    let (emulator, certificate) = over_https(Storage::Memory).await;
    let address = emulator.url().replace("https://", "");
    let _silent = tokio::net::TcpStream::connect(&address)
        .await
        .expect("a connection");
    let plain = Client::builder().no_proxy().build().expect("a client");
    let url = format!("http://{address}/metadata/endpoints");
    assert!(plain.request(Method::GET, url).send().await.is_err());
    sign_in(&trusting(&certificate), &emulator.url(), "any")
        .await
        .expect(200);
}
