//! Starts the app in the browser, and says where the build takes it apart: along [`rest`]. What that leads to and nothing
//! else does comes in a file of its own, once the first matrix is painted. It is said here since it may be said only once
//! for a program, and the library is in two.

#[cfg(all(target_arch = "wasm32", feature = "split"))]
mod rest {
    #![allow(unsafe_code)] // of the macro: it links to the other file

    use bulkhead::app::{App, Asked, Made, Seam, make};

    #[derive(Debug)]
    struct NotLoaded;

    impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
        fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
            Self
        }
    }

    #[wasm_split_helpers::wasm_split(rest, fallible, preload(preload))]
    fn made(app: App, asked: Asked) -> Result<Made, NotLoaded> {
        Ok(make(app, asked))
    }

    pub fn seam() -> Seam {
        Seam {
            load: || Box::pin(async { preload().await.is_ok() }),
            make: |app, asked| Box::pin(async move { made(app, asked).await.ok() }),
        }
    }
}

/// In one piece, as it is while one works on it.
#[cfg(all(target_arch = "wasm32", not(feature = "split")))]
mod rest {
    use bulkhead::app::{Seam, make};

    pub fn seam() -> Seam {
        Seam { load: || Box::pin(async { true }), make: |app, asked| Box::pin(async move { Some(make(app, asked)) }) }
    }
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    bulkhead::app::start(rest::seam());
}
