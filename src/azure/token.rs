//! Bearer tokens: where they come from, and how long they are kept.

use std::collections::HashMap;
use std::fmt;
use std::time::{Duration, SystemTime};

use futures::future::BoxFuture;
use tokio::sync::Mutex;

use super::claims::{self, TokenOrigin};
use crate::http::Secret;
use crate::live::ErrorKind;
use crate::live::ServiceError;

/// A token is renewed this long before it expires, so that none expires in transit; one with a shorter
/// lifetime is renewed after half of it.
const RENEW_BEFORE: Duration = Duration::from_secs(5 * 60);

/// A source of tokens for requests.
pub trait TokenSource: Send + Sync {
    /// A valid token for a scope such as `https://management.azure.com/.default`.
    ///
    /// # Errors
    /// [`ErrorKind::Authentication`] if there is none to be had.
    fn token<'a>(&'a self, scope: &'a str) -> BoxFuture<'a, Result<Secret, ServiceError>>;

    /// A token other than the one that the service has just rejected; none if there is none.
    ///
    /// # Errors
    /// As for [`TokenSource::token`].
    fn renew<'a>(
        &'a self,
        scope: &'a str,
        rejected: &'a Secret,
    ) -> BoxFuture<'a, Result<Option<Secret>, ServiceError>> {
        let _ = (scope, rejected);
        Box::pin(async { Ok(None) })
    }

    /// Where the tokens come from.
    fn origin(&self) -> TokenOrigin;

    /// What to do if the service does not accept a token.
    fn advice(&self) -> String;
}

/// A token that was obtained elsewhere, used for every scope.
#[derive(Debug, Clone)]
pub struct StaticToken(Secret);

impl StaticToken {
    /// Takes a token as it is; white space around it, such as a line end, is dropped.
    ///
    /// # Errors
    /// [`ErrorKind::Authentication`] if it is empty or has characters that are not allowed in a header.
    pub fn new(token: &str) -> Result<Self, ServiceError> {
        let token = token.trim();
        let problem = if token.is_empty() {
            "the access token is empty"
        } else if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            "the access token contains a character that is not allowed in tokens"
        } else {
            return Ok(Self(Secret::new(token)));
        };
        let error = ServiceError::new(ErrorKind::Authentication, problem);
        Err(error
            .with_help("set APICENTER_ACCESS_TOKEN to a token, or unset it to sign in with --auth"))
    }
}

impl StaticToken {
    /// What the token is for, if it says so.
    #[must_use]
    pub fn audience(&self) -> Option<String> {
        claims::audience(&self.0)
    }
}

impl TokenSource for StaticToken {
    fn token<'a>(&'a self, _scope: &'a str) -> BoxFuture<'a, Result<Secret, ServiceError>> {
        Box::pin(async { Ok(self.0.clone()) })
    }

    fn origin(&self) -> TokenOrigin {
        TokenOrigin {
            source: "APICENTER_ACCESS_TOKEN".to_owned(),
            ..TokenOrigin::default()
        }
    }

    fn advice(&self) -> String {
        "get a fresh token: APICENTER_ACCESS_TOKEN=$(az account get-access-token --query accessToken \
         --output tsv); or unset it to sign in with --auth"
            .to_owned()
    }
}

/// A token and its expiry.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The token.
    pub secret: Secret,
    /// When it expires.
    pub expires: SystemTime,
}

/// Obtains a new token on each call, as the credentials of Azure do; see [`Cached`].
pub trait Credential: Send + Sync {
    /// Obtains a token for a scope.
    ///
    /// # Errors
    /// [`ErrorKind::Authentication`], with what to do about it.
    fn obtain<'a>(&'a self, scope: &'a str) -> BoxFuture<'a, Result<AccessToken, ServiceError>>;

    /// Where the tokens come from.
    fn origin(&self) -> TokenOrigin {
        TokenOrigin::default()
    }

    /// What to do if the service does not accept a token.
    fn advice(&self) -> String {
        String::new()
    }
}

/// A token, and from when on it is renewed.
struct Kept {
    token: AccessToken,
    renew: SystemTime,
}

impl Kept {
    fn new(token: AccessToken, now: SystemTime) -> Self {
        let life = token.expires.duration_since(now).unwrap_or_default();
        let renew = now + life.saturating_sub(RENEW_BEFORE).max(life / 2);
        Self { token, renew }
    }
}

/// Keeps the token of each scope until shortly before it expires.
///
/// Not every credential does so itself: that of the Azure CLI starts a process for every token (observed).
/// However many requests ask at once, one token is obtained.
pub struct Cached<C> {
    credential: C,
    tokens: Mutex<HashMap<String, Kept>>,
}

impl<C> fmt::Debug for Cached<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cached(…)")
    }
}

impl<C: Credential> Cached<C> {
    /// Wraps a credential.
    pub fn new(credential: C) -> Self {
        Self {
            credential,
            tokens: Mutex::default(),
        }
    }

    async fn get(
        &self,
        scope: &str,
        rejected: Option<&Secret>,
        now: SystemTime,
    ) -> Result<Secret, ServiceError> {
        // Held while the token is obtained: the others wait for it instead of asking too.
        let mut tokens = self.tokens.lock().await;
        let kept = tokens
            .get(scope)
            .filter(|kept| Some(&kept.token.secret) != rejected);
        if let Some(kept) = kept
            && now < kept.renew
        {
            return Ok(kept.token.secret.clone());
        }
        match (self.credential.obtain(scope).await, kept) {
            (Ok(token), _) => {
                let secret = token.secret.clone();
                tokens.insert(scope.to_owned(), Kept::new(token, now));
                Ok(secret)
            }
            // The old one has some minutes left; a later request tries again.
            (Err(_), Some(kept)) if now < kept.token.expires => Ok(kept.token.secret.clone()),
            (Err(error), _) => Err(error),
        }
    }
}

impl<C: Credential> TokenSource for Cached<C> {
    fn token<'a>(&'a self, scope: &'a str) -> BoxFuture<'a, Result<Secret, ServiceError>> {
        Box::pin(self.get(scope, None, SystemTime::now()))
    }

    fn renew<'a>(
        &'a self,
        scope: &'a str,
        rejected: &'a Secret,
    ) -> BoxFuture<'a, Result<Option<Secret>, ServiceError>> {
        Box::pin(async move {
            let token = self.get(scope, Some(rejected), SystemTime::now()).await?;
            Ok(Some(token).filter(|token| token != rejected))
        })
    }

    fn origin(&self) -> TokenOrigin {
        self.credential.origin()
    }

    fn advice(&self) -> String {
        self.credential.advice()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// Numbers its tokens, each of which expires an hour after the one before, and fails from a given number
    /// on.
    struct Counting {
        calls: AtomicU64,
        start: SystemTime,
        good: u64,
    }

    impl Credential for Counting {
        fn obtain<'a>(
            &'a self,
            scope: &'a str,
        ) -> BoxFuture<'a, Result<AccessToken, ServiceError>> {
            Box::pin(async move {
                tokio::task::yield_now().await;
                let call = self.calls.fetch_add(1, Ordering::SeqCst);
                if call >= self.good {
                    return Err(ServiceError::new(ErrorKind::Authentication, "no more"));
                }
                let hours = u32::try_from(call + 1).unwrap();
                Ok(AccessToken {
                    secret: Secret::new(format!("{scope}-{call}")),
                    expires: self.start + HOUR * hours,
                })
            })
        }
    }

    const HOUR: Duration = Duration::from_secs(60 * 60);

    fn cached(good: u64) -> Cached<Counting> {
        Cached::new(Counting {
            calls: AtomicU64::new(0),
            start: SystemTime::now(),
            good,
        })
    }

    #[tokio::test]
    async fn many_requests_share_one_token_per_scope() {
        let cached = cached(9);
        let all = futures::future::join_all((0..20).map(|_| cached.token("a"))).await;
        assert!(
            all.iter()
                .all(|token| token.as_ref().unwrap().expose() == "a-0")
        );
        assert_eq!(cached.token("b").await.unwrap().expose(), "b-1");
    }

    #[tokio::test]
    async fn a_token_about_to_expire_is_renewed_and_used_as_long_as_it_lasts() {
        let cached = cached(2);
        let start = cached.credential.start;
        // Renewal after 115 minutes fails.
        for (minutes, expected) in [
            (0, "a-0"),
            (54, "a-0"),
            (56, "a-1"),
            (114, "a-1"),
            (116, "a-1"),
        ] {
            let now = start + Duration::from_secs(60 * minutes);
            let token = cached.get("a", None, now).await.unwrap();
            assert_eq!(token.expose(), expected, "after {minutes} minutes");
        }
        cached.get("a", None, start + 2 * HOUR).await.unwrap_err();
    }

    #[tokio::test]
    async fn a_rejected_token_is_replaced_once_for_all() {
        let cached = cached(2);
        let first = cached.token("a").await.unwrap();
        for _ in 0..3 {
            let next = cached.renew("a", &first).await.unwrap().unwrap();
            assert_eq!(next.expose(), "a-1");
        }
        let second = cached.token("a").await.unwrap();
        assert!(cached.renew("a", &second).await.is_err());
    }

    #[test]
    fn tokens_are_checked_and_never_printed() {
        assert!(StaticToken::new(" \n").is_err());
        let error = StaticToken::new("abc\ndef").unwrap_err();
        assert!(error.is_auth() && !format!("{error:?}").contains("abc"));
        let token = StaticToken::new("abc.def\n").unwrap();
        assert_eq!(token.0.expose(), "abc.def");
        assert!(!format!("{token:?}").contains("abc"));
    }
}
