//! The exemptions of a project: whether they make sense, and which accept nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::Rules;
use crate::manifest::did_you_mean;
use crate::model::{Code, Diagnostic, Diagnostics, Exemption, Exemptions, Span, code};
use crate::plan;

/// The exemptions that make sense; the others are reported and accept nothing.
pub(super) fn checked(
    exemptions: Vec<Exemption>,
    rules: &Rules,
    diagnostics: &mut Diagnostics,
) -> Vec<Exemption> {
    let run_time = rules.run_time_codes();
    let known: Vec<&Code> = code::ALL.iter().chain(&run_time).collect();
    let mut first_places: BTreeMap<(String, String, Option<String>), Span> = BTreeMap::new();
    exemptions
        .into_iter()
        .filter(|exemption| {
            if let Some(problem) = problem_of_code(exemption, &known) {
                diagnostics.push(problem);
                return false;
            }
            let place = exemption.acceptance.place;
            let key = (
                exemption.code.clone(),
                exemption.address.to_ascii_lowercase(),
                exemption.path.clone(),
            );
            let first = *first_places.entry(key).or_insert(place);
            if first != place {
                diagnostics.push(repeated(exemption, first));
            }
            first == place
        })
        .collect()
}

fn problem_of_code(exemption: &Exemption, known: &[&Code]) -> Option<Diagnostic> {
    let name = exemption.code.as_str();
    let found = known.iter().find(|code| code.id == name);
    let (message, label, help) = match found {
        Some(code) if code.is_exemptable() => return None,
        Some(code) => (
            format!("`{code}` cannot be exempted"),
            "not exemptable",
            format!(
                "it keeps manifests from being read, or the service from damage; `apicenter explain {code}` \
                 says what it is about"
            ),
        ),
        None => {
            let names: Vec<&str> = known.iter().map(|code| &*code.id).collect();
            let help = did_you_mean(name, &names).unwrap_or_else(|| {
                "codes are printed between brackets, as in `error[too-long]`".to_owned()
            });
            (format!("unknown code `{name}`"), "no such code", help)
        }
    };
    Some(
        Diagnostic::error(code::EXEMPTION_INVALID, message)
            .at(exemption.code_place, label)
            .help(help),
    )
}

fn repeated(exemption: &Exemption, first: Span) -> Diagnostic {
    let (code, address) = (&exemption.code, &exemption.address);
    Diagnostic::error(
        code::EXEMPTION_DUPLICATE,
        format!("`{code}` of {address} is exempted twice"),
    )
    .at(exemption.acceptance.place, "exempted again here")
    .related(first, "first exempted here")
    .help("remove one of the two, so that one reason and one date count")
}

/// Which exemptions only a plan can judge, because only it finds all that they may accept.
pub(super) struct JudgedByPlan<'a> {
    codes: BTreeSet<&'a str>,
}

impl<'a> JudgedByPlan<'a> {
    /// With `has_foreign_schemas`, values are also checked by metadata schemas that are read from the service.
    pub(super) fn new(rules: &'a Rules, has_foreign_schemas: bool) -> Self {
        let of_plans = rules.of_plans().iter().flat_map(plan::PlanRule::codes);
        let mut codes: BTreeSet<&str> = of_plans.map(AsRef::as_ref).collect();
        if has_foreign_schemas {
            let by_schema = &code::BY_METADATA_SCHEMA;
            codes.extend(by_schema.iter().map(|code| &*code.id));
        }
        Self { codes }
    }

    fn has(&self, exemption: &Exemption) -> bool {
        self.codes.contains(exemption.code.as_str())
    }
}

/// A warning for each exemption that accepts nothing, of those that are judged by a plan or of the others.
pub(super) fn unused<'a>(
    exemptions: &'a Exemptions,
    used: &'a BTreeSet<usize>,
    judged_by_plan: &'a JudgedByPlan<'a>,
    is_plan: bool,
) -> impl Iterator<Item = Diagnostic> + 'a {
    let idle = exemptions.iter().enumerate();
    idle.filter(move |(i, one)| !used.contains(i) && judged_by_plan.has(one) == is_plan)
        .map(|(_, exemption)| {
            let Exemption {
                code,
                address,
                path,
                ..
            } = exemption;
            let field = path
                .as_ref()
                .map_or(String::new(), |path| format!(" at `{path}`"));
            Diagnostic::warning(
                code::EXEMPTION_UNUSED,
                format!("no `{code}` of {address}{field} is found"),
            )
            .at(exemption.acceptance.place, "accepts nothing")
            .help(
                "remove it if the problem is fixed; otherwise compare code, address and path with \
                 `apicenter validate --format json`",
            )
        })
}
