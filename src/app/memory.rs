//! Hands out memory, in the page and in the worker that reads bundles. Knowledge is a hundred thousand small pieces, which
//! this allocator hands out and takes back faster than the standard library's, and it weighs less.

use std::hint::black_box;
use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};

#[global_allocator]
static MEMORY: WasmDynamicTalc = new_wasm_dynamic_allocator();

/// Has so many bytes ready for what is about to be made. Growing memory by and by, for one small piece after the other, takes
/// longer than making them.
pub fn make_room(bytes: usize) {
    // The compiler would leave out what isn't used.
    drop(black_box(Vec::<u8>::with_capacity(bytes)));
}
