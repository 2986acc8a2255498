//! One program for all readers: `$BULKHEAD_READER` names the one that is tried.

#![no_main]

#[path = "../readers.rs"]
mod readers;

use libfuzzer_sys::fuzz_target;
use peak_alloc::PeakAlloc;
use std::{env, sync::LazyLock};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

static READER: LazyLock<&readers::Reader> = LazyLock::new(|| {
    let name = env::var("BULKHEAD_READER").unwrap_or_default();
    let known = || readers::ALL.iter().map(|reader| reader.name).collect::<Vec<_>>().join(", ");
    readers::named(&name).unwrap_or_else(|| panic!("BULKHEAD_READER must be one of {}", known()))
});

fuzz_target!(|bytes: &[u8]| {
    if let Err(why) = READER.hold_to_bounds(bytes, &MEMORY) {
        panic!("{why}");
    }
});
