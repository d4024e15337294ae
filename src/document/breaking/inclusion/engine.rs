//! Whether one schema accepts all that another accepts.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::beside;
use super::branch::{All, Branch, Types, is_nothing};
use super::context::{InclusionContext, MOST_CHECKS, MOST_STEPS, MOST_VALUES};
use super::documents::Documents;
use super::failure::{InclusionFailure, NOT_FOUND, SchemaStep, TOO_LARGE, What};
use super::judge;
use super::kept::Kept;
use super::lost;
use super::memo::{Failures, Found, Memo, Reliance};
use super::normal::says_nothing;
use super::parts::{self, Parts, Question};
use super::scalars;
use super::side::Direction;
use super::verdict;
use crate::document::breaking::tree::address;

/// Schemas within one another, at most. Values are seldom nested so deep, but the way through schemas that refer to
/// each other may be as long.
const DEEPEST: usize = 64;

static STRING: LazyLock<Value> = LazyLock::new(|| json!({"type": "string"}));

/// Compares schemas of two documents, in one direction.
pub(crate) struct Inclusion<'a> {
    context: InclusionContext<'a>,
    memo: Memo<'a>,
}

impl<'a> Inclusion<'a> {
    pub(crate) fn new(
        documents: Rc<Documents<'a>>,
        direction: Direction,
        is_spelled: bool,
    ) -> Self {
        Self {
            context: InclusionContext {
                documents,
                direction,
                is_spelled,
                budget: Cell::new(MOST_STEPS),
                values: Cell::new(MOST_VALUES),
                known: RefCell::default(),
                checks: Cell::new(MOST_CHECKS),
            },
            memo: Memo::default(),
        }
    }

    /// Why the wide schema does not accept all that the narrow one accepts; empty if it does.
    pub(crate) fn failures(&mut self, narrow: &All<'a>, wide: &All<'a>) -> Failures<'a> {
        self.compare(narrow, wide, 0).failures
    }

    /// For each of the failures a value that shows it, if the independent validator says so.
    pub(crate) fn witnesses(
        &self,
        narrow: &All<'a>,
        wide: &All<'a>,
        failures: &[&InclusionFailure<'a>],
    ) -> Vec<Option<Value>> {
        judge::witnesses(&self.context, narrow, wide, failures)
    }

    fn compare(&mut self, narrow: &All<'a>, wide: &All<'a>, depth: usize) -> Found<'a> {
        let narrow = &Documents::cores(self.context.narrow(), narrow);
        let wide = &Documents::cores(self.context.wide(), wide);
        let none = || Found::new(Rc::default(), Reliance::NOTHING);
        if says_nothing(wide)
            || is_nothing(narrow)
            || self
                .context
                .documents
                .are_same(self.context.direction, narrow, wide)
        {
            return none();
        }
        if depth > DEEPEST || self.context.budget.get() == 0 {
            let reason = if depth > DEEPEST {
                "it is nested too deep"
            } else {
                TOO_LARGE
            };
            let failures = vec![InclusionFailure::of_limit(reason)];
            return Found::new(Rc::new(failures), Reliance::PARTIAL);
        }
        let addresses =
            |all: &All<'a>| all.iter().map(|schema| address(schema)).collect::<Vec<_>>();
        let key = (addresses(narrow), addresses(wide));
        if let Some(known) = self.memo.find(&key) {
            return known;
        }
        self.memo.open(&key, depth);
        let (failures, reliance) = self.unions(narrow, wide, depth);
        let mut failures = Kept::of_schema(failures, self.context.direction);
        let origin = |all: &All<'a>| all.first().map_or(0, |schema| address(schema));
        for failure in &mut failures {
            if failure.origin == (0, 0) {
                failure.origin = (origin(narrow), origin(wide));
            }
        }
        self.memo
            .close(key, Found::new(Rc::new(failures), reliance))
    }

    fn unions(
        &mut self,
        narrow: &All<'a>,
        wide: &All<'a>,
        depth: usize,
    ) -> (Vec<InclusionFailure<'a>>, Reliance) {
        let own = self.context.normal_narrow().union(narrow);
        let other = self.context.normal_wide().union(wide);
        let mut reliance = Reliance::NOTHING;
        let mut failures = beside::discriminators(&self.context, narrow, wide);
        failures.extend(beside::defaults(&self.context, narrow, wide));
        failures.extend(verdict::values(&self.context, &own, &other, (narrow, wide)));
        match listed_items(self.context.is_spelled, &own, &other) {
            // One value and a list of it are written in the same way.
            Some(items) => {
                let found = self.compare(narrow, &items, depth + 1);
                reliance.add(found.reliance);
                failures.extend(found.failures.iter().cloned());
            }
            None => failures.extend(verdict::types(&self.context, &own, &other)),
        }
        let all: Vec<Rc<Branch<'a>>> = own
            .into_iter()
            .filter(|branch| branch.values.is_none())
            .map(Rc::new)
            .collect();
        for branch in &all {
            for kind in branch.types.each() {
                let fitting: Vec<&Branch<'a>> =
                    other.iter().filter(|other| other.types.has(kind)).collect();
                let trials = self.trials(branch, &fitting, kind, depth, &mut reliance);
                let found = match lost::lost(
                    &self.context,
                    (narrow, wide),
                    &all,
                    branch,
                    &fitting,
                    &trials,
                ) {
                    Some(lost) => vec![lost],
                    None => verdict::of_trials(
                        &self.context,
                        narrow,
                        wide,
                        branch,
                        kind,
                        &fitting,
                        trials,
                    ),
                };
                failures.extend(found);
            }
        }
        (failures, reliance)
    }

    /// What each branch that might accept a type of another one refuses of it.
    fn trials(
        &mut self,
        branch: &Rc<Branch<'a>>,
        fitting: &[&Branch<'a>],
        kind: &'static str,
        depth: usize,
        reliance: &mut Reliance,
    ) -> Vec<Vec<InclusionFailure<'a>>> {
        let mut trials = Vec::new();
        for candidate in fitting {
            let before = self.memo.mark();
            let (found, of_branch) = self.branches(branch, candidate, kind, depth);
            reliance.add(of_branch);
            let is_included = found.iter().all(|failure| failure.what.is_waived());
            // Another one may be the same in what is waived too.
            let is_same = found.is_empty();
            trials.push(found);
            if is_same {
                break;
            }
            if fitting.len() > 1 && !is_included {
                self.memo.forget_partial(before);
            }
        }
        trials
    }

    /// Why a branch does not accept all values of one type of another.
    fn branches(
        &mut self,
        narrow: &Rc<Branch<'a>>,
        wide: &Branch<'a>,
        kind: &'static str,
        depth: usize,
    ) -> (Vec<InclusionFailure<'a>>, Reliance) {
        let mut reliance = Reliance::NOTHING;
        if let Some(values) = &wide.values {
            return (
                verdict::listed(&self.context, narrow, values, kind),
                reliance,
            );
        }
        let Parts {
            failures,
            questions,
        } = match kind {
            "number" => only(scalars::numbers(narrow, wide)),
            "string" => only(scalars::strings(narrow, wide)),
            "array" => parts::lists(&self.context, narrow, wide),
            "object" => parts::objects(
                &self.context.sampler(),
                self.context.direction,
                narrow,
                wide,
            ),
            _ => only(Vec::new()),
        };
        let mut kept = Kept::of_branch(failures, self.context.direction);
        for question in questions {
            if kept.is_full() {
                kept.skip();
                break;
            }
            let found = self.ask(narrow, question, depth);
            reliance.add(found.reliance);
            kept.extend(found.failures.iter().cloned());
        }
        let mut failures = kept.into_list();
        failures.extend(verdict::refused(&self.context, narrow, wide, kind));
        let is_included = failures.iter().all(|failure| failure.what.is_waived());
        let unread = (!verdict::has_unread(&self.context, narrow, wide)).then_some(NOT_FOUND);
        if let Some(reason) = wide
            .loose
            .or(narrow.tight)
            .or(unread)
            .filter(|_| is_included)
        {
            failures.push(InclusionFailure::new(What::Unknown { reason }, Vec::new()));
        }
        (failures, reliance)
    }

    fn ask(&mut self, within: &Rc<Branch<'a>>, question: Question<'a>, depth: usize) -> Found<'a> {
        let (failures, reliance) = match question {
            Question::Values { step, narrow, wide } => {
                let found = self.compare(&narrow, &wide, depth + 1);
                let below = |failure: &InclusionFailure<'a>| failure.below(&step, within);
                (found.failures.iter().map(below).collect(), found.reliance)
            }
            Question::Anything { name, wide } => {
                let found = self.compare(&All::new(), &wide, depth + 1);
                let step = SchemaStep::Property(name.clone());
                let sampler = self.context.sampler();
                let shown = found
                    .failures
                    .iter()
                    .take(4)
                    .map(|failure| failure.below(&step, within));
                let mut candidates = Vec::new();
                for failure in shown {
                    candidates.extend(sampler.witnesses(&failure));
                }
                let what = match self.context.direction {
                    Direction::Request if found.failures.is_empty() => return found,
                    Direction::Request => What::Undescribed { name },
                    Direction::Response => What::Removed { name },
                };
                (
                    vec![InclusionFailure::new(what, candidates)],
                    found.reliance,
                )
            }
            Question::Names { mut narrow, wide } => {
                narrow.push(&STRING);
                let found = self.compare(&narrow, &wide, depth + 1);
                let failures = found.failures.iter();
                let is_included = failures.clone().all(|failure| failure.what.is_waived());
                let shown = if is_included {
                    None
                } else {
                    Some(self.named(within, failures, &wide))
                };
                (shown.into_iter().collect(), found.reliance)
            }
        };
        Found::new(Rc::new(failures), reliance)
    }

    /// That the wide schema refuses the name of a property.
    fn named<'f>(
        &self,
        within: &Rc<Branch<'a>>,
        failures: impl Iterator<Item = &'f InclusionFailure<'a>>,
        wide: &All<'a>,
    ) -> InclusionFailure<'a>
    where
        'a: 'f,
    {
        let sampler = self.context.sampler();
        let mut named = Vec::new();
        for name in failures.flat_map(|failure| sampler.witnesses(failure)) {
            let Value::String(name) = name else { continue };
            let value = sampler
                .of(&within.objects.property(&name), 1)
                .into_iter()
                .next();
            named.extend(value.map(|value| Value::Object(Map::from_iter([(name, value)]))));
        }
        let wide = wide.first().map(ToString::to_string);
        scalars::keyword("propertyNames", None, wide, named)
    }
}

/// What holds for the items of a list, where a single value became one in a URL.
fn listed_items<'a>(
    is_spelled: bool,
    narrow: &[Branch<'a>],
    wide: &[Branch<'a>],
) -> Option<All<'a>> {
    let types = |all: &[Branch<'a>]| {
        all.iter()
            .fold(Types::NONE, |types, branch| types.or(branch.types))
    };
    let is_single = !types(narrow).has("array") && !types(narrow).has("object");
    let list = wide.iter().find(|branch| {
        branch.types == Types::of("array")
            && branch.lists.count.least < 2
            && branch.values.is_none()
    });
    let is_needed = !types(narrow).without(types(wide)).is_empty();
    list.filter(|_| is_spelled && is_single && is_needed)
        .map(|list| list.lists.item(Some(0)))
}

fn only(failures: Vec<InclusionFailure<'_>>) -> Parts<'_> {
    Parts {
        failures,
        questions: Vec::new(),
    }
}
