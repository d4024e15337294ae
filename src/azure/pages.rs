//! Lists, page by page.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use futures::TryStreamExt as _;
use futures::stream::{self, Stream};
use serde_json::Value;

use super::client::ArmClient;
use super::counts::Counted;
use super::endpoint::request_info;
use super::list_length::{ListLength, count_listed};
use super::send::{ArmRequest, ArmResponse};
use crate::http::{StatusCode, Url};
use crate::live::{ErrorKind, RequestInfo, ServiceError};

/// The most bytes of one page (chosen here: a thousand items are about a tenth of this).
const MOST_PAGE_BYTES: usize = 16 * 1024 * 1024;

/// A list that is being read.
struct Pages {
    info: RequestInfo,
    /// The next page; none after the last one.
    next: Option<Url>,
    length: ListLength,
    seen: HashSet<Url>,
    listed: Arc<AtomicUsize>,
}

impl ArmClient {
    /// Reads all pages of a list, in the order of the service.
    ///
    /// # Errors
    /// As described by [`ErrorKind`]; [`ErrorKind::NotFound`] if the parent of the list does not exist, and
    /// [`ErrorKind::Protocol`] if a page is not a list, or links to another host or to a page already read, or
    /// if the list does not end within its limits of pages, bytes and time, or takes too much memory.
    pub async fn list(&self, path: &str, api_version: &str) -> Result<Vec<Value>, ServiceError> {
        self.pages(path, api_version).try_concat().await
    }

    /// The pages of a list, each as soon as it was read. Errors are those of [`ArmClient::list`].
    pub(super) fn pages<'a>(
        &'a self,
        path: &str,
        api_version: &str,
    ) -> impl Stream<Item = Result<Vec<Value>, ServiceError>> + Send + use<'a> {
        let first = self
            .sender
            .endpoint
            .url(path, api_version)
            .map(|url| Pages {
                info: request_info("GET", &url),
                next: Some(url),
                length: ListLength::new(self.sender.list_timeout),
                seen: HashSet::new(),
                listed: self.listed.clone().unwrap_or_default(),
            });
        stream::once(async move { first })
            .map_ok(|pages| stream::try_unfold(pages, |pages| self.next_page(pages)))
            .try_flatten()
    }

    async fn next_page(
        &self,
        mut pages: Pages,
    ) -> Result<Option<(Vec<Value>, Pages)>, ServiceError> {
        let Some(url) = pages.next.take() else {
            return Ok(None);
        };
        let info = &pages.info;
        if !pages.seen.insert(url.clone()) {
            let text = format!(
                "pagination loop: page {} links to a page already read",
                pages.seen.len()
            );
            return Err(ServiceError::new(ErrorKind::Protocol, text).about(info));
        }
        let response = self.page(info, url.clone()).await?;
        if response.status() != StatusCode::OK {
            return Err(response.error(info));
        }
        pages.length.add(&response, info)?;
        count_listed(&pages.listed, &response.http.body, info)?;
        let mut page = response.required_json(info)?;
        let Some(Value::Array(items)) = page.get_mut("value").map(Value::take) else {
            return Err(response.unexpected("a list without `value`", info));
        };
        pages.next = match page.get("nextLink") {
            None | Some(Value::Null) => None,
            Some(Value::String(link)) if link.is_empty() => None,
            Some(Value::String(link)) => {
                pages.length.check_next(info)?;
                let next = self.sender.endpoint.link(&url, link);
                Some(next.map_err(|error| response.describe(error, info))?)
            }
            Some(_) => return Err(response.unexpected("a `nextLink` that is not a text", info)),
        };
        Ok(Some((items, pages)))
    }

    async fn page(&self, info: &RequestInfo, url: Url) -> Result<ArmResponse, ServiceError> {
        let request = ArmRequest {
            most_bytes: Some(MOST_PAGE_BYTES),
            ..super::client::reading(info, url, Counted::Read)
        };
        self.sender.send(&request).await
    }
}
