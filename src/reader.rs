//! Starts the worker that reads bundles; nothing else.

fn main() {
    #[cfg(target_arch = "wasm32")]
    bulkhead::app::reader::serve();
}
