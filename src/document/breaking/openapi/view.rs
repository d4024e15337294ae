//! One view on OpenAPI 3.x and Swagger 2.0.

use std::collections::BTreeMap;

use serde_json::Value;

use super::forms::Forms;
use crate::document::breaking::media_type::media_type;
use crate::document::breaking::tree::{address, entries, flag, items, resolve, text, texts};

/// A whole document.
#[derive(Clone, Copy)]
pub(super) struct Api<'a> {
    pub(super) root: &'a Value,
    pub(super) is_swagger: bool,
    forms: &'a Forms,
}

/// One method of one path.
pub(super) struct Operation<'a> {
    pub(super) api: Api<'a>,
    pub(super) value: &'a Value,
    pub(super) path: &'a str,
    pub(super) item: &'a Value,
}

/// A parameter outside the body, or a header of a response.
pub(super) struct Parameter<'a> {
    /// `query`, `header`, `path` or `cookie`.
    pub(super) location: &'a str,
    pub(super) name: &'a str,
    pub(super) required: bool,
    /// How it is written, where that is not by a media type.
    pub(super) value: &'a Value,
    /// The media type that it is written in, if one is stated.
    pub(super) media: Option<&'a str>,
    pub(super) schema: Option<&'a Value>,
}

/// The contents of a request or a response, by media type; one without a name where none is stated.
pub(super) type Contents<'a> = BTreeMap<String, Option<&'a Value>>;

/// The body of a request.
pub(super) struct Body<'a> {
    pub(super) required: bool,
    pub(super) contents: Contents<'a>,
}

impl<'a> Api<'a> {
    pub(super) fn new(root: &'a Value, forms: &'a Forms) -> Self {
        let is_swagger = root.get("openapi").is_none();
        Self {
            root,
            is_swagger,
            forms,
        }
    }

    /// The paths, each once, in the order of the alphabet.
    pub(super) fn paths(&self) -> BTreeMap<&'a str, &'a Value> {
        entries(self.root, "paths")
            .filter(|(path, _)| path.starts_with('/'))
            .collect()
    }

    /// The path that the only address has, without a `/` at its end.
    pub(super) fn base(&self) -> &'a str {
        let base = if self.is_swagger {
            text(self.root, "basePath").unwrap_or_default()
        } else {
            let mut servers = items(self.root, "servers");
            let only = servers.next().filter(|_| servers.next().is_none());
            let url = only
                .and_then(|server| text(server, "url"))
                .unwrap_or_default();
            match url.split_once("://") {
                Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
                None => url,
            }
        };
        base.trim_end_matches('/')
    }

    pub(super) fn resolve(&self, value: &'a Value) -> Option<&'a Value> {
        resolve(self.root, value)
    }
}

impl<'a> Operation<'a> {
    pub(super) fn new(api: Api<'a>, path: &'a str, item: &'a Value, value: &'a Value) -> Self {
        Self {
            api,
            value,
            path,
            item,
        }
    }

    /// The parameters of the path and of the operation, the latter's in place of the former's.
    fn raw_parameters(&self) -> Vec<&'a Value> {
        let all = items(self.item, "parameters").chain(items(self.value, "parameters"));
        all.filter_map(|parameter| self.api.resolve(parameter))
            .collect()
    }

    /// Whether a parameter could not be found, so that there may be more than are known.
    pub(super) fn has_unknown_parameters(&self) -> bool {
        let mut all = items(self.item, "parameters").chain(items(self.value, "parameters"));
        all.any(|parameter| self.api.resolve(parameter).is_none())
    }

    /// The parameters outside the body by what distinguishes them: those of a path by their position.
    pub(super) fn parameters(&self) -> BTreeMap<(&'a str, String), Parameter<'a>> {
        let mut all = BTreeMap::new();
        for value in self.raw_parameters() {
            let (Some(location), Some(name)) = (text(value, "in"), text(value, "name")) else {
                continue;
            };
            let key = match location {
                "path" => self.path.split('{').position(|piece| {
                    piece
                        .split_once('}')
                        .is_some_and(|(inner, _)| inner == name)
                }),
                "query" | "header" | "cookie" => None,
                _ => continue,
            };
            let key = match key {
                Some(position) => position.to_string(),
                None if location == "header" => name.to_ascii_lowercase(),
                None => name.to_owned(),
            };
            // OpenAPI says that these are not parameters: the body and the security describe them.
            let ignored = ["accept", "content-type", "authorization"];
            if location == "header" && ignored.contains(&key.as_str()) {
                continue;
            }
            let parameter = Parameter {
                location,
                name,
                required: flag(value, "required"),
                value,
                media: self.media_of(value),
                schema: self.schema_of(value),
            };
            all.insert((location, key), parameter);
        }
        all
    }

    /// The schema of a parameter or header. In Swagger, it is its own.
    fn schema_of(&self, value: &'a Value) -> Option<&'a Value> {
        if self.api.is_swagger {
            return Some(value);
        }
        let content = || entries(value, "content").next()?.1.get("schema");
        value.get("schema").or_else(content)
    }

    fn media_of(&self, value: &'a Value) -> Option<&'a str> {
        let is_stated = !self.api.is_swagger && value.get("schema").is_none();
        let media = entries(value, "content").next().map(|(media, _)| media);
        media.filter(|_| is_stated)
    }

    /// The body of the request; `None` if it has none, or one that cannot be found.
    pub(super) fn body(&self) -> Option<Body<'a>> {
        if self.api.is_swagger {
            return self.swagger_body();
        }
        let body = self.api.resolve(self.value.get("requestBody")?)?;
        Some(Body {
            required: flag(body, "required"),
            contents: contents(body),
        })
    }

    fn swagger_body(&self) -> Option<Body<'a>> {
        let parameters = self.raw_parameters();
        let of = |location: &'static str| {
            let all = parameters.iter().copied();
            all.filter(move |parameter| text(parameter, "in") == Some(location))
        };
        if let Some(body) = of("body").next_back() {
            return Some(Body {
                required: flag(body, "required"),
                contents: self.with_media("consumes", body.get("schema")),
            });
        }
        let form = self.api.forms.get(&address(self.value))?;
        Some(Body {
            required: texts(form, "required").next().is_some(),
            contents: self.with_media("consumes", Some(form)),
        })
    }

    /// Whether the operation has a body of which nothing is known.
    pub(super) fn has_unknown_body(&self) -> bool {
        let body = self.value.get("requestBody");
        body.is_some_and(|body| self.api.resolve(body).is_none()) || self.has_unknown_parameters()
    }

    fn with_media(&self, key: &str, schema: Option<&'a Value>) -> Contents<'a> {
        let own = self.value.get(key).is_some();
        let from = if own { self.value } else { self.api.root };
        let mut media: Vec<String> = texts(from, key).map(media_type).collect();
        if media.is_empty() {
            media.push(String::new());
        }
        media.into_iter().map(|media| (media, schema)).collect()
    }

    /// The responses by their status, in capitals: `200`, `4XX`, `DEFAULT`.
    pub(super) fn responses(&self) -> BTreeMap<String, Option<&'a Value>> {
        entries(self.value, "responses")
            .filter(|(status, _)| !status.starts_with("x-"))
            .map(|(status, response)| (status.to_ascii_uppercase(), self.api.resolve(response)))
            .collect()
    }

    /// What a response holds.
    pub(super) fn contents_of(&self, response: &'a Value) -> Contents<'a> {
        if !self.api.is_swagger {
            return contents(response);
        }
        match response.get("schema") {
            Some(schema) => self.with_media("produces", Some(schema)),
            None => Contents::new(),
        }
    }

    /// The headers of a response, by their names in small letters.
    pub(super) fn headers_of(&self, response: &'a Value) -> BTreeMap<String, Parameter<'a>> {
        entries(response, "headers")
            .filter_map(|(name, header)| {
                let value = self.api.resolve(header)?;
                let parameter = Parameter {
                    location: "header",
                    name,
                    required: flag(value, "required"),
                    value,
                    media: self.media_of(value),
                    schema: self.schema_of(value),
                };
                Some((name.to_ascii_lowercase(), parameter))
            })
            .collect()
    }
}

fn contents(value: &Value) -> Contents<'_> {
    entries(value, "content")
        .map(|(media, content)| (media_type(media), content.get("schema")))
        .collect()
}
