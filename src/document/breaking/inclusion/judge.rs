//! What the independent validator says of values that may show a failure.

use serde_json::Value;

use super::branch::All;
use super::check;
use super::context::InclusionContext;
use super::failure::InclusionFailure;
use super::spelling;

/// Which of the values the wide schemas accept.
pub(super) fn accepted<'a>(
    context: &InclusionContext<'a>,
    wide: &[&'a Value],
    values: &[Value],
) -> Option<Vec<bool>> {
    of_side(context, false, wide, values)
}

/// Which of the values the schemas of one side accept.
pub(super) fn of_side<'a>(
    context: &InclusionContext<'a>,
    is_narrow: bool,
    schemas: &[&'a Value],
    values: &[Value],
) -> Option<Vec<bool>> {
    let side = if is_narrow {
        context.narrow()
    } else {
        context.wide()
    };
    context.checks.set(context.checks.get().checked_sub(1)?);
    if !context.is_spelled {
        let all: Vec<&Value> = values.iter().collect();
        return check::accepts(side, context.direction, schemas, &all);
    }
    let readings: Vec<Vec<Value>> = values.iter().map(spelling::readings).collect();
    let all: Vec<&Value> = readings.iter().flatten().collect();
    let mut flags = check::accepts(side, context.direction, schemas, &all)?.into_iter();
    Some(
        readings
            .iter()
            .map(|readings| {
                flags
                    .by_ref()
                    .take(readings.len())
                    .fold(false, |any, one| any | one)
            })
            .collect(),
    )
}

/// Values of one failure that are tried at once, in turn: most failures are shown by the first.
const TURNS: [usize; 3] = [1, 3, usize::MAX];

/// For each of the failures a value that shows it, if the independent validator says so.
pub(super) fn witnesses<'a>(
    context: &InclusionContext<'a>,
    narrow: &All<'a>,
    wide: &All<'a>,
    failures: &[&InclusionFailure<'a>],
) -> Vec<Option<Value>> {
    let sampler = context.sampler();
    let mut candidates: Vec<_> = failures
        .iter()
        .map(|failure| sampler.witnesses(failure))
        .collect();
    let mut found: Vec<Option<Value>> = vec![None; failures.len()];
    for turn in TURNS {
        let open: Vec<usize> = (0..failures.len())
            .filter(|at| found[*at].is_none())
            .collect();
        let each = open
            .iter()
            .map(|at| candidates[*at].by_ref().take(turn).collect())
            .collect();
        let shown = of_failures(context, narrow, wide, each);
        for (at, shown) in open.into_iter().zip(shown) {
            found[at] = shown;
        }
    }
    found
}

/// The first of the values of each failure that shows it.
fn of_failures<'a>(
    context: &InclusionContext<'a>,
    narrow: &All<'a>,
    wide: &All<'a>,
    each: Vec<Vec<Value>>,
) -> Vec<Option<Value>> {
    let all: Vec<Value> = each.iter().flatten().cloned().collect();
    let judge = |values: &[Value]| {
        let sent = of_side(context, true, narrow, values)?;
        let taken = accepted(context, wide, values)?;
        Some(
            sent.into_iter()
                .zip(taken)
                .map(|(sent, taken)| sent && !taken)
                .collect::<Vec<bool>>(),
        )
    };
    if all.is_empty() {
        return vec![None; each.len()];
    }
    let together = judge(&all);
    let is_judged = together.is_some();
    let mut flags = together.into_iter().flatten();
    each.into_iter()
        .map(|values| {
            let own: Vec<bool> = if is_judged {
                flags.by_ref().take(values.len()).collect()
            } else {
                judge(&values).unwrap_or_default()
            };
            let shows = own.iter().position(|shows| *shows)?;
            values.into_iter().nth(shows)
        })
        .collect()
}
