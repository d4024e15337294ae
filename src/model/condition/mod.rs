//! Conditions on resources, as `--where` takes them: `lifecycleStage=production, metadata.tier!=gold`.
//!
//! The language is that of Kubernetes' label selectors (`=`, `==`, `!=`, `in`, `notin`, a field by itself, `!field`, and
//! commas for "and"), with `~` for texts that contain another one and `<`, `<=`, `>`, `>=`.

mod bad;
mod parse;
mod single;
mod test;

pub use bad::BadCondition;
pub use single::Condition;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[track_caller]
    fn is_met(text: &str, values: &[Value]) -> bool {
        let conditions = Condition::parse(text).unwrap();
        conditions
            .iter()
            .all(|condition| condition.is_met_by(values))
    }

    #[test]
    fn every_operator_compares_as_described() {
        let gold = [json!("Gold")];
        for (text, values, expected) in [
            ("a=gold", &gold[..], true),
            ("a == 'gold'", &gold, true),
            ("a=gol", &gold, false),
            ("a=gold", &[], false),
            ("a!=gold", &gold, false),
            ("a!=silver", &gold, true),
            ("a!=gold", &[], true),
            ("a~OL", &gold, true),
            ("a!~ol", &gold, false),
            ("a!~x", &[], true),
            ("a", &gold, true),
            ("a", &[], false),
            ("!a", &[], true),
            ("!a", &gold, false),
            ("a in (silver, \"gold\")", &gold, true),
            ("a notin (silver,gold)", &gold, false),
            ("a notin (silver)", &[], true),
            ("a=", &[json!("")], true),
            ("a=1.0", &[json!(1)], true),
            ("a=01", &[json!("1")], false),
            ("a=true", &[json!(true)], true),
            ("a>9", &[json!(10)], true),
            ("a>=10", &[json!(10)], true),
            ("a<10", &[json!(10)], false),
            ("a<10", &[json!("x")], false),
            ("a<=10", &[], false),
            ("a>2026-01", &[json!("2026-03-01T00:00:00Z")], true),
            ("a<2026-01", &[json!("2026-03-01T00:00:00Z")], false),
            // Of several values, one is enough, and none may be what is excluded.
            ("a=b", &[json!("a"), json!("b")], true),
            ("a!=b", &[json!("a"), json!("b")], false),
            ("a~x", &[json!({"x": 1})], false),
        ] {
            assert_eq!(is_met(text, values), expected, "{text} of {values:?}");
        }
    }

    #[test]
    fn commas_join_conditions_and_quotes_keep_them() {
        let fields = |text: &str| -> Vec<(String, usize)> {
            let conditions = Condition::parse(text).unwrap();
            let fields = conditions.into_iter();
            fields.map(|one| (one.field, one.at)).collect()
        };
        let at = |field: &str, at| (field.to_owned(), at);
        assert_eq!(
            fields("title~a b , metadata.tier in (a,b),!owner"),
            [at("title", 0), at("metadata.tier", 12), at("owner", 36)]
        );
        assert_eq!(fields(r#"title="a, b""#), [at("title", 0)]);
        assert_eq!(
            fields(r#"metadata["a.b=c"]=x"#),
            [at(r#"metadata["a.b=c"]"#, 0)]
        );
        assert!(is_met(r#"a="x\"y""#, &[json!("x\"y")]));
        assert!(is_met("a=it's", &[json!("it's")]));
        assert!(is_met("a=b=c", &[json!("b=c")]));
    }

    #[test]
    fn what_cannot_be_understood_is_shown_at_its_place() {
        for (text, at, message) in [
            ("", 0, "expected a field"),
            (" ", 1, "expected a field"),
            ("=x", 0, "expected a field before `=`"),
            ("a=x,", 4, "expected a field after `,`"),
            ("a=x,,b", 4, "expected a field before `,`"),
            ("a b", 2, "expected an operator"),
            ("a ! b", 2, "expected an operator"),
            ("!a=b", 2, "expected `,` or the end"),
            ("a in x", 5, "expected `(`"),
            ("a in (x", 7, "expected `,` or `)`"),
            ("a in ()", 6, "expected a value"),
            ("a in (x) y", 9, "expected `,` or the end"),
            ("a=\"x", 2, "this text has no closing `\"`"),
            ("a='x' y", 6, "expected `,` or the end"),
            ("a<", 2, "expected a value"),
            ("a~", 2, "expected a value"),
            ("ä ö", 2, "expected an operator"),
        ] {
            let error = Condition::parse(text).unwrap_err();
            assert_eq!(error.at, at, "{text}: {error}");
            assert!(error.message.starts_with(message), "{text}: {error}");
        }
    }
}
