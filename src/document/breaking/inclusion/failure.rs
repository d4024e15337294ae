//! Why one schema does not accept all that another accepts.

use std::rc::Rc;

use serde_json::Value;

use super::branch::Branch;
use super::side::Direction;

/// Why a comparison that needs too much is not finished.
pub(super) const TOO_LARGE: &str = "the descriptions are too large to compare whole";

/// Why a comparison has an end where a reference leads nowhere.
pub(crate) const NOT_FOUND: &str = "it refers to what cannot be found";

/// One difference of two schemas. The *narrow* one is that whose values all have to be accepted by the
/// *wide* one: what callers may send before, or what they may receive after.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum What {
    /// The wide schema has none of these types.
    Types {
        narrow: Vec<&'static str>,
        wide: Vec<&'static str>,
        missing: Vec<&'static str>,
    },
    /// The wide schema does not list these values, or any others than those of `wide`.
    Values {
        missing: Vec<String>,
        wide: Vec<String>,
        is_listed: bool,
    },
    /// A keyword of the wide schema forbids what the narrow one allows.
    Keyword {
        name: &'static str,
        narrow: Option<String>,
        wide: Option<String>,
    },
    /// The wide schema checks a format that the narrow one does not have.
    Format {
        narrow: Option<String>,
        wide: String,
    },
    /// The wide schema requires a property.
    Required { name: String, is_declared: bool },
    /// The wide schema describes a property that callers did not know.
    Undescribed { name: String },
    /// The wide schema promises a property that the narrow one does not describe.
    Removed { name: String },
    /// The narrow schema says that a property does not travel this way.
    Hidden { name: String },
    /// The wide schema refuses a property, or any that nothing names.
    Closed { name: Option<String> },
    /// No alternative of the wide schema accepts one of the narrow schema.
    Alternative { label: Option<String> },
    /// More than one alternative of a `oneOf` may accept a value.
    Overlap,
    /// The property that names the alternative, or one of its values.
    Discriminator { name: String, value: Option<String> },
    /// What a value that is left out stands for.
    Default { was: String, now: Option<String> },
    /// More than the failures that are kept.
    More,
    /// It cannot be said.
    Unknown { reason: &'static str },
}

impl What {
    /// Whether nothing is claimed.
    pub(super) fn is_undecided(&self) -> bool {
        matches!(self, Self::Unknown { .. } | Self::More)
    }

    /// Whether it is a caution, whatever shows it.
    pub(crate) fn is_never_a_break(&self, direction: Direction) -> bool {
        match self {
            Self::Unknown { .. } | Self::More | Self::Default { .. } | Self::Hidden { .. } => true,
            // Whether formats are checked depends on the service, whether more values are understood on callers.
            Self::Format { narrow, .. } => narrow.is_none(),
            Self::Values { .. } | Self::Closed { .. } => direction == Direction::Response,
            _ => false,
        }
    }

    /// Whether it concerns only values that nobody sends who keeps to the narrow description. It is kept because
    /// the schemas are not equal, and not reported.
    fn is_silent(&self) -> bool {
        matches!(self, Self::Overlap | Self::Undescribed { .. })
    }

    /// Whether it only says that several alternatives of a `oneOf` may accept one value.
    pub(crate) fn is_overlap(&self) -> bool {
        matches!(self, Self::Overlap | Self::Keyword { name: "oneOf", .. })
    }

    /// Whether an alternative accepts what it has to accept all the same.
    pub(super) fn is_waived(&self) -> bool {
        self.is_silent() || matches!(self, Self::Default { .. } | Self::Hidden { .. })
    }
}

/// A step from a schema to one below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SchemaStep {
    Property(String),
    /// A property of any name, and a name to try.
    Anything(String),
    Item(Option<usize>),
}

/// The way from a schema to a failure below it.
#[derive(Debug)]
pub(super) struct Way<'a> {
    pub(super) step: SchemaStep,
    pub(super) within: Rc<Branch<'a>>,
    pub(super) next: Option<Rc<Self>>,
}

/// One failure of an inclusion.
#[derive(Debug, Clone)]
pub(crate) struct InclusionFailure<'a> {
    pub(crate) what: What,
    /// Values that may show it, where it arises.
    pub(super) candidates: Rc<Vec<Value>>,
    pub(super) way: Option<Rc<Way<'a>>>,
    /// The narrow and the wide schema where it arises.
    pub(crate) origin: (usize, usize),
}

impl<'a> InclusionFailure<'a> {
    pub(super) fn new(what: What, candidates: Vec<Value>) -> Self {
        Self {
            what,
            candidates: Rc::new(candidates),
            way: None,
            origin: (0, 0),
        }
    }

    /// What the limit of depth or of size leaves open. It has no place of its own, so that it is reported once.
    pub(super) fn of_limit(reason: &'static str) -> Self {
        Self {
            origin: (usize::MAX, usize::MAX),
            ..Self::new(What::Unknown { reason }, Vec::new())
        }
    }

    /// The same, seen from the schema above.
    pub(super) fn below(&self, step: &SchemaStep, within: &Rc<Branch<'a>>) -> Self {
        Self {
            way: Some(Rc::new(Way {
                step: step.clone(),
                within: Rc::clone(within),
                next: self.way.clone(),
            })),
            ..self.clone()
        }
    }

    /// Where it arises, in words: `list[].x`.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        let mut way = self.way.as_ref();
        while let Some(current) = way {
            match &current.step {
                SchemaStep::Property(name) if path.is_empty() => path.push_str(name),
                SchemaStep::Property(name) => {
                    path.push('.');
                    path.push_str(name);
                }
                SchemaStep::Anything(_) => path.push_str("{}"),
                SchemaStep::Item(None) => path.push_str("[]"),
                SchemaStep::Item(Some(at)) => path.push_str(&format!("[{at}]")),
            }
            way = current.next.as_ref();
        }
        path
    }

    /// Whether it is not reported.
    pub(crate) fn is_silent(&self) -> bool {
        self.what.is_silent()
    }

    /// The steps to where it arises.
    pub(crate) fn steps(&self) -> impl Iterator<Item = &SchemaStep> {
        let ways = std::iter::successors(self.way.as_deref(), |way| way.next.as_deref());
        ways.map(|way| &way.step)
    }

    /// The part of a value that shows it, short: `"quantity": 51`.
    pub(crate) fn shown(&self, value: &Value) -> String {
        let mut name = None;
        let mut part = value;
        let mut way = self.way.as_ref();
        while let Some(current) = way {
            let below = match &current.step {
                SchemaStep::Property(key) | SchemaStep::Anything(key) => {
                    name = Some(key);
                    part.get(key)
                }
                SchemaStep::Item(at) => {
                    part.get(at.unwrap_or(current.within.lists.named_positions()))
                }
            };
            let Some(below) = below else { break };
            part = below;
            way = current.next.as_ref();
        }
        let name = name.map(|name| format!("{}: ", Value::from(name.as_str())));
        short(&format!("{}{part}", name.unwrap_or_default()))
    }
}

/// A value in a message: not too long, and without what would end it.
pub(crate) fn short(text: &str) -> String {
    const LONGEST: usize = 60;
    let text = text.replace('`', "'");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
