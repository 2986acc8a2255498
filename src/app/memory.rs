//! Hands out memory, in the page and in the worker that reads bundles. Knowledge is a hundred thousand small pieces, which
//! this allocator hands out and takes back faster than the standard library's, and it weighs less.

use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};

#[global_allocator]
static MEMORY: WasmDynamicTalc = new_wasm_dynamic_allocator();
