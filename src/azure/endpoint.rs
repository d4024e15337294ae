//! The endpoints of a cloud: its resource manager, sign-in authority and audience.

use std::fmt;
use std::str::FromStr;

use crate::http::{Url, is_loopback, parse_base_url};
use crate::live::{ErrorKind, Permission, RequestInfo, ServiceError};

/// An Azure cloud with endpoints of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cloud {
    /// The public cloud, written `public`.
    Public,
    /// Azure Government, written `usgovernment`.
    UsGovernment,
    /// Azure operated by 21Vianet, written `china`.
    China,
}

impl Cloud {
    /// Every cloud that has a name.
    pub const ALL: [Self; 3] = [Self::Public, Self::UsGovernment, Self::China];

    /// How the cloud is written in a project file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::UsGovernment => "usgovernment",
            Self::China => "china",
        }
    }

    /// Resource manager and sign-in authority, as documented by Microsoft.
    pub(super) fn urls(self) -> (&'static str, &'static str) {
        match self {
            Self::Public => (
                "https://management.azure.com",
                "https://login.microsoftonline.com",
            ),
            Self::UsGovernment => (
                "https://management.usgovcloudapi.net",
                "https://login.microsoftonline.us",
            ),
            Self::China => (
                "https://management.chinacloudapi.cn",
                "https://login.chinacloudapi.cn",
            ),
        }
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Cloud {
    type Err = ServiceError;

    fn from_str(text: &str) -> Result<Self, ServiceError> {
        let known = Self::ALL
            .into_iter()
            .find(|cloud| cloud.name().eq_ignore_ascii_case(text));
        known.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            invalid(format!("unknown cloud `{text}`; the clouds are {names}"))
        })
    }
}

/// A resource manager with the authority and the audience of its tokens.
///
/// All of its URLs are https, except that those on the loopback interface may be http.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    resource_manager: Url,
    authority: Url,
    audience: String,
}

impl Endpoint {
    /// The endpoint of a cloud with a name.
    ///
    /// # Errors
    /// None in practice: the table has valid URLs.
    pub fn of(cloud: Cloud) -> Result<Self, ServiceError> {
        let (resource_manager, authority) = cloud.urls();
        Self::custom(resource_manager, Some(authority), None)
    }

    /// A private cloud, a gateway or an emulator.
    ///
    /// Without an authority it is that of the public cloud; without an audience it is the resource manager.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if a URL is not one, is not https (loopback excepted), or carries
    /// credentials, a query or a fragment, or if the audience contains a blank.
    pub fn custom(
        resource_manager: &str,
        authority: Option<&str>,
        audience: Option<&str>,
    ) -> Result<Self, ServiceError> {
        let resource_manager = base_url("endpoint", resource_manager)?;
        let authority = base_url("authority", authority.unwrap_or(Cloud::Public.urls().1))?;
        if authority.scheme() == "http" && !is_loopback(&resource_manager) {
            return Err(invalid(format!(
                "the authority {authority} must be https, as the resource manager {resource_manager} is not \
                 on this machine"
            )));
        }
        let audience = audience.unwrap_or(resource_manager.as_str());
        // With a blank it would be several.
        if audience.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(invalid(format!(
                "the audience `{}` contains a blank",
                audience.escape_debug()
            )));
        }
        let audience = audience.trim_end_matches('/').to_owned();
        Ok(Self {
            resource_manager,
            authority,
            audience,
        })
    }

    /// The root of the resource manager.
    pub fn resource_manager(&self) -> &Url {
        &self.resource_manager
    }

    /// The authority that issues tokens.
    pub fn authority(&self) -> &Url {
        &self.authority
    }

    /// What the tokens are for.
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// The scope to ask a token for: the audience and `/.default`.
    pub fn scope(&self) -> String {
        format!("{}/.default", self.audience)
    }

    /// Whether the resource manager runs on this machine, as an emulator does.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.resource_manager)
    }

    /// The URL of a path, which may have a query of its own.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if the path would lead elsewhere (`..`, a backslash, no leading slash).
    pub(super) fn url(&self, path: &str, api_version: &str) -> Result<Url, ServiceError> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let climbs = path.split('/').any(|segment| {
            let plain = segment.to_ascii_lowercase().replace("%2e", ".");
            plain == "." || plain == ".."
        });
        if !path.starts_with('/') || climbs || path.contains(['\\', '#']) {
            return Err(invalid(format!("`{path}` is not the path of a resource")));
        }
        let mut url = self.resource_manager.clone();
        url.set_path(&format!("{}{path}", url.path().trim_end_matches('/')));
        url.set_query((!query.is_empty()).then_some(query));
        if !api_version.is_empty() {
            url.query_pairs_mut()
                .append_pair("api-version", api_version);
        }
        Ok(url)
    }

    /// The URL of a link in a response, if it points to the resource manager.
    ///
    /// A token is only ever sent to the scheme, host and port that the user chose.
    ///
    /// # Errors
    /// [`ErrorKind::Protocol`] for any other address.
    pub(super) fn link(&self, from: &Url, link: &str) -> Result<Url, ServiceError> {
        let url = from.join(link.trim());
        let own = url.ok().filter(|url| {
            url.origin() == self.resource_manager.origin()
                && url.username().is_empty()
                && url.password().is_none()
        });
        own.ok_or_else(|| {
            let host = from
                .join(link)
                .ok()
                .and_then(|url| url.host_str().map(str::to_owned));
            let host = host.unwrap_or_else(|| "no host at all".to_owned());
            let own = self.resource_manager.host_str().unwrap_or_default();
            let text =
                format!("the response links to {host} instead of {own}; the link is not followed");
            ServiceError::new(ErrorKind::Protocol, text)
        })
    }
}

/// Whether a text is the name of a single resource: one step of a path that leads further down.
pub(super) fn is_item_name(name: &str) -> bool {
    let steers = |c: char| c.is_control() || matches!(c, '/' | '\\' | '?' | '#' | '%');
    !matches!(name, "" | "." | "..") && !name.contains(steers)
}

/// Whether a path leads to a single resource below its provider: pairs of a type and a name.
pub(super) fn is_item_path(path: &str) -> bool {
    let Some((_, below)) = path.rsplit_once("/providers/") else {
        return false;
    };
    let mut parts = below.split('/');
    let provider = parts.next().unwrap_or_default();
    let pairs: Vec<&str> = parts.collect();
    !provider.is_empty()
        && !pairs.is_empty()
        && pairs.len().is_multiple_of(2)
        && pairs.iter().all(|part| is_item_name(part))
}

/// Method, short address and needed permission of a request.
pub(super) fn request_info(method: &str, url: &Url) -> RequestInfo {
    const SERVICES: &str = "/providers/microsoft.apicenter/services/";
    let path = url.path();
    let lower = path.to_ascii_lowercase();
    let below = lower.rfind("/providers/");
    let resource = match lower.rfind(SERVICES).filter(|at| Some(*at) == below) {
        Some(at) => match path[at + SERVICES.len()..].split_once('/') {
            Some((_, rest)) => rest.strip_prefix("workspaces/default/").unwrap_or(rest),
            None => &path[at + "/providers/microsoft.apicenter/".len()..],
        },
        None => below.map_or(path, |at| &path[at + "/providers/".len()..]),
    };
    RequestInfo {
        method: method.to_owned(),
        resource: resource.to_owned(),
        needs: needed_permission(method, path),
    }
}

/// The permission that a request needs. Documented: types of resources become actions, so that a PUT of
/// `…/providers/Microsoft.X/as/1/bs/2` needs `Microsoft.X/as/bs/write`.
fn needed_permission(method: &str, path: &str) -> Option<Permission> {
    let (_, below) = path.rsplit_once("/providers/")?;
    let mut parts: Vec<&str> = below.split('/').collect();
    let verb = match method {
        "GET" | "HEAD" => "read",
        "PUT" | "PATCH" => "write",
        "DELETE" => "delete",
        _ => parts.pop()?,
    };
    let scope = match verb {
        _ if method == "POST" => path.rsplit_once('/')?.0,
        _ => path,
    };
    let end = if method == "POST" { "/action" } else { "" };
    let (provider, rest) = parts.split_first()?;
    let types: Vec<&str> = rest.iter().step_by(2).copied().collect();
    (!types.is_empty()).then(|| Permission {
        action: format!("{provider}/{}/{verb}{end}", types.join("/")),
        scope: scope.to_owned(),
        object: None,
    })
}

fn base_url(what: &str, text: &str) -> Result<Url, ServiceError> {
    parse_base_url(text).map_err(|error| invalid(format!("the {what} `{text}` {error}")))
}

fn invalid(text: String) -> ServiceError {
    ServiceError::new(ErrorKind::Configuration, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::permissions::{needed_to_apply, needed_to_plan};

    const SERVICE: &str =
        "/subscriptions/0/resourceGroups/rg/providers/Microsoft.ApiCenter/services/inv";

    #[test]
    fn only_https_or_loopback_is_an_endpoint() {
        for good in [
            "https://management.azure.com",
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:80/",
            "http://localhost:1/arm",
        ] {
            assert!(Endpoint::custom(good, None, None).is_ok(), "{good}");
        }
        for bad in [
            "http://management.azure.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "ftp://localhost",
            "https://joe:pw@host",
            "https://host/?x=1",
            "https://host/#x",
            "management.azure.com",
            "",
        ] {
            let error = Endpoint::custom(bad, None, None).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration, "{bad}");
            assert!(!error.to_string().contains("pw"), "{error}");
        }
    }

    #[test]
    fn clouds_have_names_hosts_and_scopes() {
        for cloud in Cloud::ALL {
            assert_eq!(cloud.name().parse::<Cloud>().unwrap(), cloud);
            let endpoint = Endpoint::of(cloud).unwrap();
            assert!(!endpoint.is_loopback());
            assert!(endpoint.scope().ends_with("/.default") && !endpoint.scope().contains("//.d"));
        }
        assert_eq!(
            Endpoint::of(Cloud::Public).unwrap().scope(),
            "https://management.azure.com/.default"
        );
        assert!(
            "mars"
                .parse::<Cloud>()
                .unwrap_err()
                .to_string()
                .contains("usgovernment")
        );
    }

    #[test]
    fn a_path_cannot_leave_its_place() {
        let endpoint = Endpoint::custom("https://gw.example/arm/", None, None).unwrap();
        let url = endpoint
            .url("/subscriptions/0?$filter=a", "2024-03-01")
            .unwrap();
        assert_eq!(
            url.as_str(),
            "https://gw.example/arm/subscriptions/0?$filter=a&api-version=2024-03-01"
        );
        for bad in [
            "subscriptions",
            "/a/../b",
            "/a/%2E%2e/b",
            "/a\\b",
            "/a/./b",
            "/a#b",
        ] {
            assert!(endpoint.url(bad, "1").is_err(), "{bad}");
        }
    }

    #[test]
    fn links_lead_back_or_nowhere() {
        let endpoint = Endpoint::of(Cloud::Public).unwrap();
        let from = endpoint.url("/subscriptions/0", "1").unwrap();
        for good in [
            "https://management.azure.com/x?$skiptoken=1",
            "/x",
            "https://MANAGEMENT.azure.com:443/x",
        ] {
            assert!(endpoint.link(&from, good).is_ok(), "{good}");
        }
        for bad in [
            "https://evil.example/x?sig=secret",
            "//evil.example/x",
            "http://management.azure.com/x",
            "https://management.azure.com:444/x",
            "https://joe@management.azure.com/x",
            "https://management.azure.com.evil.example/",
        ] {
            let error = endpoint.link(&from, bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Protocol, "{bad}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn requests_are_named_by_their_place_in_the_service() {
        let endpoint = Endpoint::of(Cloud::Public).unwrap();
        let cases = [
            (
                format!("{SERVICE}/workspaces/default/apis/orders"),
                "GET apis/orders",
            ),
            (
                format!("{SERVICE}/workspaces/eu/apis/orders"),
                "GET workspaces/eu/apis/orders",
            ),
            (format!("{SERVICE}/metadataSchemas"), "GET metadataSchemas"),
            (SERVICE.to_owned(), "GET services/inv"),
            (
                format!("{SERVICE}/providers/Microsoft.Authorization/roleAssignments/1"),
                "GET Microsoft.Authorization/roleAssignments/1",
            ),
            ("/subscriptions/0".to_owned(), "GET /subscriptions/0"),
        ];
        for (path, expected) in cases {
            let url = endpoint.url(&path, "1").unwrap();
            assert_eq!(request_info("GET", &url).to_string(), expected);
        }
    }

    #[test]
    fn a_list_is_not_a_resource() {
        for path in [
            SERVICE.to_owned(),
            format!("{SERVICE}/workspaces/default/apis/a"),
            format!("{SERVICE}/metadataSchemas/a"),
            "/providers/Microsoft.Authorization/roleAssignments/1".to_owned(),
        ] {
            assert!(is_item_path(&path), "{path}");
        }
        for path in [
            format!("{SERVICE}/workspaces/default/apis/"),
            format!("{SERVICE}/workspaces/default/apis"),
            format!("{SERVICE}/workspaces/default/apis//versions/1"),
            format!("{SERVICE}/workspaces/default/apis/.."),
            "/subscriptions/0".to_owned(),
            "/providers/Microsoft.Authorization/roleAssignments".to_owned(),
        ] {
            assert!(!is_item_path(&path), "{path}");
        }
    }

    #[test]
    fn requests_need_what_their_paths_say() {
        for (method, below, action) in [
            ("GET", "", "services/read"),
            ("GET", "/metadataSchemas", "services/metadataSchemas/read"),
            (
                "PUT",
                "/workspaces/default/apis/a",
                "services/workspaces/apis/write",
            ),
            (
                "DELETE",
                "/workspaces/default/apis/a/versions/1",
                "services/workspaces/apis/versions/delete",
            ),
            (
                "POST",
                "/workspaces/default/apis/a/versions/1/definitions/d/exportSpecification",
                "services/workspaces/apis/versions/definitions/exportSpecification/action",
            ),
        ] {
            let needed = needed_permission(method, &format!("{SERVICE}{below}")).unwrap();
            assert_eq!(needed.action, format!("Microsoft.ApiCenter/{action}"));
            let known = [needed_to_plan(false), needed_to_apply()].concat();
            assert!(known.contains(&needed.action), "{}", needed.action);
        }
        let roles = format!("{SERVICE}/providers/Microsoft.Authorization/roleAssignments/1");
        let needed = needed_permission("PUT", &roles).unwrap();
        assert_eq!(
            needed.action,
            "Microsoft.Authorization/roleAssignments/write"
        );
        assert_eq!(needed_permission("GET", "/subscriptions/0"), None);
    }
}
