//! What pipelines and pull requests get to see, with local stand-ins for the forges.

mod annotations;
mod azure_devops;
mod end_to_end;
mod fake_server;
mod github;
mod gitlab;
mod page_origin;
mod reports;
mod workspace;
