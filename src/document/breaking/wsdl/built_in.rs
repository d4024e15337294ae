//! The types that XML Schema defines, as JSON Schema.

use serde_json::{Value, json};

use crate::model::Decimal;

/// What floating types have that is not a number.
const NO_NUMBER: &str = "^(?:INF|-INF|NaN)$";

/// Types whose texts have a form, and the form.
pub(super) const FORMS: [(&str, &str); 12] = [
    (
        "dateTime",
        r"^-?(?:[1-9][0-9]{3,}|0[0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-4]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+\-][0-9]{2}:[0-9]{2})?$",
    ),
    (
        "date",
        r"^-?(?:[1-9][0-9]{3,}|0[0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:Z|[+\-][0-9]{2}:[0-9]{2})?$",
    ),
    (
        "time",
        r"^(?:[01][0-9]|2[0-4]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+\-][0-9]{2}:[0-9]{2})?$",
    ),
    (
        "duration",
        r"^-?P(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?$",
    ),
    (
        "gYear",
        r"^-?(?:[1-9][0-9]{3,}|0[0-9]{3})(?:Z|[+\-][0-9]{2}:[0-9]{2})?$",
    ),
    (
        "gYearMonth",
        r"^-?(?:[1-9][0-9]{3,}|0[0-9]{3})-(?:0[1-9]|1[0-2])(?:Z|[+\-][0-9]{2}:[0-9]{2})?$",
    ),
    (
        "gMonth",
        r"^--(?:0[1-9]|1[0-2])(?:Z|[+\-][0-9]{2}:[0-9]{2})?$",
    ),
    (
        "gMonthDay",
        r"^--(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:Z|[+\-][0-9]{2}:[0-9]{2})?$",
    ),
    (
        "gDay",
        r"^---(?:0[1-9]|[12][0-9]|3[01])(?:Z|[+\-][0-9]{2}:[0-9]{2})?$",
    ),
    ("base64Binary", r"^[A-Za-z0-9+/= ]*$"),
    ("hexBinary", r"^(?:[0-9a-fA-F]{2})*$"),
    ("float or double", NO_NUMBER),
];

/// A type that XML Schema defines.
pub(super) fn built_in(name: &str) -> Option<Value> {
    let integer = |least: Option<i64>, most: Option<u64>| {
        let mut schema = json!({"type": "integer"});
        if let Some(least) = least {
            schema["minimum"] = json!(least);
        }
        if let Some(most) = most {
            schema["maximum"] = json!(most);
        }
        schema
    };
    let signed = |bits: u32| {
        let most = (1_u64 << (bits - 1)) - 1;
        integer(i64::try_from(most).ok().map(|most| -most - 1), Some(most))
    };
    let unsigned = |bits: u32| integer(Some(0), Some(u64::MAX >> (64 - bits)));
    let text = |format: &str| json!({"type": "string", "format": format});
    Some(match name {
        "string" | "normalizedString" | "token" | "anySimpleType" | "anyAtomicType" => {
            json!({"type": "string"})
        }
        "boolean" => json!({"type": "boolean"}),
        "decimal" => json!({"type": "number"}),
        "double" => floating(json!({"type": "number"})),
        "float" => {
            let most: Value = serde_json::from_str(GREATEST_FLOAT).ok()?;
            let least: Value = serde_json::from_str(&format!("-{GREATEST_FLOAT}")).ok()?;
            floating(json!({"type": "number", "minimum": least, "maximum": most}))
        }
        "integer" => integer(None, None),
        "byte" => signed(8),
        "short" => signed(16),
        "int" => signed(32),
        "long" => signed(64),
        "unsignedByte" => unsigned(8),
        "unsignedShort" => unsigned(16),
        "unsignedInt" => unsigned(32),
        "unsignedLong" => unsigned(64),
        "nonNegativeInteger" => integer(Some(0), None),
        "positiveInteger" => integer(Some(1), None),
        "nonPositiveInteger" => integer(None, Some(0)),
        "negativeInteger" => json!({"type": "integer", "maximum": -1}),
        "dayTimeDuration" | "yearMonthDuration" => built_in("duration")?,
        "dateTimeStamp" => built_in("dateTime")?,
        "IDREFS" | "ENTITIES" | "NMTOKENS" => {
            json!({"type": "array", "items": {"type": "string"}, "minItems": 1})
        }
        "anyURI" | "QName" | "NOTATION" | "language" | "Name" | "NCName" | "NMTOKEN" | "ID"
        | "IDREF" | "ENTITY" => text(name),
        name => {
            let (_, form) = FORMS.iter().find(|(own, _)| *own == name)?;
            json!({"type": "string", "pattern": form})
        }
    })
}

/// The greatest number of 32 bits.
const GREATEST_FLOAT: &str = "3.4028234663852886e38";

/// Numbers of a floating type, some of whose values are not decimals.
fn floating(numbers: Value) -> Value {
    json!({"anyOf": [numbers, {"type": "string", "pattern": NO_NUMBER}]})
}

/// The least or the greatest number that a type has by itself.
pub(super) fn own_bound(name: &str, keyword: &str) -> Option<Decimal> {
    let schema = built_in(name)?;
    let numbers = schema.pointer("/anyOf/0").unwrap_or(&schema);
    Decimal::of(numbers.get(keyword)?.as_number()?)
}

/// A reference that leads nowhere: what it stands for is not compared, but whether it is the same.
pub(super) fn unread_reference(what: &str) -> Value {
    format!("xsd: {what}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_types_have_their_bounds() {
        assert_eq!(
            built_in("byte").unwrap(),
            json!({"type": "integer", "minimum": -128, "maximum": 127})
        );
        let long = built_in("long").unwrap();
        assert_eq!(
            long,
            json!({"type": "integer", "minimum": i64::MIN, "maximum": i64::MAX})
        );
        let most = json!({"type": "integer", "minimum": 0, "maximum": u64::MAX});
        assert_eq!(built_in("unsignedLong").unwrap(), most);
        assert_eq!(built_in("anyType"), None);
    }
}
