//! Functions of templates over dates.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// How a date is written unless the template says otherwise (documented).
const ISO: &str = "yyyy-MM-ddTHH:mm:ssZ";

/// The value of a function over dates; `None` for any other function, or for other arguments.
pub(super) fn call(name: &str, arguments: &[Value]) -> Result<Option<Value>, String> {
    Ok(Some(match (name, arguments) {
        ("datetimeadd", [Value::String(base), Value::String(duration), format @ ..]) => {
            let format = match format {
                [] => ISO,
                [Value::String(format)] => format,
                _ => return Ok(None),
            };
            let duration = self::duration(duration).ok_or("needs a duration such as `P1D`")?;
            let sum = date(base)?.checked_add(duration);
            Value::from(written(sum.map_err(|_| out_of_range())?, format)?)
        }
        ("datetimefromepoch", [Value::Number(seconds)]) => {
            let seconds = seconds.as_i64().ok_or_else(out_of_range)?;
            let date = Timestamp::from_second(seconds).map_err(|_| out_of_range())?;
            Value::from(written(date, ISO)?)
        }
        ("datetimetoepoch", [Value::String(of)]) => Value::from(date(of)?.as_second()),
        _ => return Ok(None),
    }))
}

fn out_of_range() -> String {
    "makes a date that is out of range".to_owned()
}

/// A date as templates write it: `2026-01-31T08:00:00Z`, with a space for the `T`, or without the time. It is in UTC
/// unless it says otherwise.
fn date(text: &str) -> Result<Timestamp, String> {
    let zoned = text.parse::<Timestamp>().ok();
    let local = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    zoned
        .or_else(|| local().map(|local| local.timestamp()))
        .ok_or_else(|| "needs a date such as `2026-01-31T08:00:00Z`".to_owned())
}

/// `P1Y2M3W4DT5H6M7S`, with a sign or without. A year has 365 days, and a month 30 (documented).
fn duration(text: &str) -> Option<SignedDuration> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (days, time) = match rest.strip_prefix('P')?.split_once('T') {
        Some((_, "")) => return None,
        Some((days, time)) => (days, time),
        None => (rest.strip_prefix('P')?, ""),
    };
    let of_days = seconds_of(
        days,
        &[
            ('Y', 365 * 86_400),
            ('M', 30 * 86_400),
            ('W', 7 * 86_400),
            ('D', 86_400),
        ],
    )?;
    let of_time = seconds_of(time, &[('H', 3600), ('M', 60), ('S', 1)])?;
    if days.is_empty() && time.is_empty() {
        return None;
    }
    let seconds = of_days.checked_add(of_time)?.checked_mul(sign)?;
    Some(SignedDuration::from_secs(seconds))
}

/// The seconds of numbers with units, which are in this order.
fn seconds_of(text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut sum: i64 = 0;
    let mut rest = text;
    for (unit, seconds) in units {
        if let Some((number, behind)) = rest.split_once(*unit) {
            if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            sum = sum.checked_add(number.parse::<i64>().ok()?.checked_mul(*seconds)?)?;
            rest = behind;
        }
    }
    rest.is_empty().then_some(sum)
}

/// A date in a format of .NET: the standard ones without a language, and numbers in a pattern.
fn written(date: Timestamp, format: &str) -> Result<String, String> {
    let pattern = match format {
        "s" => "yyyy-MM-ddTHH:mm:ss",
        "u" => "yyyy-MM-dd HH:mm:ssZ",
        "o" | "O" => "yyyy-MM-ddTHH:mm:ss.fffffffZ",
        one if one.chars().count() == 1 => return Err(unknown_format(one)),
        pattern => pattern,
    };
    let date = date.to_zoned(TimeZone::UTC);
    let mut whole = String::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let count = rest.chars().take_while(|c| *c == first).count();
        let run;
        (run, rest) = rest.split_at(count * first.len_utf8());
        let part = match run {
            "yyyy" => format!("{:04}", date.year()),
            "yy" => format!("{:02}", date.year() % 100),
            "MM" => format!("{:02}", date.month()),
            "M" => date.month().to_string(),
            "dd" => format!("{:02}", date.day()),
            "d" => date.day().to_string(),
            "HH" => format!("{:02}", date.hour()),
            "H" => date.hour().to_string(),
            "mm" => format!("{:02}", date.minute()),
            "m" => date.minute().to_string(),
            "ss" => format!("{:02}", date.second()),
            "s" => date.second().to_string(),
            "f" | "ff" | "fff" | "ffff" | "fffff" | "ffffff" | "fffffff" => {
                format!("{:09}", date.subsec_nanosecond())[..count].to_owned()
            }
            literal if matches!(first, '-' | '.' | ',' | ' ' | '_' | 'T' | 'Z' | ':' | '/') => {
                literal.to_owned()
            }
            _ => return Err(unknown_format(format)),
        };
        whole.push_str(&part);
    }
    Ok(whole)
}

fn unknown_format(format: &str) -> String {
    format!("cannot be evaluated with the format `{format}`")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn durations_are_added() {
        for (base, duration, format, value) in [
            ("2023-01-01 00:00:00Z", "P1Y", None, "2024-01-01T00:00:00Z"),
            ("2024-01-01 00:00:00Z", "P1Y", None, "2024-12-31T00:00:00Z"),
            ("2023-02-01 00:00:00Z", "P1M", None, "2023-03-03T00:00:00Z"),
            ("2024-02-01", "P1M", None, "2024-03-02T00:00:00Z"),
            ("2020-04-07T14:53:14Z", "-P9D", None, "2020-03-29T14:53:14Z"),
            (
                "2020-04-07T14:53:14+02:00",
                "P1W2DT1H30M5S",
                None,
                "2020-04-16T14:23:19Z",
            ),
            (
                "2020-04-07T04:05:06Z",
                "PT1M",
                Some("u"),
                "2020-04-07 04:06:06Z",
            ),
            (
                "2020-04-07T04:05:06.5Z",
                "PT0S",
                Some("yy/M/d H:m:s.fff"),
                "20/4/7 4:5:6.500",
            ),
        ] {
            let mut arguments = vec![json!(base), json!(duration)];
            arguments.extend(format.map(Value::from));
            assert_eq!(
                call("datetimeadd", &arguments),
                Ok(Some(json!(value))),
                "{base} {duration}"
            );
        }
    }

    #[test]
    fn other_durations_dates_and_formats_have_no_value() {
        let date = "2020-01-01T00:00:00Z";
        for (base, duration, format) in [
            ("yesterday", "P1D", "u"),
            (date, "", "u"),
            (date, "P", "u"),
            (date, "PT", "u"),
            (date, "1D", "u"),
            (date, "P1DT", "u"),
            (date, "P1D2Y", "u"),
            (date, "P1.5D", "u"),
            (date, "P+1D", "u"),
            (date, "P99999999999999999999Y", "u"),
            (date, "P9999999Y", "u"),
            (date, "P1D", "D"),
            (date, "P1D", "MMMM yyyy"),
            (date, "P1D", "tt"),
            (date, "P1D", "ffffffffff"),
        ] {
            let arguments = [base, duration, format].map(Value::from);
            call("datetimeadd", &arguments).expect_err(duration);
        }
    }

    #[test]
    fn seconds_since_1970_are_dates() {
        let date = json!("2023-05-02T15:16:13Z");
        let seconds = json!(1_683_040_573);
        let from = call("datetimefromepoch", std::slice::from_ref(&seconds));
        assert_eq!(from, Ok(Some(date.clone())));
        assert_eq!(call("datetimetoepoch", &[date]), Ok(Some(seconds)));
        call("datetimefromepoch", &[json!(i64::MAX)]).expect_err("out of range");
    }
}
