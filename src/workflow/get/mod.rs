//! What is live, as rows that come while the service is read.

mod declarations;
mod fields;
mod listing;
mod manifests;
mod missing;
mod reading;
mod request;
mod rows;
mod wanted;

pub use declarations::Declarations;
pub use listing::{get, get_from, services};
pub use manifests::{Manifests, manifests, manifests_from, with_manifests};
pub use request::{Details, GetRequest, Got, ListEvent};
pub use wanted::Wanted;
