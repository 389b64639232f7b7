//! Any text, laid out: either its faults are named, or the result is sound and stays as it is.

#![no_main]

use dsl::format::{Refused, format};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| match format(text) {
    Ok(formatted) => assert_eq!(format(&formatted).as_deref(), Ok(formatted.as_str())),
    Err(Refused::Faulty(errors)) => assert!(!errors.is_empty()),
    Err(Refused::Unsound(difference)) => panic!("{difference}"),
});
