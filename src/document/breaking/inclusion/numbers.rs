//! Sets of numbers: bounds, multiples, and whether only integers.

use serde_json::{Number, Value, json};

use crate::model::Decimal;

/// A bound, and whether the number itself is outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Limit {
    pub(super) at: Decimal,
    pub(super) is_exclusive: bool,
}

/// The numbers that a schema accepts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    pub(super) lower: Option<Limit>,
    pub(super) upper: Option<Limit>,
    pub(super) multiples: Vec<Decimal>,
    pub(super) is_integer: bool,
}

impl Numbers {
    pub(super) fn raise(&mut self, limit: Limit) {
        if is_above(&limit, self.lower.as_ref()) {
            self.lower = Some(limit);
        }
    }

    pub(super) fn cap(&mut self, limit: Limit) {
        if is_below(&limit, self.upper.as_ref()) {
            self.upper = Some(limit);
        }
    }

    pub(super) fn multiple_of(&mut self, step: Decimal) {
        if step.is_positive() && !self.multiples.contains(&step) {
            self.multiples.push(step);
            self.multiples.sort();
        }
    }

    pub(super) fn meet(&mut self, other: &Self) {
        if let Some(limit) = &other.lower {
            self.raise(limit.clone());
        }
        if let Some(limit) = &other.upper {
            self.cap(limit.clone());
        }
        for step in &other.multiples {
            self.multiple_of(step.clone());
        }
        self.is_integer |= other.is_integer;
    }

    /// Writes bounds of integers in one way: `> 0` is `>= 1`.
    pub(super) fn settle(&mut self) {
        if !self.is_integer {
            return;
        }
        let step = one();
        let next = |limit: &Limit, is_lower: bool| {
            let inside = |number: &Decimal| match number.cmp(&limit.at) {
                std::cmp::Ordering::Equal => !limit.is_exclusive,
                order => order.is_gt() == is_lower,
            };
            let fitting = neighbours(&limit.at, &step).into_iter().filter(inside);
            let at = if is_lower {
                fitting.min()
            } else {
                fitting.max()
            };
            at.map(|at| Limit {
                at,
                is_exclusive: false,
            })
        };
        if let Some(limit) = self.lower.as_ref().and_then(|limit| next(limit, true)) {
            self.lower = Some(limit);
        }
        if let Some(limit) = self.upper.as_ref().and_then(|limit| next(limit, false)) {
            self.upper = Some(limit);
        }
    }

    /// Whether no number fits, as far as the bounds show.
    pub(super) fn is_empty(&self) -> bool {
        let (Some(lower), Some(upper)) = (&self.lower, &self.upper) else {
            return false;
        };
        lower.at > upper.at || (lower.at == upper.at && (lower.is_exclusive || upper.is_exclusive))
    }

    pub(super) fn accepts(&self, number: &Decimal) -> bool {
        let is_above = self
            .lower
            .as_ref()
            .is_none_or(|limit| *number > limit.at || (!limit.is_exclusive && *number == limit.at));
        let is_below = self
            .upper
            .as_ref()
            .is_none_or(|limit| *number < limit.at || (!limit.is_exclusive && *number == limit.at));
        is_above
            && is_below
            && (!self.is_integer || is_multiple(number, &one()) == Some(true))
            && self
                .multiples
                .iter()
                .all(|step| is_multiple(number, step) == Some(true))
    }

    /// Whether the set is known to have only multiples of the step; `None` if the numbers are too long to say.
    pub(super) fn keeps_to(&self, step: &Decimal) -> Option<bool> {
        if self.is_integer && is_multiple(&one(), step)? {
            return Some(true);
        }
        for own in &self.multiples {
            if is_multiple(own, step)? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Some of the numbers, those near the given places first.
    pub(super) fn samples(&self, near: &[&Decimal]) -> Vec<Value> {
        let is_free = self.lower.is_none() && self.upper.is_none() && self.multiples.is_empty();
        if is_free && near.is_empty() {
            let plain = [json!(0), json!(1), json!(-1)].into_iter();
            return plain
                .chain((!self.is_integer).then(|| json!(0.5)))
                .collect();
        }
        let zero = Decimal::of(&Number::from(0));
        let limits = [&self.upper, &self.lower].into_iter().flatten();
        let mut places: Vec<&Decimal> = near.to_vec();
        places.extend(limits.map(|limit| &limit.at));
        places.extend(&zero);
        let steps = self.steps();
        let mut found: Vec<Decimal> = Vec::new();
        // What is too long for arithmetic has no neighbours.
        let beyond: Vec<Decimal> = near.iter().filter_map(|place| tenfold(place)).collect();
        places.extend(&beyond);
        for place in places {
            let close = steps.iter().flat_map(|step| neighbours(place, step));
            for number in std::iter::once(place.clone()).chain(close) {
                if self.accepts(&number) && !found.contains(&number) {
                    found.push(number);
                }
            }
        }
        found.truncate(12);
        found.iter().filter_map(value).collect()
    }

    /// How far apart the numbers may be.
    fn steps(&self) -> Vec<Decimal> {
        let mut steps: Vec<Decimal> = self.multiples.iter().rev().cloned().collect();
        let product = self
            .multiples
            .iter()
            .try_fold(Scaled::of(&one()), |all, step| {
                all.and_then(|all| all.times(Scaled::of(step)?)).map(Some)
            });
        steps.extend(product.flatten().and_then(Scaled::decimal));
        steps.push(one());
        if !self.is_integer {
            steps.extend(Decimal::parse("0.5"));
            steps.extend(Decimal::parse("0.001"));
        }
        steps
    }
}

/// Whether a lower limit forbids more than another.
pub(super) fn is_above(limit: &Limit, other: Option<&Limit>) -> bool {
    other.is_none_or(|other| {
        limit.at > other.at || (limit.at == other.at && limit.is_exclusive && !other.is_exclusive)
    })
}

/// Whether an upper limit forbids more than another.
pub(super) fn is_below(limit: &Limit, other: Option<&Limit>) -> bool {
    other.is_none_or(|other| {
        limit.at < other.at || (limit.at == other.at && limit.is_exclusive && !other.is_exclusive)
    })
}

pub(super) fn one() -> Decimal {
    Decimal::of(&Number::from(1)).expect("one is a number")
}

pub(super) fn value(number: &Decimal) -> Option<Value> {
    serde_json::from_str(&number.to_string()).ok()
}

/// Whether a number is a whole multiple of a step; `None` if they are too long to say.
pub(super) fn is_multiple(number: &Decimal, step: &Decimal) -> Option<bool> {
    let (number, step) = Scaled::pair(number, step)?;
    if step == 0 {
        return None;
    }
    Some(number % step == 0)
}

/// The multiples of a step around a number.
fn neighbours(number: &Decimal, step: &Decimal) -> Vec<Decimal> {
    let aligned = || {
        let exponent = Scaled::of(number)?.exponent.min(Scaled::of(step)?.exponent);
        let (digits, width) = Scaled::pair(number, step)?;
        let first = digits.checked_div_euclid(width)?.checked_mul(width)?;
        Some((first, width, exponent))
    };
    let Some((first, width, exponent)) = aligned() else {
        return Vec::new();
    };
    [0, 1, 2, -1]
        .iter()
        .filter_map(|times| {
            let digits = first.checked_add(width.checked_mul(*times)?)?;
            Scaled { digits, exponent }.decimal()
        })
        .collect()
}

/// A number with a zero behind it, if it is long.
fn tenfold(number: &Decimal) -> Option<Decimal> {
    let scaled = Scaled::of(number).filter(|_| neighbours(number, &one()).is_empty())?;
    let exponent = scaled.exponent.checked_add(1)?;
    Scaled { exponent, ..scaled }.decimal()
}

/// A number that is short enough for arithmetic.
#[derive(Clone, Copy)]
struct Scaled {
    digits: i128,
    exponent: i32,
}

impl Scaled {
    fn of(number: &Decimal) -> Option<Self> {
        let text = number.canonical();
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let exponent: i32 = exponent.parse().ok()?;
        Some(Self {
            digits: digits.parse().ok()?,
            exponent: exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?,
        })
    }

    /// Two numbers with one exponent.
    fn pair(one: &Decimal, other: &Decimal) -> Option<(i128, i128)> {
        let (one, other) = (Self::of(one)?, Self::of(other)?);
        let exponent = one.exponent.min(other.exponent);
        Some((one.with(exponent)?, other.with(exponent)?))
    }

    fn with(self, exponent: i32) -> Option<i128> {
        let more = u32::try_from(self.exponent.checked_sub(exponent)?).ok()?;
        self.digits.checked_mul(10_i128.checked_pow(more)?)
    }

    fn times(self, other: Self) -> Option<Self> {
        Some(Self {
            digits: self.digits.checked_mul(other.digits)?,
            exponent: self.exponent.checked_add(other.exponent)?,
        })
    }

    fn decimal(self) -> Option<Decimal> {
        Decimal::parse(&format!("{}e{}", self.digits, self.exponent))
    }
}
