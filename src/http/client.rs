//! The client: the one place of the program from which connections are opened, but for the emulator.

use std::fmt;
use std::time::{Duration, Instant};

use reqwest::Url;
use reqwest::redirect::Policy;

use super::attempt::{Attempt, place};
use super::certificates::ARE_READ_BY_LIBRARY;
use super::error::{HttpError, HttpErrorKind};
use super::explain::{explain, setup};
use super::network::Network;
use super::proxy::ProxyInUse;
use super::request::HttpRequest;
use super::response::HttpResponse;
use super::retry::{RetryPolicy, RetryReason, RetryState, retry_after};
use super::url::HostPolicy;

/// The `User-Agent` of this program.
pub const USER_AGENT: &str = concat!("apicenter/", env!("CARGO_PKG_VERSION"));

/// How an HTTP client is set up.
#[derive(Debug, Clone)]
pub struct HttpSettings<'a> {
    /// The `User-Agent`.
    pub user_agent: &'a str,
    /// The limit for one attempt, from connecting to the last byte.
    pub timeout: Duration,
    /// The limit for connecting.
    pub connect_timeout: Duration,
    /// Which hosts may be talked to in clear text, and whether proxies are used.
    pub hosts: HostPolicy,
    /// The size, in bytes after decompression, beyond which a response is refused.
    pub max_response_bytes: usize,
    /// The proxy and the certificates, as the environment names them.
    pub network: &'a Network,
}

/// An HTTP client. Its clones share connections.
#[derive(Clone)]
pub struct HttpClient {
    inner: reqwest::Client,
    hosts: HostPolicy,
    timeout: Duration,
    connect_timeout: Duration,
    max_response_bytes: usize,
    network: Network,
    /// Why no certificate can be checked; only https needs that.
    tls_problem: Option<HttpError>,
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient")
            .field("hosts", &self.hosts)
            .finish_non_exhaustive()
    }
}

impl HttpClient {
    /// Sets a client up. Redirects are not followed: one could carry a secret elsewhere.
    ///
    /// # Errors
    /// [`HttpErrorKind::InvalidRequest`] if no client can be set up. Settings of proxies and certificates that cannot
    /// be used are reported when a request needs them.
    pub fn new(settings: &HttpSettings<'_>) -> Result<Self, HttpError> {
        let read = settings.network.certificates.read();
        let (own, mut tls_problem) = match read {
            Ok(own) => (own, None),
            Err(problem) => (Vec::new(), Some(problem)),
        };
        let mut built = None;
        if tls_problem.is_none() {
            let mut builder = configured(settings);
            if !ARE_READ_BY_LIBRARY {
                let own = own.iter().map(|it| reqwest::Certificate::from_der(it));
                let own: Result<Vec<_>, _> = own.collect();
                builder = builder.tls_certs_merge(own.map_err(|error| setup(&error))?);
            }
            match builder.build() {
                Ok(client) => built = Some(client),
                Err(_) => tls_problem = Some(settings.network.certificates.none_found()),
            }
        }
        let inner = match built {
            Some(client) => client,
            // Requests without TLS still work.
            None => configured(settings)
                .tls_certs_only([])
                .build()
                .map_err(|error| setup(&error))?,
        };
        Ok(Self {
            inner,
            hosts: settings.hosts,
            timeout: settings.timeout,
            connect_timeout: settings.connect_timeout,
            max_response_bytes: settings.max_response_bytes,
            network: settings.network.clone(),
            tls_problem,
        })
    }

    /// Which hosts may be talked to in clear text.
    #[must_use]
    pub fn hosts(&self) -> HostPolicy {
        self.hosts
    }

    /// Sends a request once.
    ///
    /// # Errors
    /// If there is no complete response; a response with any status is a success here.
    pub async fn send_once(&self, request: &HttpRequest) -> Result<HttpResponse, HttpError> {
        let host = request.url.host_str().unwrap_or_default();
        if !self.hosts.allows(&request.url) {
            let text = format!("{host} must be asked over https");
            return Err(HttpError::new(HttpErrorKind::InvalidRequest, text));
        }
        let proxy = self.route(&request.url)?;
        let started = Instant::now();
        let result = self.exchange(request, proxy.as_ref()).await;
        // The path without the query, which may contain a signature.
        let (method, path) = (&request.method, request.url.path());
        let ms = started.elapsed().as_millis();
        match &result {
            Ok(response) => {
                let status = response.status.as_u16();
                let id = response.header("x-ms-request-id").unwrap_or_default();
                let id: String = id.chars().take(100).collect();
                tracing::debug!(%method, host, path, status, ms, request_id = id, "request");
            }
            Err(error) => tracing::debug!(%method, path, ms, %error, "request without a response"),
        }
        result
    }

    /// The proxy that a request goes through, once it is certain that proxy and certificates can be used.
    fn route(&self, url: &Url) -> Result<Option<ProxyInUse>, HttpError> {
        if url.scheme() != "https" {
            return Ok(None);
        }
        let proxy = match self.hosts {
            HostPolicy::HttpsOnly => self.network.proxy.of(url)?,
            HostPolicy::LoopbackHttp | HostPolicy::LocalHttp => None,
        };
        self.tls_problem.clone().map_or(Ok(proxy), Err)
    }

    async fn exchange(
        &self,
        request: &HttpRequest,
        proxy: Option<&ProxyInUse>,
    ) -> Result<HttpResponse, HttpError> {
        let attempt = Attempt {
            url: &request.url,
            proxy,
            network: &self.network,
            timeout: self.timeout,
            connect_timeout: self.connect_timeout,
        };
        let explain = |error: reqwest::Error| explain(&error, &attempt);
        let mut outgoing = self
            .inner
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone());
        if !request.body.is_empty() {
            outgoing = outgoing.body(request.body.clone());
        }
        let mut response = outgoing.send().await.map_err(explain)?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let most = request.most_bytes.unwrap_or(usize::MAX);
        let most = most.min(self.max_response_bytes);
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(explain)? {
            body.extend_from_slice(&chunk);
            if body.len() > most {
                let text = format!(
                    "the response from {} exceeds {most} bytes",
                    place(&request.url)
                );
                return Err(HttpError::new(HttpErrorKind::TooLarge, text));
            }
        }
        Ok(HttpResponse {
            status,
            headers,
            body,
        })
    }

    /// Sends a request, again where the policy allows it, and returns the last result with the number
    /// of attempts. `reason` says why a response calls for another attempt, if it does.
    pub async fn send(
        &self,
        request: &HttpRequest,
        policy: &RetryPolicy,
        reason: impl Fn(&HttpResponse) -> Option<RetryReason>,
    ) -> (Result<HttpResponse, HttpError>, u32) {
        let mut state = RetryState::new(policy);
        loop {
            let result = self.send_once(request).await;
            let (reason, asked) = match &result {
                Ok(response) => match reason(response) {
                    Some(reason) => (reason, retry_after(&response.headers)),
                    None => return (result, state.attempts() + 1),
                },
                Err(error) => (error.retry_reason(), None),
            };
            let Some(wait) = state.failed(reason, request.idempotent, asked) else {
                return (result, state.attempts());
            };
            let host = request.url.host_str();
            tracing::debug!(host, ?reason, ?wait, "retrying");
            tokio::time::sleep(wait).await;
        }
    }
}

/// A client without the rules for certificates.
fn configured(settings: &HttpSettings<'_>) -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder()
        .user_agent(settings.user_agent)
        .connect_timeout(settings.connect_timeout)
        .timeout(settings.timeout)
        .redirect(Policy::none())
        .http2_keep_alive_interval(Duration::from_secs(20));
    let network = settings.network;
    match settings.hosts {
        HostPolicy::LoopbackHttp | HostPolicy::LocalHttp => builder.no_proxy(),
        HostPolicy::HttpsOnly => {
            let builder = builder.https_only(true);
            match network.proxy.for_client() {
                Some(proxy) => builder.no_proxy().proxy(proxy),
                // What a variable says badly is refused when it is needed.
                None if network.proxy.is_set() => builder.no_proxy(),
                // Those of the system, on macOS and Windows.
                None => builder,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use axum::Router;
    use axum::http::StatusCode as Status;
    use axum::response::IntoResponse as _;
    use reqwest::Method;
    use tokio::net::TcpListener;

    use super::*;

    fn client(hosts: HostPolicy, max_response_bytes: usize) -> HttpClient {
        let second = Duration::from_secs(1);
        HttpClient::new(&HttpSettings {
            user_agent: USER_AGENT,
            timeout: second,
            connect_timeout: second,
            hosts,
            max_response_bytes,
            network: &Network::default(),
        })
        .unwrap()
    }

    /// A server that redirects at `/moved`, fails at `/broken` and sends 100 bytes elsewhere.
    async fn server() -> (String, Arc<AtomicU32>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let count = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&count);
        let app = Router::new().fallback(async move |uri: axum::http::Uri| {
            counted.fetch_add(1, Ordering::SeqCst);
            match uri.path() {
                "/moved" => (Status::FOUND, [("location", "/elsewhere")]).into_response(),
                "/broken" => (Status::BAD_GATEWAY, [("retry-after", "0")]).into_response(),
                _ => "x".repeat(100).into_response(),
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        (root, count)
    }

    fn get(url: &str) -> HttpRequest {
        HttpRequest::new(Method::GET, Url::parse(url).unwrap())
    }

    #[tokio::test]
    async fn clear_text_is_refused_before_anything_is_sent() {
        let (root, count) = server().await;
        let outside = [
            (HostPolicy::HttpsOnly, format!("{root}/?sig=s3cret")),
            (
                HostPolicy::LoopbackHttp,
                "http://192.0.2.1/?sig=s3cret".to_owned(),
            ),
        ];
        for (hosts, url) in outside {
            let error = client(hosts, 1).send_once(&get(&url)).await.unwrap_err();
            assert_eq!(error.kind(), HttpErrorKind::InvalidRequest, "{url}");
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
        }
        assert_eq!(count.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn a_response_beyond_the_limit_is_an_error() {
        let (root, _) = server().await;
        let request = get(&root);
        let client_of = |limit| client(HostPolicy::LoopbackHttp, limit);
        let whole = client_of(100).send_once(&request).await;
        assert_eq!(whole.unwrap().body.len(), 100);
        let error = client_of(99).send_once(&request).await.unwrap_err();
        assert_eq!(error.kind(), HttpErrorKind::TooLarge);
        let place = root.trim_start_matches("http://");
        let expected = format!("the response from {place} exceeds 99 bytes");
        assert_eq!(error.message(), expected);
        assert_eq!(error.retry_reason(), RetryReason::NotRetryable);
    }

    #[tokio::test]
    async fn a_redirect_is_a_response_and_is_not_followed() {
        let (root, count) = server().await;
        let client = client(HostPolicy::LoopbackHttp, 1000);
        let response = client.send_once(&get(&format!("{root}/moved"))).await;
        assert_eq!(response.unwrap().header("location"), Some("/elsewhere"));
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn only_idempotent_requests_are_repeated() {
        let (root, count) = server().await;
        let client = client(HostPolicy::LoopbackHttp, 1000);
        let policy = RetryPolicy {
            max_attempts: 3,
            ..RetryPolicy::default()
        };
        let reason = |response: &HttpResponse| RetryReason::of_status(response.status);
        let mut request = get(&format!("{root}/broken"));
        for (idempotent, times) in [(true, 3), (false, 1)] {
            request.idempotent = idempotent;
            count.store(0, Ordering::SeqCst);
            let (result, attempts) = client.send(&request, &policy, reason).await;
            assert_eq!(result.unwrap().status, 502);
            assert_eq!((attempts, count.load(Ordering::SeqCst)), (times, times));
        }
    }
}
