//! What pipelines and pull requests get to see, with local stand-ins for the forges.

mod annotations;
mod azure_devops;
mod github;
mod gitlab;
mod reports;
mod stand_in;
mod story;
mod workspace;
